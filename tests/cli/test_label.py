"""Labelling in the terminal: one key a story, progress, taking back; labels out, in and erased."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.project import Outcome, Project


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves what it read, for the others."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def filled(project: Project, kept: Path) -> Project:
    """A project that has read and decided on the sample."""
    if kept.exists():
        shutil.copytree(kept, project.home, dirs_exist_ok=True)
    else:
        assert project.monitor("ingest").code == 0
        assert project.monitor("classify").code == 0
        shutil.copytree(project.home, kept)
    return project


def press(project: Project, keys: str, *arguments: str) -> Outcome:
    project.monkeypatch.setattr("sys.stdin", io.StringIO(keys))
    return project.monitor("label", "--who", "ann", *arguments)


def labels(project: Project) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(project.monitor("labels", "list", "--json").out)
    return found


def test_one_key_labels_one_story(filled: Project) -> None:
    done = press(filled, "yn\nq")
    assert done.code == 0
    assert done.out.endswith("2 labels given\n")
    held = labels(filled)
    assert [one["value"] for one in held] == ["1", "0"]
    assert {(one["who"], one["source"], one["kind"]) for one in held} == {("ann", "terminal", "relevance")}
    assert all(one["title"] in done.out and one["model"] for one in held)


def test_progress_is_told_and_what_was_labelled_is_not_asked_again(filled: Project) -> None:
    first = press(filled, "yyq")
    assert "0 labelled; of " in first.out
    second = press(filled, "q")
    assert "2 labelled; of " in second.out
    assert all(one["title"] not in second.out for one in labels(filled))


def test_a_label_can_be_taken_back(filled: Project) -> None:
    done = press(filled, "yuq")
    assert "taken back" in done.out
    assert done.out.endswith("0 labels given\n")
    assert labels(filled) == []


def test_what_is_skipped_is_not_asked_again_in_the_same_sitting(filled: Project) -> None:
    done = press(filled, "s" * 200)
    asked = re.findall(r"^  .+ score \d", done.out, re.MULTILINE)
    left = int(re.findall(r"of (\d+) other", done.out)[-1])
    assert len(asked) == left
    assert labels(filled) == []


def test_a_wrong_key_says_which_there_are(filled: Project) -> None:
    assert press(filled, "xq").out.count("y relevant") == 2


def test_the_limit_ends_it(filled: Project) -> None:
    assert press(filled, "y" * 20, "--limit", "3").out.endswith("3 labels given\n")


def test_the_sample_from_below_the_line_is_asked_and_answered(filled: Project) -> None:
    assert filled.monitor("review").out.startswith("1 drawn")
    done = press(filled, "n" * 60, "--review")
    assert len(labels(filled)) > 5
    assert "nothing is left to ask about" in done.out
    said = filled.monitor("review", "--missed")
    assert said.code == 0
    assert "Recall is about" in said.out
    assert json.loads(filled.monitor("review", "--missed", "--json").out)["recall"]


@pytest.mark.parametrize("name", ["labels.jsonl", "labels.csv"])
def test_labels_go_to_another_store_and_come_in_once(filled: Project, name: str, tmp_path: Path) -> None:
    press(filled, "ynq")
    held, file = labels(filled), tmp_path / name
    assert filled.monitor("labels", "export", file).out.startswith("2 labels")
    assert filled.monitor("labels", "erase", "--who", "ann").code == 0
    assert filled.monitor("labels", "import", file).out == "2 read, 2 new\n"
    assert filled.monitor("labels", "import", file).out == "2 read, 0 new\n"
    assert labels(filled) == held


def test_a_file_without_names_is_imported_under_the_name_given(bare_project: Project, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"title": "Shells by rail", "value": 1}\n', "utf-8")
    failed = bare_project.monitor("labels", "import", file)
    assert failed.code == 1
    assert "mine.jsonl:1: who" in failed.err
    assert bare_project.monitor("labels", "import", file, "--who", "bob").out == "1 read, 1 new\n"
    assert "Shells by rail" in bare_project.monitor("labels", "list", "--who", "bob").out


def test_erasing_somebody_who_said_nothing_is_an_error(bare_project: Project) -> None:
    done = bare_project.monitor("labels", "erase", "--who", "nobody")
    assert (done.code, done.err) == (1, "there are no labels of 'nobody'\n")
