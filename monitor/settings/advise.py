"""What is right in form but surely not meant: terms that cannot match, drown all others, or say what another says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.core.feed import Feed
from monitor.core.fold import fold
from monitor.core.phrase import compile_phrase, scripts_of
from monitor.core.spellings import forms_of
from monitor.core.watch import Watch, WatchTerm
from monitor.settings.check import items
from monitor.settings.document import Document, Path, read_document
from monitor.settings.terms import phrases_in

DROWNS = 5.0  # log-odds: multiplies the odds by 150, so that neither the classifier nor other terms count
FEWEST_TOGETHER = 5  # articles; with fewer, two terms match together by chance
SHORTEST_ARCHIVE = 30  # days; in a younger one a term that matched nothing says nothing
_ANY = "xyzq"  # what a wild card may stand for
_CYRILLIC = frozenset("ru uk be bg sr mk kk ky mn tg".split())
_LATIN = frozenset(
    "af az bs ca cs da de en eo es et eu fi fr ga gl hr hu id is it lb lt lv ms mt nb nl nn no pl pt ro sk sl sq sv sw "
    "tl tr uz vi".split()
)
_SCRIPTS = {"ko": {"hangul", "han", "latin"}, "ja": {"han", "latin"}, "zh": {"han", "latin"}}


def advise_on_watch(name: str, text: str, watch: Watch, feeds: Iterable[Feed]) -> list[str]:
    """Warnings as ``file:line: key: warning: ...``, from the config alone. ``text`` is what ``watch`` was read from."""
    document = read_document(name, text)
    declared = [feed for feed in feeds if feed.enabled]
    return [
        document.problem(path, f"warning: {message}")
        for at, term in _placed(document, watch)
        for path, message in _term_advice(term, ("terms", at), document, declared)
    ] + list(_same_meaning(document, watch))


def advise_on_archive(
    name: str, text: str, watch: Watch, matched: Mapping[str, Sequence[int]], *, days: int
) -> list[str]:
    """Warnings from what each term matched in an archive of so many ``days``: numbers of articles by name of term."""
    document = read_document(name, text)
    found: list[str] = []
    twins: dict[tuple[int, ...], str] = {}
    for at, term in _placed(document, watch):
        numbers = tuple(matched.get(term.name, ()))
        path: Path = ("terms", at, "name")
        if not numbers and days >= SHORTEST_ARCHIVE:
            found.append(
                document.problem(
                    path,
                    f"warning: {term.name!r} matched nothing in {days} days; "
                    "`monitor watch explain TEXT` shows why on a text that it should match",
                )
            )
        if len(numbers) >= FEWEST_TOGETHER and numbers in twins:
            found.append(
                document.problem(
                    path,
                    f"warning: {term.name!r} and {twins[numbers]!r} always match together ({len(numbers)} articles in "
                    f"{days} days), so that their weights add up; keep one of them",
                )
            )
        twins.setdefault(numbers, term.name)
    return found


def _placed(document: Document, watch: Watch) -> Iterator[tuple[int, WatchTerm]]:
    """Each term with its place in the file."""
    terms = {term.name: term for term in watch.terms}
    for at, item in enumerate(items(document, "terms")):
        if item.get("name") in terms:
            yield at, terms[str(item["name"])]


def _term_advice(term: WatchTerm, place: Path, document: Document, feeds: Sequence[Feed]) -> Iterator[tuple[Path, str]]:
    if abs(term.weight) >= DROWNS:
        rule = "always: true" if term.weight > 0 else "never: true"
        yield (*place, "weight"), f"{term.weight:g} drowns everything else; if that is meant, say `{rule}`"
    for key, asked in _asked(term):
        if asked and all(_excluded(phrase, term.none_of) for phrase in asked):
            yield (*place, "none_of"), f"excludes all that {key} asks for, so that {term.name!r} can never match"
        wrong = [language for language in term.languages if not _writable(asked, language)]
        if term.languages and len(wrong) == len(term.languages):
            yield (
                (*place, "languages"),
                f"nothing that {key} asks for is in the script of {', '.join(wrong)}, so that it can never match",
            )
    tiers = {feed.tier.value for feed in feeds if feed.outlet in term.outlets}
    if term.tiers and tiers and not tiers & set(term.tiers):
        yield (
            (*place, "tiers"),
            f"{', '.join(term.outlets)} is {', '.join(sorted(tiers))}, so that {term.name!r} can never match",
        )
    for path, phrase in _phrases_with_paths(document, place):
        words = {"AND", "OR", "NOT"} & set(phrase.split()) if not phrase.startswith("/") else set()
        if words:
            advice = "several phrases go into any_of, all_of, near or none_of"
            yield path, f"{sorted(words)[0]} is looked for as a word of the text; {advice}"


def _asked(term: WatchTerm) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sets of phrases of which one each must be there, with the key that they stand under."""
    if term.any_of:
        yield "any_of", term.any_of
    for phrase in term.all_of:
        yield "all_of", (phrase,)
    for near in term.near:
        for group in near.groups:
            yield "near", group


def _excluded(phrase: str, none_of: Sequence[str]) -> bool:
    """Whether every mention of ``phrase`` is surely a mention of one of ``none_of`` too."""
    if phrase.startswith("/"):
        return phrase in none_of
    texts = [form.replace("*", letters) for form in forms_of(phrase) for letters in ("", _ANY)]
    return all(any(compile_phrase(other).spans(fold(text)) for other in none_of) for text in texts)


def _writable(asked: Sequence[str], language: str) -> bool:
    """Whether some phrase can stand in a text of this language; what we know nothing about can."""
    allowed = _SCRIPTS.get(language)
    if allowed is None:
        if language not in _LATIN | _CYRILLIC:
            return True
        allowed = {"latin", "cyrillic"} if language in _CYRILLIC else {"latin"}
    return any(
        phrase.startswith("/") or any(scripts_of(form) <= allowed for form in forms_of(phrase)) for phrase in asked
    )


def _same_meaning(document: Document, watch: Watch) -> Iterator[str]:
    """Terms that look for the very same thing."""
    seen: dict[WatchTerm, str] = {}
    for at, term in _placed(document, watch):
        pattern = replace(term, name="", weight=0.0, themes=(), always=False, never=False, alert=False)
        if pattern in seen:
            yield document.problem(
                ("terms", at, "name"),
                f"warning: {term.name!r} and {seen[pattern]!r} look for the same, so that they always match together",
            )
        seen.setdefault(pattern, term.name)


def _phrases_with_paths(document: Document, place: Path) -> Iterator[tuple[Path, str]]:
    yield from phrases_in(items(document, "terms")[int(str(place[1]))], place)
