"""What would have to change for one article to be decided the other way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from monitor.core.article import Article
from monitor.core.decide import is_flagged, logit, sigmoid
from monitor.core.decision import Thresholds
from monitor.core.match import find_matches
from monitor.core.watch import Field, Near, Watch, WatchTerm

FARTHEST = 200  # words that a near may reach
EDIT = 1.0  # what one edit of another kind counts for, in log-odds, when changes are put in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One change that is enough. ``size`` orders them: log-odds for weights, ``EDIT`` or more for other edits."""

    term: str
    """Empty: a term that is yet to be written."""
    key: str
    change: str
    size: float


def smallest_changes(
    article: Article, probability: float, score: float, watch: Watch, thresholds: Thresholds
) -> list[Flip]:
    """Changes of single terms that flip the decision for a digest, the smallest first."""
    matched = {match.term for match in find_matches(watch, article)}
    held = [term for term in watch.terms if term.name in matched]
    flagged = is_flagged(score, held, thresholds.digest)
    flips = [*_rules(held, score, thresholds.digest, flagged=flagged)]
    if not any(term.never or term.always for term in held):
        flips += _weights(held, score, thresholds.digest, flagged=flagged)
    for term, key, change, size in _near_misses(article, watch, matched):
        after = [*held, term]
        moved = sigmoid(logit(probability) + sum(one.weight for one in after))
        if is_flagged(moved, after, thresholds.digest) is not flagged:
            flips.append(Flip(term=term.name, key=key, change=change, size=size))
    return sorted(flips, key=lambda flip: (flip.size, flip.term, flip.key))


def _rules(held: list[WatchTerm], score: float, threshold: float, *, flagged: bool) -> Iterator[Flip]:
    """Taking back the one ``never`` or ``always`` that decides."""
    for rule in ("never", "always"):
        ruling = [term for term in held if getattr(term, rule)]
        if len(ruling) == 1:
            others = [term for term in held if term is not ruling[0]]
            if is_flagged(score, others, threshold) is not flagged:
                yield Flip(term=ruling[0].name, key=rule, change=f"take {rule} away", size=EDIT)


def _weights(held: list[WatchTerm], score: float, threshold: float, *, flagged: bool) -> Iterator[Flip]:
    """Moving the heaviest matched term just over the line; or what a new term must weigh."""
    gap = logit(threshold) - logit(score)
    step = ceil(abs(gap) * 100 + 1e-6) / 100
    step = -step if flagged else step
    if held:
        term = max(held, key=lambda one: (abs(one.weight), one.name))
        yield Flip(
            term=term.name,
            key="weight",
            change=f"{term.weight:+.2f} to {term.weight + step:+.2f}",
            size=abs(step),
        )
    yield Flip(term="", key="weight", change=f"a new term that matches it, of {step:+.2f}", size=abs(step) + EDIT / 2)


def _near_misses(article: Article, watch: Watch, matched: set[str]) -> Iterator[tuple[WatchTerm, str, str, float]]:
    """Terms that one edit would make match: (the edited term, the key, the edit in words, its size)."""
    others = [term for term in watch.terms if term.name not in matched]
    close = _matching([_loosest(term) for term in others], article)
    for term in (term for term in others if term.name in close):
        edits = list(_edits(term, article))
        found = _matching([replace(edited, name=str(at)) for at, (edited, *_) in enumerate(edits)], article)
        yield from (edit for at, edit in enumerate(edits) if str(at) in found)


def _matching(terms: list[WatchTerm], article: Article) -> set[str]:
    return {match.term for match in find_matches(Watch(terms=tuple(terms), version=""), article)}


def _loosest(term: WatchTerm) -> WatchTerm:
    near = tuple(Near(groups=near.groups, words=FARTHEST) for near in term.near)
    return replace(term, none_of=(), field=Field.BOTH, languages=(), outlets=(), tiers=(), near=near)


def _edits(term: WatchTerm, article: Article) -> Iterator[tuple[WatchTerm, str, str, float]]:
    if term.none_of:
        hit = [p for p in term.none_of if _matching([WatchTerm(name="x", any_of=(p,), field=term.field)], article)]
        rest = tuple(phrase for phrase in term.none_of if phrase not in hit)
        yield replace(term, none_of=rest), "none_of", f"without {', '.join(hit)}", EDIT
    if term.field is not Field.BOTH:
        yield replace(term, field=Field.BOTH), "in", f"both in place of {term.field.value}", EDIT
    if term.languages and article.language not in term.languages:
        wider = replace(term, languages=(*term.languages, article.language))
        yield wider, "languages", f"with {article.language}", EDIT
    if term.outlets and article.outlet not in term.outlets:
        yield replace(term, outlets=(*term.outlets, article.outlet)), "outlets", f"with {article.outlet}", EDIT
    if term.tiers and article.tier not in term.tiers:
        yield replace(term, tiers=(*term.tiers, article.tier)), "tiers", f"with {article.tier}", EDIT
    for at, near in enumerate(term.near):
        wide = _widened(term, at, article)
        if wide is not None:
            was = f"{near.words} words" if near.words else "one sentence"
            size = EDIT + max(wide.near[at].words - near.words, 0) / FARTHEST
            yield wide, "within", f"{wide.near[at].words} words in place of {was}", size


def _widened(term: WatchTerm, at: int, article: Article) -> WatchTerm | None:
    """The term with the shortest reach of its ``near`` number ``at`` that makes it match, if any does."""

    def reaching(words: int) -> WatchTerm:
        near = (*term.near[:at], Near(groups=term.near[at].groups, words=words), *term.near[at + 1 :])
        return replace(term, near=near)

    low, high = 0, FARTHEST
    if not _matching([reaching(high)], article):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _matching([reaching(middle)], article) else (middle, high)
    return reaching(high)
