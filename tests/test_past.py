"""The past again: shown as it was sent or as it would be now, in a file or a test channel, and never sent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor import run
from monitor.core.tell import lead_of
from monitor.errors import MonitorError
from monitor.store import Store, decisions, schema
from tests.support.news import make_decision, make_stories, put_stories
from tests.support.project import Project
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings

HOUR = timedelta(hours=1)
MOMENT = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=2)
HELD = make_stories(6)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackTwin]:
    """A Slack to post to, set up in the environment."""
    with SlackTwin() as started:
        monkeypatch.setenv("SLACK_BOT_TOKEN", started.token)
        monkeypatch.setenv("SLACK_API_URL", started.api_url)
        yield started


@pytest.fixture
def store(bare_project: Project, twin: SlackTwin) -> Iterator[Store]:
    """Two days ago a digest told of the stories 0 to 3. Of two more was decided later; 3 is no longer flagged, 5 was
    known before the cut and is flagged only now."""
    opened = bare_project.store()
    put_stories(opened, HELD[:4], decided_at=MOMENT - HOUR)
    (unseen,) = HELD[5].members
    unflagged = make_decision(unseen.article, digest=False)
    put_stories(opened, [replace(HELD[5], members=(replace(unseen, decision=unflagged),))], decided_at=MOMENT - HOUR)
    run.digests(force=True, now=MOMENT)
    put_stories(opened, HELD[4:5], decided_at=MOMENT + HOUR)
    again = replace(unflagged.versions, watch="w2")
    with opened.write() as connection:
        for told in HELD[3].members:
            decision = make_decision(told.article, versions=again, digest=False, decided_at=MOMENT + 2 * HOUR)
            decisions.save_decisions(connection, [decision])
        flagged = make_decision(unseen.article, versions=again, decided_at=MOMENT + 2 * HOUR)
        decisions.save_decisions(connection, [flagged])
    yield opened
    opened.close()


def titles(held: list[int]) -> set[str]:
    return {lead_of(HELD[number], "en").article.title for number in held}


def ledger_of(store: Store) -> list[tuple[object, ...]]:
    tables = (schema.told, schema.digests, schema.deliveries, schema.evidence, schema.runs)
    with store.read() as connection:
        return [tuple(row) for table in tables for row in connection.execute(select(table))]


def test_a_digest_of_the_past_is_shown_as_it_was_sent(store: Store, twin: SlackTwin) -> None:
    before, posted = ledger_of(store), len(twin.messages())
    shown = run.past_digest("daily", MOMENT)
    assert shown["case"] == "as sent"
    assert all(title in shown["text"] for title in titles([0, 1, 2, 3]))
    assert not any(title in shown["text"] for title in titles([4, 5]))
    assert (ledger_of(store), len(twin.messages())) == (before, posted)


def test_or_as_it_would_be_by_the_decisions_of_today(store: Store, twin: SlackTwin) -> None:
    before = ledger_of(store)
    shown = run.past_digest("daily", MOMENT, anew=True)
    assert shown["case"] == "anew"
    assert all(title in shown["text"] for title in titles([0, 1, 2, 5]))
    assert not any(title in shown["text"] for title in titles([3, 4]))
    assert ledger_of(store) == before


def test_what_an_earlier_digest_told_is_not_in_a_later_one(store: Store) -> None:
    shown = run.past_digest("daily", MOMENT + 3 * HOUR)
    assert shown["case"] == "anew"  # none was cut then
    assert all(title in shown["text"] for title in titles([4]))
    assert not any(title in shown["text"] for title in titles([0, 1, 2, 3]))


@pytest.mark.parametrize("anew", [False, True])
def test_a_test_channel_sees_it_and_nothing_counts_as_told(store: Store, twin: SlackTwin, anew: bool) -> None:
    before, posted = ledger_of(store), len(twin.messages())
    run.past_digest("daily", MOMENT, anew=anew, to="#dprk-alerts")
    root, *replies = twin.messages(SlackTwin.ALERTS)
    assert ("anew" if anew else "As it was sent") in root["text"]
    assert {reply["thread_ts"] for reply in replies} == {root["ts"]}
    assert all(title in " ".join(strings(replies)) for title in titles([0, 1, 2]))
    assert (ledger_of(store), len(twin.messages())) == (before, posted)
    assert twin.lint() == []


def test_a_channel_of_real_messages_is_no_test_channel(store: Store, twin: SlackTwin) -> None:
    posted = len(twin.messages())
    for name in (SlackTwin.DIGEST, "#dprk-digest"):
        with pytest.raises(MonitorError, match="choose a test channel"):
            run.past_digest("daily", MOMENT, to=name)
    assert len(twin.messages()) == posted


def test_a_file_is_written_in_the_form_that_its_name_says(store: Store, bare_project: Project, tmp_path: Path) -> None:
    at = f"{MOMENT:%Y-%m-%dT%H:%M}"
    for name in ("a.html", "a.txt", "a.json"):
        done = bare_project.monitor("digest", "daily", "--at", at, "--preview", tmp_path / name)
        assert (done.code, done.out.splitlines()[-1]) == (0, str(tmp_path / name))
    assert "Content-Security-Policy" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "As it was sent" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [message["part"] for message in held["messages"]] == [*range(len(held["messages"]))]
    assert bare_project.monitor("digest", "daily", "--at", at, "--preview", tmp_path / "a.pdf").code == 1
    assert bare_project.monitor("digest", "daily", "--at", "2999-01-01").code == 1
    assert bare_project.monitor("digest", "daily", "--to", "#x").code == 2


def test_a_message_is_explained_in_the_terminal(store: Store, bare_project: Project, twin: SlackTwin) -> None:
    by_link = bare_project.monitor("explain", "--message", f"{SlackTwin.DIGEST}:{twin.messages()[0]['ts']}")
    by_digest = bare_project.monitor("explain", "--digest", "daily", "--cut", f"{MOMENT:%Y-%m-%dT%H:%M}")
    assert (by_link.code, by_link.out) == (0, by_digest.out)
    assert titles([0]).pop() in by_link.out
    assert "North Korea and Russia in one sentence" in by_link.out
    last = json.loads(bare_project.monitor("explain", "--digest", "daily", "--json").out)
    assert len(last["stories"]) == 4
    assert bare_project.monitor("explain", "--alert", "urgent").code == 1
    assert bare_project.monitor("explain").code == 2
