"""Each digest gets the picture of its trends once, and no trouble with it touches the digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.digest import DigestSpec
from monitor.core.trend import Trend
from monitor.jobs.post_trends import TrendReport, post_trends
from monitor.jobs.send_digests import send_digests
from monitor.pages import trends_png
from monitor.settings import Settings
from monitor.slack import SlackClient
from monitor.store import Store
from tests.support.news import make_settings, make_stories, put_stories
from tests.support.slack_twin import SlackTwin

HOUR = timedelta(hours=1)
DRAWN: dict[str, bytes] = {}  # by language


@pytest.fixture(autouse=True)
def one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted matters here, not what is on it: one picture is drawn, and posted by all tests."""

    def draw_once(trends: Sequence[Trend], language: str) -> bytes:
        return DRAWN.get(language) or DRAWN.setdefault(language, trends_png(trends, language))

    monkeypatch.setattr("monitor.jobs.post_trends.trends_png", draw_once)


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0)


def put(store: Store, at: datetime) -> None:
    stories = [
        replace(story, members=tuple(replace(t, article=replace(t.article, published_at=at)) for t in story.members))
        for story in make_stories(6)
    ]
    put_stories(store, stories, decided_at=at)


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def digest(store: Store, post: SlackClient | None, home: Path, now: datetime, settings: Settings | None = None) -> None:
    send_digests(store, settings or make_settings(), post, now=now, home=home, force=True)


def pictures(twin: SlackTwin) -> list[dict[str, Any]]:
    return [message for message in twin.messages() if message.get("files")]


def run(store: Store, twin: SlackTwin, now: datetime, settings: Settings | None = None) -> TrendReport:
    return post_trends(store, settings or make_settings(), client_of(twin), now=now)


def test_a_digest_that_is_out_gets_its_picture_at_the_end_of_its_thread(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, moment - HOUR)
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        assert run(sqlite_store, twin, moment).pictures == 1
        root, *_, last = twin.messages()
        assert last["thread_ts"] == root["ts"]
        (file,) = twin.workspace.files.values()
    assert file["body"].startswith(b"\x89PNG")
    assert "in a usual week" in file["alt_txt"]


def test_no_digest_gets_two(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, moment - HOUR)
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        run(sqlite_store, twin, moment)
        assert run(sqlite_store, twin, moment).pictures == 0
        assert len(pictures(twin)) == 1


@pytest.mark.parametrize("after_accept", [False, True])
def test_a_broken_connection_leaves_exactly_one(
    sqlite_store: Store, tmp_path: Path, moment: datetime, after_accept: bool
) -> None:
    put(sqlite_store, moment - HOUR)
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        twin.fault("reset", method="files.completeUploadExternal", after_accept=after_accept)
        assert run(sqlite_store, twin, moment).delayed == 1
        assert run(sqlite_store, twin, moment).pictures == 1
        assert len(pictures(twin)) == 1


class Crash(BaseException):
    """The process dies here."""


class DyingUploader:
    """Uploads with a real client, and dies before or after it."""

    def __init__(self, client: SlackClient, *, after: bool) -> None:
        self.client, self.after = client, after

    def upload(self, channel: str, content: bytes, **how: str) -> str:
        if self.after:
            self.client.upload(channel, content, **how)
        raise Crash


@pytest.mark.parametrize("after", [False, True])
def test_whoever_dies_while_uploading_leaves_exactly_one(
    sqlite_store: Store, tmp_path: Path, moment: datetime, after: bool
) -> None:
    put(sqlite_store, moment - HOUR)
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        with pytest.raises(Crash):
            post_trends(sqlite_store, make_settings(), DyingUploader(client_of(twin), after=after), now=moment)
        run(sqlite_store, twin, moment + HOUR)
        assert len(pictures(twin)) == 1


def test_a_picture_that_slack_refuses_is_told_once_and_given_up(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, moment - HOUR)
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        twin.fault("error", error="missing_scope", method="files.getUploadURLExternal", count=-1)
        (trouble,) = run(sqlite_store, twin, moment).troubles
        assert run(sqlite_store, twin, moment).troubles == []
    assert "picture of digest daily" in trouble
    assert "scope" in trouble


def test_a_quiet_day_has_no_picture(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        assert run(sqlite_store, twin, moment).pictures == 0


def test_a_digest_that_became_a_page_has_no_thread_for_a_picture(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, moment - HOUR)
    digest(sqlite_store, None, tmp_path, moment)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment) == TrendReport()


def test_a_digest_that_left_the_config_gets_none(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, moment - HOUR)
    other = make_settings(DigestSpec(id="other", channel="C0TWINDIG01", cron="0 8 * * *", time_zone="UTC"))
    with SlackTwin() as twin:
        digest(sqlite_store, client_of(twin), tmp_path, moment)
        assert run(sqlite_store, twin, moment, other) == TrendReport()
