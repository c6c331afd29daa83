"""The config folder: what is wrong is told at once and in its place; what is right becomes core types."""

import json
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.core.click import People
from monitor.core.decision import Thresholds
from monitor.core.digest import AlertSpec
from monitor.core.feed import FeedKind, Tier
from monitor.errors import SettingsError
from monitor.settings import load_or_last_good, load_settings, settings_from_texts
from monitor.settings.document import read_document

SHIPPED = Path(__file__).parents[2] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped config, to be broken."""
    copied = tmp_path / "config"
    copied.mkdir()
    for kind in ("feeds", "watch", "themes", "monitor"):
        (copied / f"{kind}.yaml").write_text((SHIPPED / f"{kind}.yaml").read_text())
    return copied


def problems(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


def test_the_shipped_config_is_right() -> None:
    settings = load_settings(SHIPPED)
    assert len(settings.feeds) >= 100
    assert {feed.tier for feed in settings.feeds} == set(Tier)
    assert all(feed.reason for feed in settings.feeds if not feed.enabled)
    assert {feed.id for feed in settings.feeds if feed.kind is FeedKind.PAGE} == {"us-ofac", "msmt"}
    assert {"en", "ko", "ru", "zh", "ja", "pl", "de", "fr", "es", "uk"} <= {
        language for term in settings.watch.terms for language in term.languages
    }
    assert len(settings.themes) == 9
    assert settings.retention == timedelta(days=400)
    assert settings.digests[0].time_zone == "Europe/Brussels"
    assert settings.alerts[0].quiet == (time(23, 0), time(6, 30))


WATCH = """\
terms:
  - name: bridge
    any_off: [Tumen]
    weight: heavy
    themes: [sanction]
    languages: kr
  - name: bridge
    any_of: ["/a(b/", 5]
    in: titel
    near: {groups: [[Kim], []], within: 900}
  - just text
  - name: nothing
  - name: twice
    any_of: [one]
    any_of: [two]
    outlets: [Yonhapp]
"""


def test_every_problem_of_a_file_is_told_at_once_with_its_line(folder: Path) -> None:
    (folder / "watch.yaml").write_text(WATCH)
    found = problems(folder)
    for line, beginning in (
        (3, "terms[0].any_off: unknown key (did you mean any_of?)"),
        (4, "terms[0].weight: must be a number"),
        (5, "terms[0].themes[0]: 'sanction' is not a theme (did you mean sanctions?)"),
        (6, "terms[0].languages: 'kr' is not a two-letter language code such as en, ko, ru (did you mean ko?)"),
        (7, "terms[1].name: 'bridge' stands twice, first in line 2"),
        (8, "terms[1].any_of[0]: /a(b/ is not a regular expression"),
        (8, "terms[1].any_of[1]: must be text; put it in quotes"),
        (9, "terms[1].in: 'titel' must be title, text or both (did you mean title?)"),
        (10, "terms[1].near: within must be"),
        (11, "terms[2]: must hold keys"),
        (12, "terms[3]: says nothing to look for"),
        (15, "terms[4].any_of: stands twice, first in line 14"),
    ):
        assert any(problem.startswith(f"watch.yaml:{line}: {beginning}") for problem in found), (line, beginning)


def test_problems_of_all_four_files_come_together(folder: Path) -> None:
    (folder / "feeds.yaml").write_text("feeds:\n  - id: a\n\turl: x\n")
    (folder / "themes.yaml").unlink()
    monitor = (folder / "monitor.yaml").read_text()
    (folder / "monitor.yaml").write_text(monitor.replace("0 8 * * *", "0 25 * * *").replace("Brussels", "Brusels", 1))
    found = "\n".join(problems(folder))
    assert "feeds.yaml:3: (file): not valid YAML" in found
    assert "a tab? YAML indents with blanks" in found
    assert "themes.yaml:1: (file): cannot be read" in found
    assert "digests[0].cron: '0 25 * * *' is not a cron line" in found
    assert "(did you mean Europe/Brussels?)" in found


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("feeds", "id: 38north", "id: nknews", "'nknews' stands twice"),
        ("feeds", "tier: wire", "tier: wires", "(did you mean wire?)"),
        ("feeds", "https://www.38north.org/feed/", "htp://38north", "is not an http or https address"),
        ("feeds", "https://www.38north.org/feed/", "https://me:secret@38north.org/", "secrets do not belong"),
        ("feeds", "interval: 2h", "interval: 2 hours", "30m, 6h or 90d"),
        ("feeds", "country: KR", "country: kr", "two capital letters"),
        ("feeds", "interval: 30m\n", "interval: 30m\n    enabled: false\n", "needs a reason"),
        ("themes", "id: durability", "id: sanctions", "the classifier's themes are not all here: durability"),
        ("monitor", '"#dprk-russia"', "dprk-russia", "is not a Slack channel"),
        ("monitor", "id: evening", "id: morning", "stands twice"),
        ("monitor", "contact:", "contct:", "unknown key (did you mean contact?)"),
        ("monitor", "max_stories: 60", "max_stories: many", "must be a whole number"),
        ("monitor", "language: en", "language: english", "is not a two-letter language code"),
        ("monitor", "quiet: 23:00-06:30", "quiet: 23-7", "such as 22:00-07:00"),
        ("monitor", "quiet: 23:00-06:30", "quiet: 7:00-07:00", "begins when it ends"),
        ("monitor", "quiet: 23:00-06:30", "weekdays: [mon, tues]", "'tues' is not a day of the week"),
        ("monitor", "quiet: 23:00-06:30", "weekdays: []", "weekdays"),
        ("monitor", "quiet: 23:00-06:30", "translate: https://x.example/", "has no {url} in it"),
        ("monitor", "quiet: 23:00-06:30", "translate: ftp://{url}", "is not an http or https address"),
        ("monitor", "cool_down: 0m", "cool_down: 2d", "cool_down of more than 24h"),
        ("monitor", "max_per_hour: 6", "max_per_hour: 0", "greater than or equal to 1"),
        ("monitor", "  - id: urgent\n    channel:", "    channel:", "must be a list"),
        ("monitor", "retention: 400d", "retention: 20d", "is too short: digests look back 30 days"),
        ("monitor", "retention: 400d", "people: {users: [anna]}", "'anna' is not the id of a Slack user"),
        ("monitor", "retention: 400d", "people: {user_groups: [U0123456789]}", "is not the id of a Slack user group"),
        ("monitor", "retention: 400d", "people: {channel: x}", "unknown key (did you mean channels?)"),
        ("watch", "weight: 0.5", "weight: .inf", "must be"),
        ("watch", "weight: 0.5", "outlets: [Yonhapp]", "(did you mean Yonhap?)"),
    ],
)
def test_a_slip_is_told_with_advice(folder: Path, file: str, old: str, new: str, told: str) -> None:
    path = folder / f"{file}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = problems(folder)
    assert any(problem.startswith(f"{file}.yaml:") and told in problem for problem in found), found


def test_an_empty_file_is_a_problem_and_not_a_crash(folder: Path) -> None:
    (folder / "watch.yaml").write_text("# nothing\n")
    assert problems(folder) == ["watch.yaml:1: (file): is empty; see docs/tuning.md for an example"]


def test_words_that_old_yaml_takes_for_something_else_stay_words(folder: Path) -> None:
    (folder / "watch.yaml").write_text("terms:\n  - {name: on, any_of: [no, 12:30, 2026-01-01], languages: no}\n")
    term = load_settings(folder).watch.terms[0]
    assert (term.name, term.any_of, term.languages) == ("on", ("no", "12:30", "2026-01-01"), ("no",))


def test_stored_texts_give_the_same_settings(folder: Path) -> None:
    settings = load_settings(folder)
    assert settings_from_texts(settings.texts) == settings


def test_a_broken_file_falls_back_to_its_last_good_text_and_says_so(folder: Path) -> None:
    good = load_settings(folder)
    (folder / "watch.yaml").write_text("terms: nonsense\n")
    monitor = (folder / "monitor.yaml").read_text()
    (folder / "monitor.yaml").write_text(monitor.replace("max_stories: 60", "max_stories: 61"))
    settings, wrong = load_or_last_good(folder, good.texts)
    assert settings.watch == good.watch
    assert settings.digests[0].max_stories == 61
    assert wrong == (f"{folder}/watch.yaml:1: terms: must be a list",)


def test_a_broken_config_with_nothing_stored_is_an_error(folder: Path) -> None:
    (folder / "watch.yaml").write_text("terms: nonsense\n")
    with pytest.raises(SettingsError):
        load_or_last_good(folder, None)


def test_a_right_config_needs_no_last_good_one(folder: Path) -> None:
    settings, wrong = load_or_last_good(folder, {"watch": "terms: nonsense"})
    assert wrong == ()
    assert settings.texts["watch"] == (folder / "watch.yaml").read_text()


def test_the_version_changes_with_the_meaning_only(folder: Path) -> None:
    before = load_settings(folder)
    watch = folder / "watch.yaml"
    watch.write_text("# a remark\n" + watch.read_text())
    assert load_settings(folder).watch.version == before.watch.version
    watch.write_text(watch.read_text().replace("weight: 0.5", "weight: 0.6", 1))
    assert load_settings(folder).watch.version != before.watch.version
    monitor = folder / "monitor.yaml"
    monitor.write_text(monitor.read_text() + "\nthresholds: {digest: 0.4}\n")
    assert load_settings(folder).version != before.version


def test_thresholds_of_the_operator_stand_in_for_the_models(folder: Path) -> None:
    monitor = folder / "monitor.yaml"
    monitor.write_text(monitor.read_text() + "\nthresholds: {digest: 0.4, themes: {sanctions: 0.2}}\n")
    applied = load_settings(folder).thresholds.applied_to(Thresholds(digest=0.6, alert=0.9, themes={"durability": 0.3}))
    assert applied == Thresholds(digest=0.4, alert=0.9, themes={"durability": 0.3, "sanctions": 0.2})


def test_alerts_and_digests_are_read_with_all_that_they_can_say(folder: Path) -> None:
    text = (folder / "monitor.yaml").read_text()
    alert = """  - id: hanbando
    channel: C0123456789
    time_zone: Asia/Seoul
    language: ko
    themes: sanctions
    languages: [ko, ja]
    tiers: [wire]
    min_score: 0.9
    quiet: 22:00-07:00
    weekdays: [mon, tue, wed, thu, fri]
    max_per_hour: 3
    cool_down: 30m
    translate: https://translate.example/?u={url}
"""
    text = text.replace("alerts:\n", f"alerts:\n{alert}")
    text = text.replace(
        "    max_stories: 30\n", "    max_stories: 30\n    translate: https://translate.example/?u={url}\n"
    )
    (folder / "monitor.yaml").write_text(text)
    settings = load_settings(folder)
    assert settings.alerts[0] == AlertSpec(
        id="hanbando",
        channel="C0123456789",
        time_zone="Asia/Seoul",
        language="ko",
        themes=("sanctions",),
        languages=("ko", "ja"),
        tiers=("wire",),
        min_score=0.9,
        quiet=(time(22), time(7)),
        weekdays=(0, 1, 2, 3, 4),
        max_per_hour=3,
        cool_down=timedelta(minutes=30),
        translate="https://translate.example/?u={url}",
    )
    assert settings.digests[1].translate == "https://translate.example/?u={url}"
    assert settings_from_texts(settings.texts) == settings


def test_no_alerts_at_all_are_an_empty_list(folder: Path) -> None:
    text = (folder / "monitor.yaml").read_text()
    start, end = text.index("alerts:\n"), text.index("# Smallest")
    (folder / "monitor.yaml").write_text(text[:start] + "alerts: []\n" + text[end:])
    assert load_settings(folder).alerts == ()


def test_people_who_may_label_are_channels_groups_and_single_ones(folder: Path) -> None:
    file = folder / "monitor.yaml"
    assert load_settings(folder).people == People()
    file.write_text(
        f"{file.read_text()}people:\n  channels: '#analysts'\n  user_groups: [S0123456789]\n  users: U0123456789\n"
    )
    found = load_settings(folder).people
    assert found == People(channels=("#analysts",), user_groups=("S0123456789",), users=("U0123456789",))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 100_000, "&a [*a]", "a: \ud800"],
    ids=["brackets", "items", "itself", "half a letter"],
)
def test_a_hostile_document_is_a_problem_and_ends_no_process(text: str) -> None:
    assert "x.yaml:1: (file): not valid YAML: " in read_document("x.yaml", text).problems[0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", ".", "..", "", "a\\b", "a\x00b", "con:", "x" * 300])
def test_no_id_can_lead_out_of_a_folder_or_into_another_ledger(folder: Path, name: str) -> None:
    for file, known in (("feeds", "id: 38north"), ("monitor", "id: morning")):
        text = (folder / f"{file}.yaml").read_text(encoding="utf-8")
        (folder / f"{file}.yaml").write_text(text.replace(known, f"id: {json.dumps(name)}"), encoding="utf-8")
    found = problems(folder)
    assert [file for file in ("feeds", "monitor") if not any(p.startswith(f"{file}.yaml:") for p in found)] == []


@pytest.mark.parametrize(("words", "shards"), [("auto", None), ("4", 4)])
def test_shards_are_as_many_as_the_poll_needs_or_as_the_operator_says(
    folder: Path, words: str, shards: int | None
) -> None:
    file = folder / "monitor.yaml"
    file.write_text(file.read_text().replace("shards: auto", f"shards: {words}"))
    assert load_settings(folder).fetch.shards == shards


@pytest.mark.parametrize("words", ["0", "33", "many", "true"])
def test_a_number_of_shards_that_makes_no_sense_is_told(folder: Path, words: str) -> None:
    file = folder / "monitor.yaml"
    file.write_text(file.read_text().replace("shards: auto", f"shards: {words}"))
    assert [problem.partition("fetch.shards")[2] for problem in problems(folder)] == [
        ": must be auto, or a number from 1 to 32"
    ]
