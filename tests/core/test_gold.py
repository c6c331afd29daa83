"""A user's list of events: read, found in the archive, and followed to the gate that lost them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.gold import Event, Finder, Report, judge_event, read_events
from tests.support.texts import article

DAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_list_is_read_with_its_times_links_and_phrases() -> None:
    events, problems = read_events(
        "gold.csv",
        "date,event,url,phrases\n"
        "2026-11-23,Putin thanks Kim,,\n"
        '2026-11-23T09:00+09:00,Bridge opens,https://wire.example/1?utm_source=x,"Tumen*|두만강; bridge|다리"\n',
    )
    assert problems == ()
    day, moment = events
    assert (day.at, day.due) == (DAY, DAY + timedelta(days=1))
    assert moment.at == moment.due == DAY
    assert moment.links == ("wire.example/1",)
    assert moment.groups == (("Tumen*", "두만강"), ("bridge", "다리"))


def test_other_column_names_and_semicolons_are_understood() -> None:
    (event,), problems = read_events("g.csv", "\ufeffWhen;Headline;Note\n2026-11-23;Putin thanks Kim;x\n")
    assert (event.title, problems) == ("Putin thanks Kim", ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "g.csv:1: (columns): needs date and event"),
        ("date,event\nyesterday,x\n", "g.csv:2: date: 'yesterday' is not a date such as"),
        ("date,event\n2026-11-23,\n", "g.csv:2: event: is empty"),
        ("date,event,phrases\n2026-11-23,x,/a(b/\n", "g.csv:2: phrases: /a(b/ is not a regular expression"),
        ("date,event,url\n2026-11-23,x,nowhere\n", "g.csv:2: url: 'nowhere' is not an http or https address"),
    ],
)
def test_a_slip_is_told_with_its_line(text: str, told: str) -> None:
    _, problems = read_events("g.csv", text)
    assert [problem[: len(told)] for problem in problems] == [told]


EVENT = Event(line=2, title="Shoigu meets Kim Jong Un in Pyongyang", at=DAY, due=DAY + timedelta(days=1))


def found(event: Event, title: str, *, url: str = "", hours: float = 3, language: str = "en") -> bool:
    at = DAY + hours * HOUR
    one = article(title=title, url=url or "https://x.example/9", published_at=at, seen_at=at, language=language)
    return event in Finder([event]).find(one)


def test_an_event_is_known_by_its_likeness_in_any_language() -> None:
    assert found(EVENT, "Kim Jong Un receives Shoigu in Pyongyang")
    assert found(EVENT, "Ким Чен Ын принял Шойгу в Пхеньяне", language="ru")
    assert not found(EVENT, "Kim Jong Un inspects a greenhouse farm")
    assert not found(EVENT, "Kim Jong Un receives Shoigu in Pyongyang", hours=24 * 20)


def test_phrases_decide_where_there_are_some() -> None:
    event = replace(EVENT, groups=(("Tumen*", "두만강"), ("bridge", "다리")))
    assert found(event, "The Tumen bridge is open")
    assert found(event, "두만강 다리 개통", language="ko")
    assert not found(event, "Tumen in winter")
    assert not found(event, "Kim Jong Un receives Shoigu in Pyongyang")


def test_a_link_decides_whenever_it_was_published() -> None:
    event = replace(EVENT, links=("wire.example/1",))
    assert found(event, "Something else", url="https://www.wire.example/1/", hours=24 * 30)


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "article": article(),
        "score": 0.9,
        "probability": 0.9,
        "flagged": True,
        "dropped": (),
        "helped": (),
        "story_id": "st-1",
        "told_at": DAY + 8 * HOUR,
        "story_told": True,
        "shown": True,
    }
    return Report(**values | changes)  # type: ignore[arg-type]


def judged(*reports: Report, event: Event = EVENT) -> tuple[str, str, float | None]:
    verdict = judge_event(event, reports, 0.5, near=0.27, late_after=24 * HOUR, archive=DAY - timedelta(days=30))
    return verdict.outcome, verdict.gate, verdict.lead_hours


def test_an_event_told_in_time_is_caught_with_its_lead() -> None:
    assert judged(report(told_at=DAY + 30 * HOUR), report()) == ("caught", "", 16.0)


def test_an_event_told_more_than_a_day_after_it_is_late() -> None:
    assert judged(report(told_at=DAY + 50 * HOUR)) == ("late", "", -26.0)


UNFLAGGED = {"flagged": False, "told_at": None, "shown": False, "story_told": False, "story_id": ""}


@pytest.mark.parametrize(
    ("reports", "gate"),
    [
        ([], "feed"),
        ([report(**UNFLAGGED, score=0.1, probability=0.8, dropped=("press reviews",))], "keyword"),
        ([report(**UNFLAGGED, score=0.1, probability=0.1)], "keyword"),
        ([report(**UNFLAGGED, score=0.1, probability=0.05, helped=("bridge",))], "classifier"),
        ([report(**UNFLAGGED, score=0.4, probability=0.4)], "threshold"),
        ([report(told_at=None, shown=False)], "grouping"),
        ([report(told_at=None, shown=False, story_told=False)], "digest"),
        ([report(shown=False)], "digest cap"),
    ],
)
def test_a_missed_event_is_charged_to_the_gate_that_lost_it(reports: list[Report], gate: str) -> None:
    assert judged(*reports) == ("missed", gate, None)


def test_an_event_before_the_archive_is_said_to_be_so() -> None:
    old = replace(EVENT, at=DAY - timedelta(days=90), due=DAY - timedelta(days=89))
    verdict = judge_event(old, [], 0.5, near=0.27, late_after=HOUR, archive=DAY)
    assert (verdict.gate, verdict.why) == ("feed", "the archive begins later")
