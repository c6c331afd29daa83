"""How one story is told: the same words in Slack, on a page and in a terminal."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from monitor.core.decision import Reason
from monitor.core.digest import Digest
from monitor.core.story import Story, Told
from monitor.core.wording import count_stories, language_name, say

TITLE_LENGTH = 250
URL_LENGTH = 2000  # Slack takes 3,000, but every character counts against the message
ALSO = 4
REASONS = 3

_LEAD_TIERS = {"wire": 0, "official": 1, "specialist": 2, "general": 3, "state_media": 4}
_SPACE = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"  # some scripts and emoji need these
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something to show and where it leads; ``url`` is http(s), percent-encoded, or empty."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One story in plain, clean words: nothing in here can be read as markup once it is escaped."""

    story_id: str
    lead: Link
    outlet: str
    language: str
    """Name of the lead's language where it is not the reader's, else empty."""
    at: datetime
    """When the lead was published, UTC."""
    also: tuple[Link, ...]
    """Other outlets, each once."""
    more: int
    """Outlets beyond those."""
    why: str
    percent: int


def tell(story: Story, *, language: str) -> Telling:
    """How ``story`` is told to readers of ``language``."""
    lead = lead_of(story, language)
    others = {told.article.outlet: told.article for told in reversed(story.members)}
    others.pop(lead.article.outlet, None)
    also = [others[outlet] for outlet in story.outlets if outlet in others]
    return Telling(
        story_id=story.id,
        lead=Link(text=clean(lead.article.title, TITLE_LENGTH) or "—", url=safe_url(lead.article.url)),
        outlet=clean(lead.article.outlet, 60),
        language="" if lead.article.language == language else language_name(language, clean(lead.article.language, 20)),
        at=lead.article.published_at,
        also=tuple(Link(text=clean(article.outlet, 60), url=safe_url(article.url)) for article in also[:ALSO]),
        more=max(0, len(also) - ALSO),
        why=why(max(story.members, key=lambda told: told.decision.score).decision.reasons, language=language),
        percent=round(100 * story.score),
    )


def lead_of(story: Story, language: str) -> Told:
    """The article that stands for the story: in the reader's language, of the best tier, the earliest."""
    return min(
        story.members,
        key=lambda told: (
            told.article.language != language,
            _LEAD_TIERS.get(told.article.tier, 3),
            told.article.published_at,
            told.article.id,
        ),
    )


def why(reasons: Iterable[Reason], *, language: str) -> str:
    """The strongest reasons for a story, in plain words."""
    found = sorted((r for r in reasons if r.weight > 0 and r.kind != "base"), key=lambda r: -r.weight)
    return " · ".join(
        say(language, r.kind if r.kind in {"names", "watch"} else "phrase", text=clean(r.text, 80))
        for r in found[:REASONS]
    )


def headline(digest: Digest) -> str:
    """The point of a digest in one line, with its count against the baseline."""
    stories = len(digest.stories) + digest.left_out
    if not stories:
        return say(digest.language, "empty_short")
    articles = sum(len(story.members) for story in digest.stories)
    parts = [count_stories(digest.language, stories, max(articles, stories))]
    if digest.baseline is not None:
        parts.append(say(digest.language, "baseline", mean=f"{digest.baseline:.0f}"))
    return " · ".join(parts)


def coverage_line(digest: Digest) -> str:
    """How much of the world the digest saw, and what is wrong."""
    coverage = digest.coverage
    line = say(digest.language, "coverage", seen=coverage.seen, enabled=coverage.enabled)
    decided = say(digest.language, "decided", decided=digest.decided)
    return " · ".join([line, decided, *(clean(trouble, 200) for trouble in coverage.troubles)])


def clean(text: str, length: int) -> str:
    """``text`` on one line without control, bidi or invisible characters, clipped to ``length`` characters."""
    kept = "".join(
        c
        if c in _JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        else " "
        if c.isspace()
        else ""
        for c in text
    )
    line = _SPACE.sub(" ", kept).strip()
    if len(line) <= length:
        return line
    cut = length - 1
    while cut > 0 and (unicodedata.combining(line[cut]) or line[cut] in "\u200d\ufe0f" or line[cut - 1] in _JOINERS):
        cut -= 1
    return line[:cut].rstrip() + "…"


def safe_url(url: str) -> str:
    """``url`` percent-encoded for any markup, or nothing when it is not a web address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or len(url) > URL_LENGTH:
        return ""
    return quote(url.strip(), safe=_URL_SAFE)
