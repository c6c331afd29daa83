"""Watch terms between YAML and the core: read, printed back, and hashed by their meaning."""

import difflib
import hashlib
import json
from collections.abc import Iterable
from typing import Any, Protocol

import yaml

from monitor.core.feed import Tier
from monitor.core.phrase import phrase_problem
from monitor.core.trial import TermChange
from monitor.core.watch import Field, Near, Watch, WatchTerm
from monitor.errors import SettingsError
from monitor.settings.check import check_shape, find_twins
from monitor.settings.document import Document, Path, read_document, understand_scalars
from monitor.settings.shapes import NearShape, TermShape, WatchShape


class Stored(Protocol):
    """A text of the watch as the store keeps it."""

    @property
    def version(self) -> str: ...
    @property
    def content(self) -> str: ...


def readable_watches(versions: Iterable[Stored]) -> dict[str, Watch]:
    """By version the stored texts that this version of the product can read."""
    found = {}
    for stored in versions:
        watch, problems = check_watch(read_document("watch.yaml", stored.content))
        if watch is not None and not problems:
            found[stored.version] = watch
    return found


def read_watch(name: str, text: str) -> Watch:
    """The watch of one file on its own, as ``watch try`` needs it. Raises SettingsError with every problem."""
    watch, problems = check_watch(read_document(name, text))
    if watch is None or problems:
        raise SettingsError(problems)
    return watch


def check_watch(document: Document) -> tuple[Watch | None, list[str]]:
    """The watch of a document, and every problem in it, those of the patterns too."""
    shape, problems = check_shape(WatchShape, document)
    problems += find_twins(document, "terms", "name")
    problems += _pattern_problems(document)
    if shape is None or problems:
        return None, problems
    terms = tuple(to_term(term) for term in shape.terms)
    return Watch(terms=terms, version=watch_version(terms)), []


def to_term(shape: TermShape) -> WatchTerm:
    """The term as the core knows it."""
    return WatchTerm(
        name=shape.name,
        any_of=shape.any_of,
        all_of=shape.all_of,
        none_of=shape.none_of,
        near=tuple(_to_near(near) for near in shape.near),
        field=Field(shape.where),
        languages=shape.languages,
        outlets=shape.outlets,
        tiers=tuple(tier.value for tier in shape.tiers),
        weight=shape.weight,
        themes=shape.themes,
        always=shape.always,
        never=shape.never,
        alert=shape.alert,
    )


def watch_version(terms: Iterable[WatchTerm]) -> str:
    """A hash of what the terms mean: order, comments and layout of the file do not change it."""
    meaning = sorted(json.dumps(_data(term), sort_keys=True, ensure_ascii=False) for term in terms)
    return hashlib.sha256("\n".join(meaning).encode()).hexdigest()[:12]


def print_term(term: WatchTerm) -> str:
    """The term as YAML, to paste under ``terms:``; reading it gives the term back."""
    text = yaml.dump([_data(term)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return "".join(f"  {line}\n" for line in text.rstrip("\n").split("\n"))


def compare_watches(old: Watch, new: Watch) -> tuple[TermChange, ...]:
    """What differs in meaning, by name of term."""
    before, after = ({term.name: term for term in watch.terms} for watch in (old, new))
    changes = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one != other:
            kind = "added" if one is None else "removed" if other is None else "changed"
            changes.append(TermChange(name=name, kind=kind, lines=_differences(one, other)))
    return tuple(changes)


def _differences(old: WatchTerm | None, new: WatchTerm | None) -> tuple[str, ...]:
    """The lines of YAML that differ, one phrase a line, each below the key that it belongs to."""
    lines, key = [], ""
    for line in difflib.ndiff(_spread(old), _spread(new)):
        if line[0] in "+-":
            lines += [key, line] if key else [line]
            key = ""
        elif line[0] == " ":
            key = line if line.endswith(":") else "" if not line.lstrip().startswith("-") else key
    return tuple(lines)


def _spread(term: WatchTerm | None) -> list[str]:
    if term is None:
        return []
    plain = json.loads(json.dumps(_data(term)))
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110).splitlines()


class _Dumper(yaml.SafeDumper):
    """Short lists of text stand on one line; words that YAML could take for something else are quoted."""


understand_scalars(_Dumper)
_Dumper.add_representer(
    tuple, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def _to_near(shape: NearShape) -> Near:
    return Near(groups=shape.groups, words=0 if shape.within == "sentence" else shape.within)


def _data(term: WatchTerm) -> dict[str, Any]:
    near = [{"groups": near.groups, "within": near.words or "sentence"} for near in term.near]
    whole = {
        "name": term.name,
        "any_of": term.any_of,
        "all_of": term.all_of,
        "near": near,
        "none_of": term.none_of,
        "in": "" if term.field is Field.BOTH else term.field.value,
        "languages": term.languages,
        "outlets": term.outlets,
        "tiers": tuple(Tier(tier).value for tier in term.tiers),
        "weight": term.weight,
        "themes": term.themes,
        "always": term.always,
        "never": term.never,
        "alert": term.alert,
    }
    return {key: value for key, value in whole.items() if value or key == "name"}


def _pattern_problems(document: Document) -> list[str]:
    """What is wrong with phrases, wherever they stand; shape problems are told elsewhere."""
    found = []
    for path, value in phrases_in(document.data, ()):
        problem = phrase_problem(value)
        if problem:
            found.append(document.problem(path, problem))
    return found


def phrases_in(data: Any, path: Path, *, inside: bool = False) -> Iterable[tuple[Path, str]]:
    """Every phrase below ``path`` of a document, with its own path."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from phrases_in(
                value, (*path, key), inside=inside or key in {"any_of", "all_of", "none_of", "groups"}
            )
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from phrases_in(value, (*path, at), inside=inside)
    elif inside and isinstance(data, str):
        yield path, data
