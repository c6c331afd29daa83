"""How one story is told: the same words in Slack, on a page and in a terminal."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from monitor.core.article import Article
from monitor.core.changes import Claim, changes_of, claims_of, origins_of
from monitor.core.decision import Decision, Reason, Thresholds
from monitor.core.digest import Digest, Reader
from monitor.core.gloss import gloss
from monitor.core.story import Story, Told
from monitor.core.trend import Trend
from monitor.core.wording import count_stories, language_name, say

TITLE_LENGTH = 250
URL_LENGTH = 2000  # Slack takes 3,000, but every character counts against the message
ALSO = 4
HEADLINES = 8
REASONS = 3
REASON_LENGTH = 160
HEARD = 0.1  # log-odds; less is not worth a word
UNSAID = {"base", "rest"}  # they count, but tell a reader nothing
FIGURES = 4
ORIGINS = 3
AHEAD = timedelta(minutes=30)  # less is no news about who was first

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
    headlines: tuple[Link, ...]
    """How the others put it: outlet and title, where there is room to show them."""
    why: str
    percent: int
    gist: str
    """What the title says, for those who cannot read it; empty when they can."""
    translate: str
    """Where to read it translated, or empty."""
    spread: str
    """Origins, outlets, languages and who was first; empty for a single report."""
    figures: str
    news: str
    """What is new in a story that was told before, else empty."""
    alerted: str
    """When an alert told of it, in words, or empty."""

    @property
    def brief(self) -> bool:
        """One line is enough: an alert told of it, and there is nothing new."""
        return bool(self.alerted) and not self.news


def tell(story: Story, reader: Reader) -> Telling:
    """How ``story`` is told to ``reader``."""
    language = reader.language
    lead = lead_of(story, language)
    article = lead.article
    others = {told.article.outlet: told.article for told in reversed(story.members)}
    others.pop(article.outlet, None)
    also = [others[outlet] for outlet in story.outlets if outlet in others]
    url, foreign = safe_url(article.url), article.language != language
    alerted = f"{story.alerted_at.astimezone(ZoneInfo(reader.time_zone)):%H:%M}" if story.alerted_at else ""
    return Telling(
        story_id=story.id,
        lead=Link(text=clean(article.title, TITLE_LENGTH) or "—", url=url),
        outlet=clean(article.outlet, 60),
        language=language_name(language, clean(article.language, 20)) if foreign else "",
        at=article.published_at,
        also=tuple(Link(text=clean(article.outlet, 60), url=safe_url(article.url)) for article in also[:ALSO]),
        more=max(0, len(also) - ALSO),
        headlines=tuple(headline_of(told.article) for told in story.members if told is not lead)[:HEADLINES],
        why=why(max(story.members, key=lambda told: told.decision.score).decision.reasons, language=language),
        percent=round(100 * story.score),
        gist=_gist(lead) if foreign and language == "en" else "",
        translate=_translated(url, reader) if foreign else "",
        spread=_spread(story, reader),
        figures=_figures(story),
        news=_news(story, language),
        alerted=say(language, "alerted", at=alerted) if alerted else "",
    )


def _gist(lead: Told) -> str:
    theme = next(iter(lead.decision.themes), "").replace("_", " ")
    return clean(gloss(lead.article.title, lead.article.language, theme=theme), TITLE_LENGTH)


def headline_of(article: Article) -> Link:
    """Who put it how."""
    text = f"{clean(article.outlet, 60)}: {clean(article.title, TITLE_LENGTH) or '—'}"
    return Link(text=text, url=safe_url(article.url))


def _spread(story: Story, reader: Reader) -> str:
    language = reader.language
    origins = [clean(name, 60) for name in origins_of(story.members)]
    outlets, languages = story.outlets, story.languages
    if len(outlets) < 2:
        return ""
    names = ", ".join(origins[:ORIGINS]) + ("…" if len(origins) > ORIGINS else "")
    first = min((told.article for told in story.members), key=lambda a: (a.published_at, a.id))
    at = f"{first.published_at.astimezone(ZoneInfo(reader.time_zone)):%H:%M}"
    parts = [
        say(language, "origin" if len(origins) == 1 else "origins", count=len(origins), names=names),
        say(language, "outlets", count=len(outlets)),
        *([say(language, "languages", count=len(languages))] if len(languages) > 1 else []),
        say(language, "first_seen", at=at, outlet=clean(first.outlet, 60)),
    ]
    own = [told.article.published_at for told in story.members if told.article.language == language]
    if own and min(own) - first.published_at >= AHEAD:
        lead = _duration(min(own) - first.published_at)
        parts.append(say(language, "ahead", lead=lead, reader=language_name(language, language)))
    return ", ".join(parts)


def _figures(story: Story) -> str:
    claims = claims_of(story.members)
    corrected = {(claim.source, claim.figure.unit, claim.before) for claim in claims}
    valid = [claim for claim in claims if (claim.source, claim.figure.unit, claim.figure.value) not in corrected]
    return "; ".join(_claim(claim, claim.before) for claim in valid[:FIGURES])


def _claim(claim: Claim, before: float | None) -> str:
    changed = f"{before:,.0f} → " if before is not None else ""
    return f"{changed}{claim.figure} ({clean(claim.source, 60)})"


def _news(story: Story, language: str) -> str:
    if not story.told:
        return ""
    changes = changes_of(story)
    parts = [
        say(language, "first_figure" if before is None else "new_figure", figure=_claim(claim, before))
        for before, claim in changes.figures[:FIGURES]
    ]
    if changes.origins:
        parts.append(say(language, "new_origin", names=clean(", ".join(changes.origins), 120)))
    if changes.denials:
        parts.append(say(language, "denial", names=clean(", ".join(changes.denials), 120)))
    return " · ".join(parts)


def _translated(url: str, reader: Reader) -> str:
    return reader.translate.replace("{url}", quote(url, safe="")) if url and reader.translate else ""


def _duration(time: timedelta) -> str:
    minutes = round(time / timedelta(minutes=1))
    return f"{minutes} min" if minutes < 90 else f"{round(minutes / 60)} h"


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
    found = sorted((r for r in reasons if r.weight > 0 and r.kind not in UNSAID), key=lambda r: -r.weight)
    return " · ".join(
        say(language, r.kind if r.kind in {"names", "watch"} else "phrase", text=clean(r.text, REASON_LENGTH))
        for r in found[:REASONS]
    )


def in_words(decision: Decision, thresholds: Thresholds) -> list[str]:
    """What was decided and what speaks for and against it, in sentences."""
    rule = [r.text for r in decision.reasons if r.kind == "watch" and r.text.endswith(("(never)", "(always)"))]
    reached = "reaches" if decision.score >= thresholds.digest else "is below"
    verdict = f"{'Flagged' if decision.digest else 'Not flagged'} for digests"
    above = f"; the rule of a watch term stands above it: {', '.join(rule)}" if rule else ""
    said = [
        f"{verdict}: the score {decision.score:.3f} {reached} {thresholds.digest:.3f}{above}.",
        f"{'Worth an alert' if decision.alert else 'No alert'}: alerts begin at {thresholds.alert:.3f}.",
    ]
    heard = [reason for reason in decision.reasons if abs(reason.weight) >= HEARD]
    against = [replace(reason, weight=-reason.weight) for reason in heard]
    for what, reasons in (("For it", heard), ("Against it", against)):
        if found := why(reasons, language="en"):
            said.append(f"{what}: {found}.")
    return said


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


def takeaway(trend: Trend, language: str) -> str:
    """What a picture of ``trend`` shows, for those who do not see it."""
    title, (day, peak) = clean(trend.title, 100), trend.peak
    if not peak:
        return say(language, "trend_none", title=title, days=len(trend.days))
    direction = say(language, {1: "trend_up", -1: "trend_down", 0: "trend_steady"}[trend.direction])
    words = {"count": trend.last_week, "usual": f"{trend.usual_week:.0f}", "day": day, "peak": peak}
    return say(language, "trend", title=title, direction=direction, **words)


def other_groups(digest: Digest) -> list[tuple[str, tuple[Story, ...]]]:
    """What stands after the themes: news of stories told before, and what was old when first seen."""
    groups = (("updates", digest.updates), ("older", digest.older))
    return [(say(digest.language, key), stories) for key, stories in groups if stories]


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
