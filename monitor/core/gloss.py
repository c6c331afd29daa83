"""The gist of a title in a script that the reader may not read: names, events and figures, in English."""

from monitor.core.figures import find_figures
from monitor.core.names import Concept, find_concepts

GLOSSED = ("ko", "ja", "zh", "ru", "uk")
LONGEST = 7  # concepts
_COMMON = {"North Korea", "Russia"}


def gloss(title: str, language: str) -> str:
    """``title`` in concepts: who, what, where, how many; empty when it is readable, or too little is understood."""
    if language not in GLOSSED:
        return ""
    found = list(dict.fromkeys(find_concepts(title)))
    who = [c for c in found if c.kind in {"person", "body"}]
    what = [c for c in found if c.kind in {"event", "arms"}]
    where = [c for c in found if c.kind == "place"]
    telling = [c for c in where if c.name not in _COMMON]
    if len(who) + len(what) + len(telling) < 2:
        return ""
    parties = who if len(who) > 1 else [*who, *(c for c in where if c.name in _COMMON)]
    places = [c for c in telling if c not in parties]
    parts = [_names(parties, ", "), _names(what, ", "), _names(places, ", "), _figures(title)]
    return " · ".join(part for part in parts if part)


def _names(concepts: list[Concept], sign: str) -> str:
    return sign.join(concept.name for concept in concepts[:LONGEST])


def _figures(title: str) -> str:
    return ", ".join(str(figure) for figure in find_figures(title))
