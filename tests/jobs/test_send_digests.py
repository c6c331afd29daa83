"""Each flagged story is told once per digest, whatever breaks on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.core.digest import DigestSpec, Message
from monitor.core.story import Story
from monitor.courier import Poster
from monitor.errors import SettingsError
from monitor.jobs.send_digests import DigestReport, preview_digest, send_digests
from monitor.settings import Settings
from monitor.slack import SlackClient
from monitor.store import Store, outbox
from tests.support.news import make_settings, make_stories, make_story, make_told, put_stories
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Crash(BaseException):
    """The process dies here."""


class DyingPoster:
    """Passes everything on to a real client and dies at its ``at``-th step."""

    threads = True

    def __init__(self, client: SlackClient, at: int) -> None:
        self.client, self.left = client, at

    def _step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Crash

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        self._step()
        ts = self.client.post(channel, message, key=key, thread_ts=thread_ts)
        self._step()
        return ts

    def edit(self, channel: str, ts: str, message: Message) -> None:
        self._step()
        self.client.edit(channel, ts, message)
        self._step()

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None:
        self._step()
        return self.client.find(channel, key, since=since, thread_ts=thread_ts)


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0)


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def keys(twin: SlackTwin, channel: str = SlackTwin.DIGEST) -> list[str]:
    return [message["metadata"]["event_payload"]["key"].rsplit("/", 1)[1] for message in twin.messages(channel)]


def told_urls(report: DigestReport) -> list[str]:
    return [story.members[0].article.url for digest in report.digests for story in digest.stories]


def run(
    store: Store, post: Poster | None, tmp_path: Path, now: datetime, settings: Settings | None = None, **how: object
) -> DigestReport:
    return send_digests(store, settings or make_settings(), post, now=now, home=tmp_path, **how)  # type: ignore[arg-type]


def put(store: Store, held: list[Story], at: datetime) -> None:
    put_stories(store, held, decided_at=at)


def test_a_digest_is_posted_as_a_root_with_its_thread(store: Store, tmp_path: Path, moment: datetime) -> None:
    put(store, make_stories(12), moment - HOUR)
    with SlackTwin() as twin:
        report = run(store, client_of(twin), tmp_path, moment)
        root, *replies = twin.messages()
        parts = keys(twin)
    assert report.posted == 1 + len(replies)
    assert {reply["thread_ts"] for reply in replies} == {root["ts"]}
    assert parts == [str(part) for part in range(1 + len(replies))]


def test_running_again_posts_nothing_new(store: Store, tmp_path: Path, moment: datetime) -> None:
    put(store, make_stories(12), moment - HOUR)
    with SlackTwin() as twin:
        run(store, client_of(twin), tmp_path, moment)
        before = len(twin.messages())
        report = run(store, client_of(twin), tmp_path, moment + timedelta(minutes=1))
        assert len(twin.messages()) == before
    assert report.digests == []


def test_the_next_digest_tells_only_what_is_new(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    held = make_stories(20)
    put(sqlite_store, held[:12], moment - HOUR)
    run(sqlite_store, None, tmp_path, moment)
    put(sqlite_store, held[12:], moment + HOUR)
    report = run(sqlite_store, None, tmp_path, moment + DAY + HOUR)
    assert sorted(told_urls(report)) == sorted(story.members[0].article.url for story in held[12:])


def test_missed_runs_merge_into_one_digest(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    held = make_stories(9)
    put(sqlite_store, held[:3], moment - HOUR)
    run(sqlite_store, None, tmp_path, moment)
    put(sqlite_store, held[3:6], moment + HOUR)
    put(sqlite_store, held[6:], moment + 2 * DAY)
    report = run(sqlite_store, None, tmp_path, moment + 4 * DAY)
    assert len(report.digests) == 1
    assert len(told_urls(report)) == 6


def test_a_decision_committed_late_is_told_all_the_same(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    held = make_stories(2)
    put(sqlite_store, held[:1], moment - HOUR)
    run(sqlite_store, None, tmp_path, moment)
    put(sqlite_store, held[1:], moment - timedelta(minutes=10))
    report = run(sqlite_store, None, tmp_path, moment + 2 * DAY)
    assert told_urls(report) == [held[1].members[0].article.url]


def test_a_first_digest_covers_one_day(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    held = make_stories(2)
    put(sqlite_store, held[:1], moment - timedelta(hours=25))
    put(sqlite_store, held[1:], moment - timedelta(hours=23))
    report = run(sqlite_store, None, tmp_path, moment)
    assert told_urls(report) == [held[1].members[0].article.url]


def test_nothing_is_due_before_anything_was_looked_at(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    assert run(sqlite_store, None, tmp_path, moment).digests == []


def test_a_quiet_day_has_its_calm_line(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    with SlackTwin() as twin:
        report = run(sqlite_store, client_of(twin), tmp_path, moment, force=True)
        (message,) = twin.messages()
    assert report.posted == 1
    assert "The monitor is running" in " ".join(strings(message["blocks"]))


def test_without_a_token_the_page_is_the_delivery(store: Store, tmp_path: Path, moment: datetime) -> None:
    put(store, make_stories(3), moment - HOUR)
    report = run(store, None, tmp_path, moment)
    (page,) = report.pages
    assert "Delegation number 7 " in page.read_text()
    assert (tmp_path / "pages" / "latest.html").read_text() == page.read_text()
    with store.read() as connection:
        proofs = outbox.deliveries_of(connection, "daily", report.digests[0].cut)
    assert {proof.ts for proof in proofs} == {f"page:{page.name}"}


def test_two_digests_in_one_channel_tell_each_their_own(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    first = DigestSpec(id="daily", channel=SlackTwin.DIGEST, cron="0 8 * * *", time_zone="UTC")
    settings = make_settings(first, replace(first, id="english", languages=("en",)))
    put(sqlite_store, make_stories(10), moment - HOUR)
    report = run(sqlite_store, None, tmp_path, moment, settings)
    assert [len(digest.stories) for digest in report.digests] == [10, 8]


def test_a_changed_schedule_repeats_nothing(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    run(sqlite_store, None, tmp_path, moment)
    hourly = make_settings(DigestSpec(id="daily", channel=SlackTwin.DIGEST, cron="0 * * * *", time_zone="UTC"))
    assert told_urls(run(sqlite_store, None, tmp_path, moment + 2 * HOUR, hourly)) == []


def test_a_story_below_the_digests_own_score_waits(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    strict = make_settings(DigestSpec(id="daily", channel="C1", cron="0 8 * * *", time_zone="UTC", min_score=0.9))
    put(sqlite_store, make_stories(10), moment - HOUR)
    report = run(sqlite_store, None, tmp_path, moment, strict)
    assert all(story.score >= 0.9 for digest in report.digests for story in digest.stories)


def test_what_does_not_fit_is_a_number_and_does_not_come_back(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    short = make_settings(DigestSpec(id="daily", channel="C1", cron="0 8 * * *", time_zone="UTC", max_stories=4))
    put(sqlite_store, make_stories(10), moment - HOUR)
    assert run(sqlite_store, None, tmp_path, moment, short).digests[0].left_out == 6
    assert told_urls(run(sqlite_store, None, tmp_path, moment + 2 * DAY, short)) == []


def test_a_preview_stores_and_posts_nothing(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    shown = preview_digest(sqlite_store, make_settings(), "daily", now=moment)
    assert len(shown.stories) == 3
    assert len(told_urls(run(sqlite_store, None, tmp_path, moment))) == 3


def test_an_unknown_digest_is_named_with_the_known_ones(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    with pytest.raises(SettingsError, match=r"no digest 'weekly' \(there are: daily\)"):
        run(sqlite_store, None, tmp_path, moment, only="weekly")


def test_an_old_article_stands_apart(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, [make_story([make_told(1)]), make_story([make_told(2, late=True)])], moment - HOUR)
    (digest,) = run(sqlite_store, None, tmp_path, moment).digests
    assert [story.id for story in digest.older] == ["st-a00002"]
    assert [story.id for section in digest.sections for story in section.stories] == ["st-a00001"]


def test_a_slack_that_stays_down_is_tried_again_by_the_next_run(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, make_stories(12), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("http", count=-1, method="", after_accept=True)
        assert run(sqlite_store, client_of(twin), tmp_path, moment).delayed == 1
        twin.heal()
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(minutes=5))
        assert keys(twin) == [str(part) for part in range(len(keys(twin)))]


@pytest.mark.parametrize("step", range(12))
def test_a_death_at_any_step_leaves_each_part_once(
    sqlite_store: Store, tmp_path: Path, moment: datetime, step: int
) -> None:
    put(sqlite_store, make_stories(6), moment - HOUR)
    with SlackTwin() as twin:
        with pytest.raises(Crash):
            run(sqlite_store, DyingPoster(client_of(twin), step), tmp_path, moment)
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(minutes=30))
        assert keys(twin) == [str(part) for part in range(len(keys(twin)))]


def test_a_part_whose_layout_is_refused_goes_out_in_plain_text(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("error", error="invalid_blocks")
        report = run(sqlite_store, client_of(twin), tmp_path, moment)
        root = twin.messages()[0]
    assert "blocks" not in root
    assert root["text"].startswith("Slack refused the layout of this part (invalid_blocks)")
    assert "went out in plain text" in report.troubles[0]


def test_a_part_that_is_refused_twice_is_given_up_and_the_rest_goes_out(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, make_stories(6), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("error", error="invalid_blocks", skip=1, count=2)
        report = run(sqlite_store, client_of(twin), tmp_path, moment)
        assert "1" not in keys(twin)
        assert len(keys(twin)) > 2
    assert report.refused == 1


def test_a_channel_that_is_gone_stops_only_itself_and_alarms_once(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    good = DigestSpec(id="good", channel=SlackTwin.DIGEST, cron="0 8 * * *", time_zone="UTC")
    settings = make_settings(replace(good, id="bad", channel=SlackTwin.ARCHIVED), good)
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        first = run(sqlite_store, client_of(twin), tmp_path, moment, settings)
        second = run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(minutes=5), settings)
        assert len(twin.messages()) > 1
        assert [len(first.troubles), len(second.troubles)] == [1, 0]
        assert "unarchive" in first.troubles[0]
        twin.workspace.channels[SlackTwin.ARCHIVED]["is_archived"] = False
        run(sqlite_store, client_of(twin), tmp_path, moment + HOUR, settings)
        assert len(twin.messages(SlackTwin.ARCHIVED)) == len(twin.messages())


def test_a_thread_whose_root_was_deleted_goes_on_in_the_channel(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("error", error="thread_not_found", skip=1)
        run(sqlite_store, client_of(twin), tmp_path, moment)
        assert "thread_ts" not in twin.messages()[1]
        assert keys(twin)[1] == "1"


def test_a_told_story_comes_back_only_with_something_new(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    first = make_told(1, title="10,000 troops leave: NIS", outlet="One")
    more = make_told(2, title="NIS: 10,000 troops leave", outlet="Two")
    new = make_told(3, title="12,000 troops leave: NIS", outlet="Three")
    story = make_story([first])
    put(sqlite_store, [story], moment - HOUR)
    run(sqlite_store, None, tmp_path, moment)
    put(sqlite_store, [replace(story, members=(more,))], moment + HOUR)
    assert told_urls(run(sqlite_store, None, tmp_path, moment + DAY)) == []
    put(sqlite_store, [replace(story, members=(new,))], moment + DAY + HOUR)
    (digest,) = run(sqlite_store, None, tmp_path, moment + 2 * DAY).digests
    assert [story.id for story in digest.updates] == [story.id]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"], ids=["clocks forward", "clocks back"])
@pytest.mark.parametrize("cron", ["30 2 * * *", "0 8 * * *"])
def test_a_change_of_clocks_neither_skips_nor_doubles_a_digest(
    sqlite_store: Store, tmp_path: Path, day: str, cron: str
) -> None:
    brussels = make_settings(DigestSpec(id="daily", channel="C1", cron=cron, time_zone="Europe/Brussels"))
    start = datetime.fromisoformat(f"{day}T00:00+00:00") - DAY
    reports = []
    for hour in range(4 * 24):
        now = start + hour * HOUR + timedelta(minutes=31)
        story = make_story([make_told(hour)])
        put(sqlite_store, [story], now - timedelta(minutes=40))
        reports.append(run(sqlite_store, None, tmp_path, now, brussels))
    told = [url for report in reports for url in told_urls(report)]
    cuts = [digest.cut for report in reports for digest in report.digests]
    assert len(told) == len(set(told))
    days = [cut.astimezone(ZoneInfo("Europe/Brussels")).date() for cut in cuts[1:]]  # the first came at once
    assert days == [days[0] + number * DAY for number in range(len(days))]
    assert len(days) >= 3
    last = max(hour for hour in range(4 * 24) if f"https://news.example/{hour}?a=1&b=2" in told)
    assert len(told) == last + 1  # none was left out


def test_a_digest_is_counted_against_those_before_it(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    held, counts, baselines = make_stories(20), iter((2, 4, 6)), []
    for day in range(3):
        first = next(counts)
        put(sqlite_store, [held.pop() for _ in range(first)], moment + day * DAY - HOUR)
        (digest,) = run(sqlite_store, None, tmp_path, moment + day * DAY, force=True).digests
        baselines.append(digest.baseline)
    assert baselines == [None, 2.0, 3.0]


def test_a_digest_that_waited_goes_to_the_channel_put_in_its_place(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    gone = make_settings(DigestSpec(id="daily", channel=SlackTwin.ARCHIVED, cron="0 8 * * *", time_zone="UTC"))
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        run(sqlite_store, client_of(twin), tmp_path, moment, gone)
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(seconds=1))
        assert keys(twin) == [str(part) for part in range(len(keys(twin)))]


def test_slack_is_not_asked_again_before_the_time_it_named(
    sqlite_store: Store, tmp_path: Path, moment: datetime
) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("ratelimited", seconds=600)
        assert run(sqlite_store, client_of(twin), tmp_path, moment).delayed == 1
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(seconds=500))
        assert twin.messages() == []
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(seconds=700))
        assert len(keys(twin)) == len(set(keys(twin))) > 2


def test_a_look_up_that_fails_leaves_the_part_unsure(sqlite_store: Store, tmp_path: Path, moment: datetime) -> None:
    put(sqlite_store, make_stories(3), moment - HOUR)
    with SlackTwin() as twin:
        twin.fault("reset", after_accept=True)
        twin.fault("error", method="conversations.history", error="missing_scope")
        assert run(sqlite_store, client_of(twin), tmp_path, moment).delayed == 1
        run(sqlite_store, client_of(twin), tmp_path, moment + timedelta(seconds=1))
        assert keys(twin) == [str(part) for part in range(len(keys(twin)))]


@pytest.mark.parametrize("count", [0, 1, 12, 60])
def test_a_day_of_hostile_titles_is_posted_whole_in_order_and_without_a_finding(
    sqlite_store: Store, tmp_path: Path, moment: datetime, count: int
) -> None:
    put(sqlite_store, make_stories(count, hostile=True), moment - HOUR)
    with SlackTwin() as twin:
        report = run(sqlite_store, client_of(twin), tmp_path, moment, force=True)
        assert keys(twin) == [str(part) for part in range(len(keys(twin)))]
        assert (report.refused, report.troubles, twin.lint()) == (0, [], [])
    assert len(told_urls(report)) == count
