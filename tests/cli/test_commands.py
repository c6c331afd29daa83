"""What each command prints, and how it ends: 0 well, 1 something failed, 2 wrong usage or config."""

import json
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import monitor
from monitor import run
from tests.support.project import Outcome, Project

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><language>en</language><item>
<guid>g1</guid><link>https://wire.example/1?utm_source=x</link><title>A &amp; B</title>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;</description>
</item></channel></rss>"""


def lines(outcome: Outcome) -> list[dict[str, object]]:
    return [json.loads(line) for line in outcome.out.splitlines()]


def write_lines(file: Path, *rows: object) -> Path:
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return file


def test_help_names_every_command(bare_project: Project) -> None:
    shown = bare_project.monitor("--help")
    assert shown.code == 0
    for name in (
        "run",
        "ingest",
        "classify",
        "alert",
        "digest",
        "train",
        "score",
        "evaluate",
        "explain",
        "watch",
        "audit",
        "feeds",
        "config",
    ):
        assert f" {name} " in shown.out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['monitor', '--help']\n"
        "from monitor.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'sqlalchemy', 'sklearn', 'numpy', 'pydantic', 'aiohttp', 'slack_sdk'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(bare_project: Project) -> None:
    assert bare_project.monitor("--version").out == f"monitor {monitor.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["score"],
        ["score", "no-such-file.jsonl"],
        ["classify", "--again"],
        ["ingest", "--shard", "3/2"],
        ["ingest", "--shard", "one"],
        ["digest", "--since", "yesterday"],
        ["digest", "unheard-of", "--now"],
        ["feeds", "check", "unheard-of"],
        ["watch", "try", "no-such-file.yaml"],
        ["audit", "--gold", "no-such-file.csv"],
    ],
)
def test_wrong_usage_ends_with_2(bare_project: Project, arguments: list[str]) -> None:
    assert bare_project.monitor(*arguments).code == 2


def test_a_good_config_is_counted(bare_project: Project) -> None:
    shown = bare_project.monitor("config", "check")
    assert (shown.code, "6 of 6 feeds enabled" in shown.out) == (0, True)


def test_every_problem_of_a_config_is_told_with_its_place(bare_project: Project) -> None:
    bare_project.write("feeds.yaml", "feeds:\n  - id: one\n    ulr: x\n")
    bare_project.write("monitor.yaml", "digests: 7\n")
    shown = bare_project.monitor("config", "check")
    assert shown.code == 2
    assert "feeds.yaml:3: feeds[0].ulr: unknown key (did you mean url?)" in shown.err
    assert "monitor.yaml:1: digests" in shown.err


def test_scores_are_json_lines_of_the_agreed_shape(project: Project, tmp_path: Path) -> None:
    texts = write_lines(
        tmp_path / "texts.jsonl",
        {"id": "a", "title": "Kim Jong Un sends troops to Russia's Kursk region", "summary": "", "lang": "en"},
        {"id": "b", "title": "Cricket: rain stops play", "summary": "", "lang": "en"},
    )
    shown = project.monitor("score", texts)
    assert shown.code == 0
    one, other = lines(shown)
    assert list(one) == ["id", "relevant", "score", "themes", "reasons"]
    assert (one["id"], one["relevant"], other["id"], other["relevant"]) == ("a", True, "b", False)
    assert 0 <= float(str(other["score"])) < float(str(one["score"])) <= 1
    assert {"kind", "text", "weight"} == set(one["reasons"][0])  # type: ignore[index]


def test_lines_that_cannot_be_scored_are_named_and_the_rest_is_scored(project: Project, tmp_path: Path) -> None:
    texts = write_lines(
        tmp_path / "texts.jsonl", "{broken", '{"id": 1}', "[]", '{"title": 5}', "", {"id": "ok", "title": "T"}
    )
    shown = project.monitor("score", texts)
    assert shown.code == 1
    assert [line["id"] for line in lines(shown)] == ["ok"]
    assert [f"{texts}:{number}: " in shown.err for number in range(1, 6)] == [True, True, True, True, False]


@pytest.mark.parametrize("command", [["score", "FILE"], ["evaluate", "FILE"], ["explain", "words"], ["classify"]])
def test_without_a_model_one_line_says_what_to_do(bare_project: Project, tmp_path: Path, command: list[str]) -> None:
    file = write_lines(tmp_path / "t.jsonl", {"id": "a", "title": "T", "relevant": 1})
    shown = bare_project.monitor(*(str(file) if part == "FILE" else part for part in command))
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.count("\n") == 1
    assert "monitor train" in shown.err


def test_an_evaluation_has_figures_by_language_and_theme(project: Project, tmp_path: Path) -> None:
    items = (run.corpus_folder() / "en-positive-a.jsonl").read_text(encoding="utf-8").splitlines()[:20]
    items += (run.corpus_folder() / "en-negative-a.jsonl").read_text(encoding="utf-8").splitlines()[:20]
    file = write_lines(tmp_path / "items.jsonl", *items)
    report = json.loads(project.monitor("evaluate", file, "--json").out)
    assert {"average_precision", "precision", "recall"} <= set(report["figures"])
    assert "language" in report["slices"]
    assert "sanctions" in report["themes"]
    assert {"precision", "recall", "flagged"} == set(report["decided"])
    page = tmp_path / "pages" / "evaluation.html"
    shown = project.monitor("evaluate", file, "--page", page).out
    assert "With the watch" in shown
    assert "worst errors" in shown
    assert shown.splitlines()[-1] == str(page)
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_model_is_shown_with_its_thresholds_and_what_was_measured_of_it(project: Project, tmp_path: Path) -> None:
    items = (run.corpus_folder().parent / "evaluation.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    project.monitor("evaluate", write_lines(tmp_path / "items.jsonl", *items))
    found = json.loads(project.monitor("models", "show", "--json").out)
    assert found["in_use"]
    assert {"digest", "alert", "themes"} == set(found["card"]["thresholds"])
    (kept,) = found["evaluations"]
    assert (kept["name"], kept["report"]["figures"]["items"]) == ("items.jsonl", 60)
    shown = project.monitor("models", "show").out
    assert "with 95% confidence" in shown
    assert "on items.jsonl" in shown
    assert project.monitor("models", "show", "nope").code == 1


def test_an_explanation_names_the_threshold_the_terms_and_the_weights(project: Project) -> None:
    text = "Kim Jong Un and Putin sign a treaty in Pyongyang, Russia says"
    found = json.loads(project.monitor("explain", text, "--json").out)
    assert found["relevant"]
    assert found["matches"]
    assert {"watch", "base"} <= {reason["kind"] for reason in found["reasons"]}
    assert math.log(found["score"] / (1 - found["score"])) == pytest.approx(found["log_odds"], abs=1e-3)
    verdict, alert, in_favour, *_ = found["in_words"]
    assert f"Flagged for digests: the score {found['score']:.3f} reaches {found['threshold']:.3f}" in verdict
    assert f"alerts begin at {found['alert_threshold']:.3f}" in alert
    assert "For it: names North Korea" in in_favour
    assert "For it: names North Korea" in " ".join(project.monitor("explain", text).out.split())


def test_an_explanation_names_the_rule_of_a_watch_term_that_stands_above_the_score(project: Project) -> None:
    project.write("watch.yaml", "terms:\n  - {name: no treaties, any_of: [treaty], never: true}\n")
    found = json.loads(project.monitor("explain", "Kim Jong Un and Putin sign a treaty in Pyongyang", "--json").out)
    assert not found["relevant"]
    assert "Not flagged for digests" in found["in_words"][0]
    assert "no treaties (never)" in found["in_words"][0]


def test_explaining_is_the_same_under_both_names(project: Project) -> None:
    text = "Envoys meet in Vladivostok"
    assert project.monitor("watch", "explain", text).out == project.monitor("explain", text).out
    found = json.loads(project.monitor("explain", text, "--json").out)
    assert found["flips"][0]["key"] == "weight"
    assert "to turn it round" in project.monitor("explain", text).out


def test_a_link_that_is_not_stored_cannot_be_explained(project: Project) -> None:
    shown = project.monitor("explain", "https://nowhere.example/1")
    assert (shown.code, "no stored article" in shown.err) == (1, True)


def test_feeds_are_polled_listed_and_checked(bare_project: Project) -> None:
    assert json.loads(bare_project.monitor("ingest", "--json").out)["new"] > 100
    listed = json.loads(bare_project.monitor("feeds", "list", "--json").out)
    assert [feed["health"] for feed in listed] == ["healthy"] * 6
    name = listed[0]["id"]
    checked = json.loads(bare_project.monitor("feeds", "check", name, "--json").out)
    assert [(feed["id"], feed["health"], feed["entries"] > 0) for feed in checked] == [(name, "healthy", True)]
    gone = listed[0]["url"] + ".gone"
    shown = bare_project.monitor("feeds", "check", gone)
    assert (shown.code, "404" in shown.out) == (1, True)
    assert " failing " in shown.out


def test_feed_files_become_json_lines_however_bad_they_are(bare_project: Project, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(FEED, encoding="utf-8")
    bad.write_bytes(b"\x00\xff<html>no feed")
    shown = bare_project.monitor("feeds", "parse", good, bad)
    entry, first, second = lines(shown)
    assert shown.code == 0
    assert entry == {
        "file": str(good),
        "id": "g1",
        "url": "https://wire.example/1",
        "title": "A & B",
        "summary": "Words.",
        "published": "2026-11-23T10:00:00+00:00",
        "language": "en",
    }
    assert (first["file"], first["state"], first["entries"]) == (str(good), "ok", 1)
    assert (second["file"], second["entries"]) == (str(bad), 0)
    assert bare_project.monitor("feeds", "parse", good, tmp_path / "none.xml").code == 1


def test_feeds_travel_as_opml(bare_project: Project, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(bare_project.monitor("feeds", "export").out, encoding="utf-8")
    assert bare_project.monitor("feeds", "import", opml).out == ""
    more = '<opml version="2.0"><body><outline text="New: &quot;one&quot;" xmlUrl="https://new.example/rss"/></body></opml>'
    opml.write_text(more, encoding="utf-8")
    pasted = bare_project.monitor("feeds", "import", opml).out
    kept = (bare_project.config / "feeds.yaml").read_text(encoding="utf-8")
    bare_project.write("feeds.yaml", kept + pasted)
    assert "7 of 7 feeds enabled" in bare_project.monitor("config", "check").out
    opml.write_text("no opml", encoding="utf-8")
    assert bare_project.monitor("feeds", "import", opml).code == 1


def test_a_preview_is_a_page_and_stores_nothing(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "preview.html"
    shown = project.monitor("digest", "--preview", page)
    assert shown.code == 0
    assert shown.out.splitlines()[-1] == str(page)
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert json.loads(project.monitor("status", "--json").out)["digests"][0]["last_cut"] is None


def test_a_preview_that_cannot_be_written_is_one_line(project: Project) -> None:
    shown = project.monitor("digest", "--preview", "/proc/nowhere/x.html")
    assert (shown.code, shown.err.count("\n")) == (1, 1)


def test_a_digest_composed_now_ends_with_its_page(project: Project) -> None:
    shown = project.monitor("digest", "daily", "--now")
    assert shown.code == 0
    assert Path(shown.out.splitlines()[-1]).is_file()
    assert "no digest is due" in project.monitor("digest").out


def test_alerts_without_slack_are_none_and_no_error(project: Project) -> None:
    shown = project.monitor("alert")
    assert (shown.code, shown.out) == (0, "0 alerts, 0 stories, 0 grown, 0 posted, 0 refused, 0 delayed\n")
    assert json.loads(project.monitor("alert", "--json").out)["alerts"] == []


def test_a_run_tells_its_steps_its_digest_and_its_page(project: Project) -> None:
    shown = project.monitor("run", "--now")
    assert shown.code == 0
    assert [line.split()[0] for line in shown.err.splitlines()] == ["ingest", "classify", "alerts", "digests"]
    assert Path(shown.out.splitlines()[-1]).is_file()
    stories = json.loads(project.monitor("stories", "--limit", "3", "--json").out)
    assert [sorted(story["languages"]) != [] for story in stories] == [True] * 3
    assert project.monitor("stories").code == project.monitor("status").code == 0
    again = json.loads(project.monitor("classify", "--again", "--since", "2020-01-01", "--json").out)
    assert again["decided"] == 0


def test_a_file_is_grouped_and_every_bad_line_is_named(bare_project: Project, tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(
        '{"id": "a", "title": "Shoigu lands in Pyongyang to see Kim", "lang": "en", "published": "2026-11-20"}\n'
        '{"id": "b", "title": "쇼이구, 평양 도착…김정은과 회담", "lang": "ko", "published": "2026-11-20T10:00:00Z"}\n'
        '{"id": "b", "title": "Again", "published": "2026-11-20"}\n'
        '{"id": "c", "title": "When?", "published": "yesterday"}\n'
        '{"title": "Who?", "published": "2026-11-20"}\n'
        "nothing\n",
        encoding="utf-8",
    )
    shown = bare_project.monitor("stories", "group", file)
    assert shown.code == 1
    assert lines(shown) == [{"id": "a", "story": "st-a"}, {"id": "b", "story": "st-a"}]
    assert [line.split(":")[1:3] for line in shown.err.splitlines()] == [
        ["3", " id"],
        ["4", " published"],
        ["5", " id"],
        ["6", " not JSON"],
    ]


def test_an_article_is_moved_to_a_story_of_its_own(project: Project) -> None:
    project.monitor("run")
    story = json.loads(project.monitor("stories", "--json").out)[0]
    article = story["articles"][0]
    moved = json.loads(project.monitor("stories", "move", article["url"], "new", "--json").out)
    assert (moved["article_id"], moved["before"]) == (article["id"], story["id"])
    assert moved["story_id"] not in {story["id"], ""}
    assert project.monitor("stories", "move", article["id"], "st-none").code == 1


def test_a_failed_step_of_a_run_ends_with_1(bare_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.work, "corpus_folder", lambda: bare_project.home / "no-corpus")
    shown = bare_project.monitor("run", "--json")
    assert shown.code == 1
    assert set(json.loads(shown.out)["failed"]) == {"train", "classify"}


def test_the_doctor_names_what_is_wrong_and_what_to_do(bare_project: Project) -> None:
    shown = bare_project.monitor("doctor", "--json")
    found = {finding["what"]: finding for finding in json.loads(shown.out)}
    assert shown.code == 1
    assert found["config"]["state"] == "ok"
    assert found["store"]["state"] == "error"
    assert "monitor store migrate" in found["store"]["found"]
    bare_project.monitor("store", "migrate")
    found = {finding["what"]: finding for finding in json.loads(bare_project.monitor("doctor", "--json").out)}
    assert (found["store"]["state"], found["model"]["advice"]) == ("ok", "run `monitor train`")


def test_the_doctor_says_whether_slack_takes_the_token(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    found = {finding["what"]: finding for finding in json.loads(project.monitor("doctor", "--json").out)}
    assert found["slack"]["state"] == "error"


BRIDGE = """
  - name: Tumen road bridge
    near: {groups: [[Tumen*, 두만강, Туманн*, 豆満江], [bridge*, 다리, мост*, 橋, lorries]], within: 8}
    weight: 1.5
"""


def test_a_change_of_the_watch_is_tried_kept_and_told(project: Project, tmp_path: Path) -> None:
    project.monitor("ingest")
    project.monitor("classify")
    watch = (project.config / "watch.yaml").read_text(encoding="utf-8")
    new, page = tmp_path / "new.yaml", tmp_path / "trial.html"
    new.write_text(watch + BRIDGE, encoding="utf-8")
    shown = project.monitor("watch", "try", new, "--page", page)
    assert (shown.code, shown.out.splitlines()[-1]) == (0, str(page))
    assert "+ Tumen road bridge: matches" in shown.out
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    found = json.loads(project.monitor("watch", "try", new, "--json").out)
    assert found["articles"] > 100
    assert found["matched"]["Tumen road bridge"] >= 4
    project.write("watch.yaml", watch + BRIDGE)
    assert json.loads(project.monitor("watch", "try", "--json").out)["changes"][0]["kind"] == "added"
    project.monitor("classify", "--again", "--since", "2020-01-01")
    newest, oldest = json.loads(project.monitor("watch", "log", "--json").out)
    assert [change["name"] for change in newest["changes"]] == ["Tumen road bridge"]
    assert newest["alerts_per_week"][0] == oldest["alerts_per_week"][1]
    assert "+ Tumen road bridge" in project.monitor("watch", "log").out
    suggested = project.monitor("watch", "suggest")
    assert (suggested.code, "labels: 0 relevant" in suggested.err) == (0, True)
    gold = tmp_path / "gold.csv"
    gold.write_text("date,event,phrases\n2020-01-01,A bridge,Tumen*\n", encoding="utf-8")
    (verdict,) = json.loads(project.monitor("audit", "--gold", gold, "--json").out)
    assert (verdict["outcome"], verdict["gate"]) == ("missed", "feed")
    assert "1 events: 0 caught" in project.monitor("audit", "--gold", gold).out


def test_a_wrong_watch_or_list_is_told_with_its_place(project: Project, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text("terms:\n  - {name: t, any_off: [x]}\n", encoding="utf-8")
    shown = project.monitor("watch", "try", new)
    assert (shown.code, f"{new}:2: terms[0].any_off: unknown key (did you mean any_of?)" in shown.err) == (2, True)
    new.write_text("terms: []\n", encoding="utf-8")
    shown = project.monitor("watch", "try", new)
    assert (shown.code, "nothing to replay" in shown.err) == (1, True)
    gold = tmp_path / "gold.csv"
    gold.write_text("date,event\n", encoding="utf-8")
    assert project.monitor("audit", "--gold", gold).code == 2


def test_warnings_are_told_and_stop_nothing(bare_project: Project) -> None:
    bare_project.write("watch.yaml", "terms:\n  - {name: t, any_of: [shells], none_of: [shell*], weight: 9}\n")
    shown = bare_project.monitor("config", "check")
    assert shown.code == 0
    assert "watch.yaml:2: terms[0].weight: warning: 9 drowns everything else" in shown.out
    assert "watch.yaml:2: terms[0].none_of: warning: excludes all that any_of asks for" in shown.out
    assert shown.out.splitlines()[-1].endswith("2 warnings")


def test_the_doctor_says_that_runs_go_on_with_the_last_good_config(project: Project) -> None:
    project.write("watch.yaml", "terms: nonsense\n")
    found = json.loads(project.monitor("doctor", "--json").out)
    told = [(f["state"], f["advice"]) for f in found if f["what"] == "config"]
    assert told == [("error", "mend it; until then runs go on with the last good one")]


def test_coverage_is_audited_by_hand_too(bare_project: Project) -> None:
    assert json.loads(bare_project.monitor("audit", "--json").out)["enabled"] == 6


def test_models_are_listed_and_taken_back(project: Project) -> None:
    (kept,) = json.loads(project.monitor("models", "list", "--json").out)
    assert kept["in_use"]
    assert kept["version"] in project.monitor("models", "list").out
    assert project.monitor("models", "rollback").code == 1
    assert project.monitor("models", "rollback", kept["version"]).code == 0


def test_the_tables_go_down_and_up(bare_project: Project) -> None:
    assert bare_project.monitor("store", "migrate", "base").code == 0
    assert bare_project.monitor("store", "migrate").code == 0
    assert bare_project.monitor("store", "migrate", "9999").code == 1


def test_a_store_is_written_to_a_file_and_read_into_another(bare_project: Project, tmp_path: Path) -> None:
    assert bare_project.monitor("ingest").code == 0
    stored = json.loads(bare_project.monitor("status", "--json").out)["articles"]["stored"]
    assert bare_project.monitor("store", "export", tmp_path / "all.jsonl.gz", "--before", "2000-01-01").out[:2] == "0 "
    assert bare_project.monitor("store", "export", tmp_path / "all.jsonl.gz").code == 0
    bare_project.monkeypatch.setenv("MONITOR_STORE", f"sqlite:///{tmp_path / 'other.db'}")
    read = bare_project.monitor("store", "import", tmp_path / "all.jsonl.gz")
    assert f"{stored} of their articles are new here" in read.out
    assert "0 of their articles are new here" in bare_project.monitor("store", "import", tmp_path / "all.jsonl.gz").out


def test_what_is_past_the_retention_goes_into_the_archive(bare_project: Project) -> None:
    assert "nothing is past the retention" in bare_project.monitor("audit").out
    run.ingest()
    assert run.prune(now=datetime.now(UTC) + timedelta(days=900))["articles"] > 0
    assert [file.suffixes for file in (bare_project.home / "archive").iterdir()] == [[".jsonl", ".gz"]]
