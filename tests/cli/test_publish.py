"""`monitor report`, `monitor export` and the preview, on the bundled sample."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from monitor import run
from monitor.core.story import Story
from monitor.store import runs
from tests.support.news import make_stories, put_stories
from tests.support.project import Project
from tests.support.slack_twin import SlackTwin


def of_today(story: Story, now: datetime) -> Story:
    """The same, published just now."""
    members = (replace(told, article=replace(told.article, published_at=now)) for told in story.members)
    return replace(story, members=tuple(members))


@pytest.fixture
def told(bare_project: Project) -> Project:
    """A project with some stories of the last hour."""
    store, now = bare_project.store(), datetime.now(UTC)
    put_stories(store, [of_today(story, now) for story in make_stories(6)], decided_at=now)
    store.close()
    return bare_project


def test_a_digest_in_slack_ends_with_the_picture_of_its_trends(told: Project) -> None:
    with SlackTwin() as twin:
        told.monkeypatch.setenv("SLACK_BOT_TOKEN", twin.token)
        told.monkeypatch.setenv("SLACK_API_URL", twin.api_url)
        assert told.monitor("digest", "--now").code == 0
        shown = [message for message in twin.messages() if message.get("files")]
        assert shown == twin.messages()[-1:]
    store = told.store()
    with store.read() as connection:
        (last,) = runs.last_runs(connection, job="send_digests")
    store.close()
    assert last.counts["pictures"] == 1


def test_a_preview_has_a_picture_for_each_theme_that_is_told(told: Project, tmp_path: Path) -> None:
    assert told.monitor("digest", "daily", "--preview", tmp_path / "digest.html").code == 0
    page = (tmp_path / "digest.html").read_text(encoding="utf-8")
    assert page.count("<img") == page.count("<section") > 0


def test_a_report_is_written_where_it_was_asked_for(told: Project, tmp_path: Path) -> None:
    page = tmp_path / "new" / "week.html"
    done = told.monitor("report", page, "--json")
    assert done.code == 0
    assert json.loads(done.out)["stories"] == 6
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")


def test_a_report_of_a_week_of_the_past_has_nothing_of_today(told: Project, tmp_path: Path) -> None:
    done = told.monitor("report", tmp_path / "week.html", "--week", "2025-W10", "--json")
    counts = json.loads(done.out)
    assert (counts["stories"], counts["since"][:10], counts["until"][:10]) == (0, "2025-03-03", "2025-03-10")


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--week", "W47"], 1, "2026-W47"),
        (["--week", "2026-W47", "--since", "2026-11-01"], 2, "--week"),
        (["--since", "2030-01-01"], 1, "not before its end"),
        (["--digest", "weekly"], 2, "there is no digest"),
    ],
)
def test_what_a_report_cannot_be_is_said(
    told: Project, tmp_path: Path, arguments: list[str], code: int, word: str
) -> None:
    done = told.monitor("report", tmp_path / "week.html", *arguments)
    assert done.code == code
    assert word in done.err


def test_each_monday_the_readers_of_each_digest_get_a_page(told: Project) -> None:
    assert run.weekly_reports(now=datetime(2026, 11, 23, 12, 30, tzinfo=UTC)) == {"pages": 1}
    page = told.home / "pages" / "report-daily-2026-W47.html"
    assert "2026-11-16 00:00" in page.read_text(encoding="utf-8")


def test_an_export_goes_to_standard_output(told: Project) -> None:
    done = told.monitor("export", "--format", "json")
    assert done.code == 0
    assert len(json.loads(done.out)["items"]) == 6


def test_an_export_to_a_file_can_be_read_by_feed_readers(told: Project, tmp_path: Path) -> None:
    assert told.monitor("export", "--format", "atom", tmp_path / "stories.xml").code == 0
    found = feedparser.parse((tmp_path / "stories.xml").read_bytes())
    assert not found.bozo
    assert len(found.entries) == 6


def test_a_table_in_a_file_has_the_line_ends_of_its_standard(told: Project, tmp_path: Path) -> None:
    told.monitor("export", tmp_path / "stories.csv", "--format", "csv")
    text = (tmp_path / "stories.csv").read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") == 7
    assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == 6


def test_an_export_since_tomorrow_is_empty(told: Project) -> None:
    assert json.loads(told.monitor("export", "--format", "json", "--since", "2099-01-01").out)["items"] == []


def test_an_unknown_format_is_refused_with_the_known_ones(told: Project) -> None:
    done = told.monitor("export", "--format", "pdf")
    assert done.code == 2
    assert "atom" in done.err
