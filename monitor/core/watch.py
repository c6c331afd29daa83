"""The watch: what readers want to hear about, in their own words."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a watch term looks."""

    TITLE = "title"
    TEXT = "text"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Groups of phrases that must stand close: within ``words`` words, or in one sentence when ``words`` is 0."""

    groups: tuple[tuple[str, ...], ...]
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTerm:
    """A named pattern. A phrase is plain text with ``*`` wild cards, or ``/regex/``.

    It matches when any of ``any_of``, all of ``all_of`` and every ``near`` are found, and none of ``none_of``.
    ``weight`` is added to the classifier's log-odds. ``never`` beats ``always`` beats the threshold.
    """

    name: str
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    field: Field = Field.BOTH
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    weight: float = 0.0
    themes: tuple[str, ...] = ()
    always: bool = False
    never: bool = False
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """All watch terms of one version of ``config/watch.yaml``. ``version`` is a hash of its meaning."""

    terms: tuple[WatchTerm, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One mention of one watch term in one article: ``found`` is the text as it stands there."""

    term: str
    found: str
    field: Field
    start: int
    end: int
