"""What a story is made of, and what is new in one that was told before."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.core.figures import Figure, find_figures
from monitor.core.names import find_concepts
from monitor.core.origins import find_origins, first_hand
from monitor.core.story import Story, Told

TEXT_LENGTH = 600  # characters of a summary: what comes later is background


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure and who gave it: an origin, or the outlet that has it on its own."""

    figure: Figure
    source: str
    before: float | None = None
    """What the same source said of the same before, where it said something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the articles of a story that were not told yet add to those that were."""

    origins: tuple[str, ...] = ()
    figures: tuple[tuple[float | None, Claim], ...] = ()
    """The figure told before for the same unit, or None for a first one, and the new claim."""
    denials: tuple[str, ...] = ()
    """Outlets or origins that report a denial, where none was told before."""

    def __bool__(self) -> bool:
        return bool(self.origins or self.figures or self.denials)


def origins_of(members: Iterable[Told]) -> tuple[str, ...]:
    """Who said it first, in order of appearance. Without any attribution it is the outlet that came first."""
    held = list(members)
    return _attributed(held) or tuple(told.article.outlet for told in held[:1])


def claims_of(members: Iterable[Told]) -> tuple[Claim, ...]:
    """The figures of some articles, each once, in order of appearance; a source that corrects itself is marked."""
    found: dict[Figure, Claim] = {}
    last: dict[tuple[str, str], float] = {}
    for told in members:
        text = _text(told)
        figures = find_figures(text)
        source = next(iter(find_origins(text)), told.article.outlet)
        for figure in figures:
            if figure not in found:
                found[figure] = Claim(figure=figure, source=source, before=last.get((source, figure.unit)))
        last |= {(source, figure.unit): figure.value for figure in figures}
    return tuple(found.values())


def changes_of(story: Story) -> Changes:
    """What is new in a story since it was told. Further outlets alone are nothing new."""
    before = [told for told in story.members if told.article.id in story.told]
    fresh = [told for told in story.members if told.article.id not in story.told]
    known = _attributed(before)
    last = {claim.figure.unit: claim.figure.value for claim in claims_of(before)}
    values = {(claim.figure.unit, claim.figure.value) for claim in claims_of(before)}
    named = first_hand([*known, *_attributed(fresh)])
    claims = [claim for claim in claims_of(fresh) if (claim.figure.unit, claim.figure.value) not in values]
    denying = [] if any(map(_denies, before)) else [told for told in fresh if _denies(told)]
    return Changes(
        origins=tuple(origin for origin in named if origin not in known),
        figures=tuple((last.get(claim.figure.unit), claim) for claim in claims),
        denials=tuple(dict.fromkeys(next(iter(find_origins(_text(t))), t.article.outlet) for t in denying)),
    )


def _attributed(members: Iterable[Told]) -> tuple[str, ...]:
    return first_hand(origin for told in members for origin in find_origins(_text(told)))


def _denies(told: Told) -> bool:
    return any(concept.name == "deny" for concept in find_concepts(told.article.title))


def _text(told: Told) -> str:
    return f"{told.article.title}. {told.article.summary[:TEXT_LENGTH]}"
