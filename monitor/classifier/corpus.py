"""Labelled texts: the training corpus, evaluation sets, and what people said in Slack."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.core.article import Article
from monitor.core.decision import Label
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError

LABEL = "label"  # the kind of an example that a person gave
LABEL_WEIGHT = 2.0  # a person who corrects us is worth more than one corpus item, but no more than a few


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text. ``date`` is ISO, or empty; ``kind`` is positive, hard_negative, easy_negative or label."""

    id: str
    title: str
    summary: str
    language: str
    relevant: bool
    themes: tuple[str, ...] = ()
    date: str = ""
    weight: float = 1.0
    kind: str = ""
    note: str = ""
    themes_known: bool = True
    """False when a person judged relevance only: such a text teaches the themes nothing."""
    who: str = ""
    """Who gave the label; empty for the corpus."""


def read_corpus(folder: Path) -> list[Example]:
    """Every example of ``folder/*.jsonl``, in the order of file names. Raises ClassifierError for a bad line."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise ClassifierError(f"{folder}: no corpus here (no *.jsonl file)")
    examples = [example for file in files for example in read_examples(file)]
    seen: dict[str, str] = {}
    for example in examples:
        if example.id in seen:
            raise ClassifierError(f"{folder}: the id {example.id!r} is used twice; ids must be unique")
        seen[example.id] = example.title
    return examples


def read_examples(file: Path) -> list[Example]:
    """The examples of one JSON-lines file: id, title, relevant; summary, lang, themes, date, kind, note if known."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ClassifierError(f"{file}: cannot be read: {error}") from error
    return [_example(line, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _example(line: str, where: str) -> Example:
    try:
        item: dict[str, Any] = json.loads(line)
        themes = tuple(item.get("themes") or ())
        unknown = sorted(set(themes) - set(THEME_IDS))
        if unknown:
            raise ClassifierError(f"{where}: unknown theme {unknown[0]!r}; themes are {', '.join(THEME_IDS)}")
        return Example(
            id=str(item["id"]),
            title=str(item["title"]),
            summary=str(item.get("summary") or ""),
            language=str(item.get("lang") or "und"),
            relevant=bool(int(item["relevant"])),
            themes=themes,
            date=str(item.get("date") or item.get("published") or ""),
            kind=str(item.get("kind") or ""),
            note=str(item.get("note") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ClassifierError(f"{where}: not a labelled text: {type(error).__name__}: {error}") from error


def from_labels(labels: Iterable[Label]) -> list[Example]:
    """Examples from what people said; the last word of each person counts, and each person's word counts once.

    The first line of a label's text is the title, the rest the summary. A theme label implies relevance.
    """
    last: dict[tuple[str, str, str], Label] = {}
    for label in labels:
        if label.kind in {"relevance", "theme"} and label.text.strip():
            last[label.article_id, label.who, label.kind] = label
    people = dict.fromkeys((article, who) for article, who, _ in last)
    examples = []
    for article, who in people:
        relevance, theme = last.get((article, who, "relevance")), last.get((article, who, "theme"))
        given = theme or relevance
        if given is None or (theme is None and relevance is not None and relevance.value not in {"0", "1"}):
            continue
        themes = _themes(theme.value) if theme else ()
        relevant = relevance.value == "1" if relevance else bool(themes)
        title, _, summary = given.text.strip().partition("\n")
        examples.append(
            Example(
                id=f"label-{article}-{who}",
                title=title.strip(),
                summary=summary.strip(),
                language=given.language,
                relevant=relevant,
                themes=themes if relevant else (),
                date=given.at.date().isoformat(),
                weight=LABEL_WEIGHT,
                kind=LABEL,
                themes_known=bool(themes) or not relevant,
                who=who,
            )
        )
    return examples


def _themes(value: str) -> tuple[str, ...]:
    return tuple(theme for theme in value.replace(",", " ").split() if theme in THEME_IDS)


def digest_of(examples: Sequence[Example]) -> str:
    """A hash of all that training reads of the examples, whatever their order."""
    rows = sorted(
        json.dumps([e.id, e.title, e.summary, e.relevant, sorted(e.themes), e.weight], ensure_ascii=False)
        for e in examples
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def as_article(example: Example) -> Article:
    """The example as the pipeline would see it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    return Article(
        id=example.id,
        feed_id="corpus",
        outlet="corpus",
        url="",
        title=example.title,
        summary=example.summary,
        language=example.language,
        published_at=moment,
        seen_at=moment,
        dated=False,
    )
