"""What the training corpus is made of, and how little it repeats itself: python -m tools.corpus_report [FOLDER]."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from monitor.classifier import Example, read_corpus
from monitor.core.theme import THEME_IDS

CORPUS = Path(__file__).parents[1] / "models" / "corpus"
BORDERLESS = ("zh", "ja")
WORD = re.compile(r"\w+")
GRAM = 5  # words
LETTERS = 2  # of a word where words have no borders: so that five of them are about as long as elsewhere
TEASER = re.compile(r"(…|\.\.\.|\[…\]|subscri\w+.{0,20}\.|abon\w+.{0,20}\.)$", re.IGNORECASE)


def words(text: str, language: str) -> list[str]:
    """Words in small letters; pairs of letters, side by side, where a language writes no borders."""
    found = WORD.findall(text.lower())
    if language not in BORDERLESS:
        return found
    run = "".join(found)
    return [run[at : at + LETTERS] for at in range(0, len(run), LETTERS)]


def grams(example: Example) -> set[tuple[str, ...]]:
    """The 5-grams of one text; title and summary do not run into each other."""
    found: set[tuple[str, ...]] = set()
    for part in (example.title, example.summary):
        row = words(part, example.language)
        starts = range(len(row) - GRAM + 1)
        if example.language in BORDERLESS:  # pairs begin at either letter
            run = "".join(row)
            size = GRAM * LETTERS
            found |= {(run[at : at + size],) for at in range(len(run) - size + 1)}
        else:
            found |= {tuple(row[at : at + GRAM]) for at in starts}
    return found


def repeated(examples: Iterable[Example]) -> float:
    """The share of 5-grams (one count a text) that stand in more than one text."""
    counts = Counter(gram for example in examples for gram in grams(example))
    return sum(count for count in counts.values() if count > 1) / max(1, counts.total())


def is_teaser(example: Example) -> bool:
    """Whether the summary breaks off where a paywall would begin."""
    return TEASER.search(example.summary.strip()) is not None


def shares(examples: Sequence[Example]) -> dict[str, float]:
    """What part of the texts is relevant, has no summary, only a teaser, and is dated before June 2024."""
    marks = {
        "relevant": [e.relevant for e in examples],
        "hard, of the negatives": [e.kind == "hard_negative" for e in examples if not e.relevant],
        "without a summary": [not e.summary for e in examples],
        "with a teaser that breaks off": [is_teaser(e) for e in examples],
        "before June 2024": [e.date < "2024-06" for e in examples],
    }
    return {name: sum(held) / max(1, len(held)) for name, held in marks.items()}


def main() -> None:
    """Print the tables."""
    examples = read_corpus(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
    print(f"{len(examples)} texts, {repeated(examples):.2%} of 5-grams repeated\n")
    print("| language | texts | relevant | vocabulary | words | repeated 5-grams |\n|---|---|---|---|---|---|")
    for language, count in Counter(e.language for e in examples).most_common():
        mine = [e for e in examples if e.language == language]
        spoken = Counter(word for e in mine for word in words(f"{e.title} {e.summary}", language))
        print(
            f"| {language} | {count} | {sum(e.relevant for e in mine)} | {len(spoken)} | {spoken.total()} "
            f"| {repeated(mine):.2%} |"
        )
    print("\n| theme | texts |\n|---|---|")
    themes = Counter(theme for e in examples for theme in e.themes)
    for name in THEME_IDS:
        print(f"| {name} | {themes[name]} |")
    print("\n| share | of the texts |\n|---|---|")
    for name, share in shares(examples).items():
        print(f"| {name} | {share:.1%} |")


if __name__ == "__main__":
    main()
