"""The nine themes of the watch."""

from dataclasses import dataclass

THEME_IDS = (
    "summit_diplomacy",
    "treaty_alliance",
    "military_support_to_russia",
    "technology_transfer",
    "economic_lifeline",
    "sanctions",
    "diplomatic_backing",
    "third_country_response",
    "durability",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme: ``id`` (of THEME_IDS), the ``title`` that readers see, what it ``covers``, its weight in ranking."""

    id: str
    title: str
    covers: str
    weight: float = 1.0
