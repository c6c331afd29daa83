"""The main job on the bundled sample, with nothing replaced: HTTP, feedparser, classifier, store, pages."""

import csv
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import sample
from tools.airflow_env import ROOT
from tools.run_once import Runner

if TYPE_CHECKING:
    from airflow.sdk import DAG


@pytest.fixture(scope="module")
def home(airflow_database: None, trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the DAGs made of the sample."""
    folder = tmp_path_factory.mktemp("main-job") / "home"
    shutil.copytree(trained, folder)
    terminal = (folder / "terminal").open("w+", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, sample.served(datetime.now(UTC)) as address, terminal:
        for name in ("MONITOR_STORE", "SLACK_BOT_TOKEN"):
            patch.delenv(name, raising=False)
        patch.setenv("MONITOR_HOME", str(folder))
        patch.setenv("MONITOR_CONFIG", str(sample.write_config(folder / "config", address)))
        Runner(terminal).cycle()
        yield folder


@pytest.fixture(scope="module")
def digest(home: Path) -> str:
    """The digest as it was shown in the terminal, its lines joined."""
    return " ".join((home / "pages" / "latest.txt").read_text(encoding="utf-8").split())


def titles(*, relevant: bool) -> list[str]:
    with (ROOT / "samples" / "expected.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["title"] for row in rows if (row["relevant"] == "1") == relevant]


def test_every_step_succeeds_and_says_what_it_did(home: Path) -> None:
    lines = (home / "terminal").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ingest_feeds", "success"],
        ["classify_articles", "success"],
        ["send_alerts", "success"],
        ["send_digests", "success"],
    ]
    assert "122 new" in lines[0]


def test_every_relevant_title_of_the_sample_is_told(digest: str) -> None:
    assert [title for title in titles(relevant=True) if title not in digest] == []


def test_hardly_a_decoy_of_the_sample_is_told(digest: str) -> None:
    decoys = titles(relevant=False)
    told = [title for title in decoys if title in digest]
    assert len(told) <= len(decoys) / 50, told  # the threshold promises to miss little, and that has its price


def test_old_news_is_told_apart(digest: str) -> None:
    older = digest.partition("Older, newly seen")[2]
    assert "Russia and North Korea sign accord on recognising each other's diplomas" in older


def test_the_digest_is_a_page_too(home: Path) -> None:
    assert "Content-Security-Policy" in (home / "pages" / "latest.html").read_text(encoding="utf-8")


def test_the_same_feeds_again_bring_nothing_new_and_tell_nothing_twice(
    home: Path, digest: str, dags: "dict[str, DAG]"
) -> None:
    assert dags["ingest_feeds"].test(logical_date=None, run_conf={"force": True}).state == "success"
    assert dags["classify_articles"].test(logical_date=None).state == "success"
    assert dags["send_digests"].test(logical_date=None, run_conf={"now": True}).state == "success"
    again = (home / "pages" / "latest.txt").read_text(encoding="utf-8")
    assert [title for title in titles(relevant=True) if title in again] == []


@pytest.mark.parametrize("name", ["audit_coverage", "report_week", "review_articles", "train_classifier"])
def test_each_other_dag_does_its_work_on_what_was_stored(name: str, home: Path, dags: "dict[str, DAG]") -> None:
    assert dags[name].test(logical_date=None).state == "success"
