"""Makers of core values for tests: name what matters, the rest has sound defaults."""

from datetime import UTC, datetime
from typing import Any

from monitor.core.article import Article, Sighting
from monitor.core.decision import Decision, Prediction, Reason, Versions

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
VERSIONS = Versions(model="m1", watch="w1", settings="s1")


def article(name: str = "a1", **changes: Any) -> Article:
    """An English wire article, published and seen at MOMENT."""
    values: dict[str, Any] = {
        "id": name,
        "feed_id": "wire",
        "outlet": "The Wire",
        "url": f"https://wire.example/{name}",
        "title": f"Title of {name}",
        "summary": "",
        "language": "en",
        "published_at": MOMENT,
        "seen_at": MOMENT,
    }
    return Article(**values | changes)


def sighting(shown: Article, key: str = "") -> Sighting:
    """The article as its feed showed it."""
    return Sighting(entry_key=key or shown.id, article=shown)


def prediction(article_id: str = "a1", probability: float = 0.9, **changes: Any) -> Prediction:
    """A prediction of model m1."""
    values: dict[str, Any] = {
        "article_id": article_id,
        "model": "m1",
        "probability": probability,
        "themes": {"sanctions": 0.8, "durability": 0.1},
        "reasons": (Reason(kind="names", text="Pyongyang and Moscow", weight=2.0),),
    }
    return Prediction(**values | changes)


def decision(article_id: str = "a1", **changes: Any) -> Decision:
    """A decision to flag for the digest."""
    values: dict[str, Any] = {
        "article_id": article_id,
        "versions": VERSIONS,
        "score": 0.9,
        "digest": True,
        "alert": False,
        "themes": ("sanctions",),
        "reasons": (Reason(kind="phrase", text="evade sanctions", weight=1.0),),
        "terms": (),
        "decided_at": MOMENT,
    }
    return Decision(**values | changes)
