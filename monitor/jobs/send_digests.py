"""Decisions not yet told -> digests -> deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from monitor import log
from monitor.core.assess import coverage
from monitor.core.compose import compose, is_news, takes, without
from monitor.core.cuts import last_due_cut
from monitor.core.digest import ALERTS, Digest, DigestSpec, Reader
from monitor.core.rank import RECENT, rank
from monitor.core.said import mute_words
from monitor.core.story import Story
from monitor.core.trend import TREND_WINDOW, trends_of
from monitor.courier import Courier, Posted, Poster
from monitor.errors import MonitorError
from monitor.pages import digest_page, digest_text
from monitor.settings import Settings
from monitor.slack import render_digest
from monitor.store import Store, decisions, digests, feeds, mutes, stories
from monitor.store.past import untold_at

FIRST_WINDOW = timedelta(hours=24)
LOOK_BACK = timedelta(hours=26)
"""What a slow transaction, or a clock that was wrong by up to a day, decided before a cut is told after it."""
CLOCK_SKEW = timedelta(hours=1)
BASELINE_DIGESTS = 7


@dataclass(slots=True, kw_only=True)
class DigestReport(Posted):
    """What one run composed, and what became of its messages."""

    digests: list[Digest] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """For the record of runs."""
        stories = sum(len(digest.stories) for digest in self.digests)
        return {
            "digests": len(self.digests),
            "stories": stories,
            "posted": self.posted,
            "refused": self.refused,
            "delayed": self.delayed,
        }


def send_digests(
    store: Store,
    settings: Settings,
    post: Poster | None,
    *,
    now: datetime,
    home: Path,
    only: str = "",
    force: bool = False,
    notices: Sequence[str] = (),
    buttons: bool = False,
) -> DigestReport:
    """Compose every digest that is due (``force``: now, due or not), and post what is not out yet.

    ``only`` is the id of one digest; ``buttons`` are there where somebody listens to them. Without ``post`` the page
    under ``home`` is the delivery. Safe to run again at any point: what is composed is frozen before anything is
    posted, and a message is looked up before it is repeated.
    """
    report = DigestReport()
    with store.alone("composing-digests") as alone:  # two at once would each tell what the other does
        for spec in (spec for spec in _chosen(settings, only) if alone):
            cut = now if force else _due_cut(store, spec, now)
            if cut is not None:
                digest, told = _compose(store, settings, spec, since=None, cut=cut, notices=notices)
                messages = render_digest(digest, themes=settings.themes, buttons=buttons)
                pages = _pages_of(digest, settings, home, report, whole=post is None)
                with store.write() as connection:
                    frozen = digests.freeze(connection, digest, messages, told_stories=told, now=now)
                if frozen:
                    log.info("digest_frozen", digest=digest.id, cut=cut, stories=len(told), parts=len(messages))
                    report.digests.append(digest)
                    report.pages += pages
    _post_open(store, settings, post, report, now=now, only=only)
    return report


def preview_digest(
    store: Store,
    settings: Settings,
    digest_id: str,
    *,
    now: datetime,
    since: datetime | None = None,
    at: datetime | None = None,
    notices: Sequence[str] = (),
) -> Digest:
    """The digest as it would be if it were composed now; nothing is stored or posted.

    With ``at``, as it would have been then by the decisions in force now: see ``store.past``.
    """
    spec = settings.digest(digest_id)
    digest, _ = _compose(store, settings, spec, since=since, cut=at or now, notices=notices, past=at is not None)
    return digest


def _chosen(settings: Settings, only: str) -> tuple[DigestSpec, ...]:
    return (settings.digest(only),) if only else settings.digests


def _due_cut(store: Store, spec: DigestSpec, now: datetime) -> datetime | None:
    """The cut to compose now, if any. A digest's first time is as soon as there is something that was looked at."""
    with store.read() as connection:
        last = digests.last_cut(connection, spec.id, before=now + CLOCK_SKEW)  # not one by a clock that was far ahead
        if last is None:
            window = decisions.count_decisions(connection, after=now - FIRST_WINDOW, until=now)
            return now if window["decided"] else None
    due = last_due_cut(spec.cron, spec.time_zone, now)
    return due if due > last else None


def _compose(
    store: Store,
    settings: Settings,
    spec: DigestSpec,
    *,
    since: datetime | None,
    cut: datetime,
    notices: Sequence[str],
    past: bool = False,
) -> tuple[Digest, tuple[Story, ...]]:
    """The digest, and every story that counts as told with it. What is ``past`` knows nothing of what came later."""
    with store.read() as connection:
        last = digests.last_cut(connection, spec.id, before=cut)
        start = since or last or cut - FIRST_WINDOW
        look_back = start - LOOK_BACK if last and not past else start
        find = untold_at if past else digests.untold_stories
        untold = find(connection, spec.id, since=look_back, cut=cut)
        counts = digests.recent_counts(connection, spec.id, limit=BASELINE_DIGESTS, before=cut)
        decided = decisions.count_decisions(connection, after=start, until=cut)["decided"]
        states = feeds.load_states(connection)
        flagged = decisions.flagged_since(connection, since=cut - TREND_WINDOW, cut=cut)
        besides = [story.id for story in untold]
        recent = stories.recent_titles(connection, since=cut - RECENT, until=cut, besides=besides)
        muted = mutes.mutes_at(connection, cut)
    heard = without(untold, {mute.outlet for mute in muted})
    news = (story for story in heard if takes(spec, story) and is_news(story))
    told = rank(news, settings.themes, cut, recent=recent)
    seen, reader = coverage(settings.feeds, states, cut), Reader(language=spec.language, time_zone=spec.time_zone)
    digest = compose(
        spec,
        told,
        since=start,
        cut=cut,
        themes=settings.themes,
        baseline=fmean(counts) if counts else None,
        coverage=replace(seen, troubles=(*seen.troubles, *(mute_words(mute, reader) for mute in muted))),
        decided=decided,
        trends=()
        if past
        else trends_of(flagged, settings.themes, cut=cut, time_zone=spec.time_zone, wanted=spec.themes),
        notices=notices,
    )
    return digest, told


def page_name(digest_id: str, cut: datetime) -> str:
    """File name of a digest's page."""
    return f"digest-{digest_id}-{cut.astimezone(UTC):%Y%m%dT%H%M%SZ}.html"


def _pages_of(digest: Digest, settings: Settings, home: Path, report: DigestReport, *, whole: bool) -> list[Path]:
    """Write the page of a digest: the ``whole`` of it where there is no Slack, which then is its delivery.

    In Slack the trends come as a picture in the thread: drawing them here too would only delay it. Neither does a disk
    that is full.
    """
    try:
        return [_write_page(digest if whole else replace(digest, trends=()), settings, home)]
    except OSError as error:
        problem = f"the page of {digest.id} cannot be written under {home}: {error.strerror}"
        if whole:
            raise MonitorError(problem) from error
        report.troubles.append(problem)
        return []


def _write_page(digest: Digest, settings: Settings, home: Path) -> Path:
    folder = home / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / page_name(digest.id, digest.cut)
    forms = {".html": digest_page(digest, themes=settings.themes), ".txt": digest_text(digest, settings.themes)}
    for path in (page, folder / "latest.html"):
        for suffix, text in forms.items():
            unfinished = path.with_suffix(".part")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(path.with_suffix(suffix))
    return page


def _post_open(
    store: Store, settings: Settings, post: Poster | None, report: DigestReport, *, now: datetime, only: str
) -> None:
    courier = Courier(
        store=store,
        poster=post,
        specs={spec.id: spec for spec in settings.digests},
        elsewhere=lambda item: f"page:{page_name(item.digest_id, item.cut)}",
        now=now,
    )
    courier.deliver("digests", lambda ledger: not ledger.startswith(ALERTS) and only in ("", ledger), report)
