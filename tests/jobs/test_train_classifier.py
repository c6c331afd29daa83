"""Training in the product: promoted when good enough, refused with a reason, rolled back with one call."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.classifier import Difference
from monitor.core.decision import Label
from monitor.errors import ClassifierError, ModelMismatchError
from monitor.jobs import train_classifier as job
from monitor.jobs.train_classifier import TrainReport, load_model_in_use, roll_back, train_classifier, worse
from monitor.store import Store
from monitor.store.labels import add_labels, erase_labels
from monitor.store.models import list_evaluations, list_models, model_in_use, promote_model
from monitor.store.models import save_model as keep_model
from tests.classifier.conftest import CORPUS
from tests.conftest import NOW

DAY = timedelta(days=1)
SEED = 1
FLOORS = {"average_precision": 0.5}  # a tenth of the corpus cannot reach those of the whole


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a tenth of the corpus, a third of the evaluation set, and the model that they make, in use."""
    home = tmp_path_factory.mktemp("begun")
    corpus = home / "texts" / "corpus"
    corpus.mkdir(parents=True)
    lines = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    (corpus / "part.jsonl").write_text("\n".join(lines[::10]), "utf-8")
    held_out = (CORPUS.parent / "evaluation.jsonl").read_text("utf-8").splitlines()
    (corpus.parent / "evaluation.jsonl").write_text("\n".join(held_out[::3]), "utf-8")
    store = Store(f"sqlite:///{home / 'monitor.db'}")
    store.migrate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "FLOORS", FLOORS)
        train_classifier(store, corpus, home / "models", seed=SEED, now=NOW)
    store.close()
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it."""
    monkeypatch.setattr(job, "FLOORS", FLOORS)
    return shutil.copytree(begun, tmp_path / "home")


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{home / 'monitor.db'}")
    yield opened
    opened.close()


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Store]:
    """A store without a model."""
    opened = Store(sqlite_url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def taught(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainReport]:
    """A copy of it that was trained again after a person had said something, and the report of that."""
    home = shutil.copytree(begun, tmp_path_factory.mktemp("taught") / "home")
    store = Store(f"sqlite:///{home / 'monitor.db'}")
    judge(store, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "FLOORS", FLOORS)
        report = train_again(store, home)
    store.close()
    return home, report


@pytest.fixture
def taught_home(taught: tuple[Path, TrainReport], home: Path) -> Path:
    """A copy of that: for tests of what comes after a second training."""
    shutil.rmtree(home)
    return shutil.copytree(taught[0], home)


def train_again(store: Store, home: Path, *, days: int = 1, force: bool = False) -> TrainReport:
    return train_classifier(
        store, home / "texts" / "corpus", home / "models", seed=SEED, now=NOW + days * DAY, force=force
    )


def in_use(store: Store) -> str:
    with store.read() as connection:
        return model_in_use(connection) or ""


def judge(store: Store, now: datetime) -> None:
    """A person says something about an article, so that there is something to learn."""
    with store.write() as connection:
        given = Label(article_id="a", kind="relevance", value="1", who="ann", at=now, text="A story\nwith a lead")
        add_labels(connection, [given])


def spoil(home: Path) -> None:
    """A corpus in which every text outside English is called irrelevant."""
    file = home / "texts" / "corpus" / "part.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    spoilt = [row if row["lang"] == "en" else {**row, "relevant": 0, "themes": []} for row in lines]
    file.write_text("\n".join(json.dumps(row) for row in spoilt), "utf-8")


def test_a_model_in_use_can_be_loaded_on_another_machine(store: Store, tmp_path: Path) -> None:
    loaded = load_model_in_use(store, tmp_path / "elsewhere")
    assert loaded is not None
    assert loaded.version == in_use(store)


def test_a_model_changed_on_disk_is_unpacked_anew(store: Store, tmp_path: Path) -> None:
    first = load_model_in_use(store, tmp_path)
    words = tmp_path / in_use(store) / "vocabulary.txt"
    kept = words.read_bytes()
    words.write_bytes(kept.replace(b"a", b"b"))
    again = load_model_in_use(store, tmp_path)
    assert (words.read_bytes(), again and again.version) == (kept, first and first.version)


def test_nothing_is_trained_when_nothing_changed(store: Store, home: Path) -> None:
    report = train_again(store, home)
    assert (report.trained, report.promoted, report.version) == (False, False, in_use(store))
    assert report.why == "nothing changed since the model in use was made"


def test_labels_are_learnt_from_and_both_models_measured_on_the_same_texts(
    store: Store, taught: tuple[Path, TrainReport]
) -> None:
    before, (home, report) = in_use(store), taught
    assert (report.labels, report.trained, report.previous) == (1, True, before)
    assert {"average_precision", "precision", "recall", "theme_micro_f1"} <= {each.name for each in report.differences}
    assert all(each.low <= each.new - each.old <= each.high for each in report.differences)
    after = Store(f"sqlite:///{home / 'monitor.db'}")
    with after.read() as connection:
        (kept,) = list_evaluations(connection, report.version)
    after.close()
    figures = {each.name: each.new for each in report.differences}
    assert kept.name == "evaluation.jsonl"
    assert kept.report["figures"]["average_precision"] == figures["average_precision"]


def test_the_same_texts_give_a_model_that_is_not_worse_and_is_promoted_when_forced(store: Store, home: Path) -> None:
    first = in_use(store)
    report = train_again(store, home, force=True)
    assert (report.promoted, report.previous) == (True, first)
    assert {each.new - each.old for each in report.differences} == {0.0}
    assert report.version == in_use(store)
    assert report.version.split("-")[-1] == first.split("-")[-1], "the mark of what it was made of"


def test_a_model_below_its_floors_is_refused_and_says_why(
    store: Store, home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_use(store)
    monkeypatch.setattr(job, "FLOORS", {"average_precision": 0.999})
    judge(store, now)
    report = train_again(store, home)
    assert (report.trained, report.promoted) == (True, False)
    assert "below its floor 1.00" in report.why
    assert in_use(store) == before


def test_a_worse_model_does_not_replace_the_one_in_use_and_is_not_trained_again(store: Store, home: Path) -> None:
    before = in_use(store)
    spoil(home)
    refused = train_again(store, home)
    assert not refused.promoted
    assert "worse on evaluation.jsonl: average precision" in refused.why
    assert in_use(store) == before
    again = train_again(store, home, days=8)
    assert (again.trained, again.version) == (False, refused.version)
    assert f"monitor models rollback {refused.version}" in again.why


def test_a_model_that_was_rolled_back_does_not_come_again_by_itself(
    taught_home: Path, taught: tuple[Path, TrainReport], store: Store, now: datetime
) -> None:
    second = taught[1]
    with store.write() as connection:
        promote_model(connection, second.version, now=now + DAY)
    assert roll_back(store, now=now + 2 * DAY) == second.previous
    report = train_again(store, taught_home, days=7)
    assert (report.trained, in_use(store)) == (False, second.previous)
    assert "rolled back" in report.why


def test_a_model_in_use_that_cannot_be_read_is_replaced(store: Store, home: Path, now: datetime) -> None:
    with store.write() as connection:
        keep_model(connection, version="old", made_at=now, card={}, archive=b"rubbish")
        promote_model(connection, "old", now=now + DAY)
    report = train_again(store, home, days=2)
    assert (report.promoted, report.previous) == (True, None)


@pytest.mark.parametrize(
    ("name", "new", "low", "high", "refused"),
    [
        ("average_precision", 0.885, -0.05, 0.02, True),  # more than the tolerance below
        ("average_precision", 0.895, -0.02, 0.01, False),
        ("recall", 0.895, -0.009, -0.001, True),  # a little, but surely
        ("precision", 0.85, -0.12, 0.02, False),  # perhaps by chance
        ("precision", 0.85, -0.09, -0.01, True),
        ("theme_micro_f1", 0.80, -0.15, -0.05, True),
        ("calibration_error", 0.5, -0.45, -0.35, False),  # told, but not judged
        ("recall", 0.95, 0.01, 0.09, False),
    ],
)
def test_worse_is_much_below_or_surely_below(name: str, new: float, low: float, high: float, refused: bool) -> None:
    said = worse([Difference(name=name, new=new, old=0.9, low=low, high=high)])
    assert bool(said) is refused
    assert (name.replace("_", " ") in said) is refused


def test_roll_back_puts_the_former_model_in_use(
    taught_home: Path, taught: tuple[Path, TrainReport], store: Store, now: datetime
) -> None:
    second = taught[1]
    with store.write() as connection:
        promote_model(connection, second.version, now=now + DAY)
    assert in_use(store) == second.version
    assert roll_back(store, now=now + 2 * DAY) == second.previous
    assert in_use(store) == second.previous


def test_there_is_nothing_to_roll_back_to_at_first(empty: Store, now: datetime) -> None:
    with pytest.raises(ClassifierError, match="no earlier model"):
        roll_back(empty, now=now)


def test_rolling_back_to_an_unknown_model_names_the_kept_ones(empty: Store, now: datetime) -> None:
    with pytest.raises(ClassifierError, match="kept models: none"):
        roll_back(empty, now=now, version="nope")


def test_rolling_back_to_a_model_that_cannot_be_used_leaves_the_present_one(store: Store, now: datetime) -> None:
    before = in_use(store)
    with store.write() as connection:
        keep_model(connection, version="old", made_at=now - DAY, card={}, archive=b"rubbish")
    with pytest.raises(ModelMismatchError, match="damaged"):
        roll_back(store, now=now + DAY, version="old")
    assert in_use(store) == before


def test_no_model_in_use_is_none_and_no_error(empty: Store, tmp_path: Path) -> None:
    assert load_model_in_use(empty, tmp_path) is None


def people_say(store: Store, home: Path, now: datetime, **wrong: bool) -> None:
    """Each of these people judges the same 40 texts that the model does not know, rightly or wrongly."""
    lines = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines[5::90]][:40]
    given = [
        Label(
            article_id=row["id"],
            kind="relevance",
            value=str(int(bool(row["relevant"]) != lies)),
            who=who,
            at=now + timedelta(seconds=number),
            text=f"{row['title']}\n{row['summary']}",
        )
        for who, lies in wrong.items()
        for number, row in enumerate(rows)
    ]
    with store.write() as connection:
        add_labels(connection, given)


def test_who_answers_always_wrong_is_noticed_and_changes_nothing_in_the_model(
    store: Store, home: Path, now: datetime
) -> None:
    people_say(store, home, now, ann=False, bob=False, eve=True)
    report = train_again(store, home)
    assert [one.who for one in report.labellers if one.doubtful] == ["eve"]
    assert report.labellers[0].weight == 0.0
    figures = {each.name: each for each in report.differences}
    assert figures["average_precision"].new > figures["average_precision"].old - 0.01
    assert report.promoted


def test_erased_labels_leave_the_next_training(store: Store, home: Path, now: datetime) -> None:
    people_say(store, home, now, ann=False, bob=False)
    assert train_again(store, home).labels == 80
    with store.write() as connection:
        erase_labels(connection, who="ann")
    report = train_again(store, home, days=2)
    assert (report.trained, report.labels) == (True, 40)
    assert [one.who for one in report.labellers] == ["bob"]


def test_labels_do_not_move_the_threshold_by_being_wrong(store: Store, home: Path, now: datetime) -> None:
    people_say(store, home, now, eve=True)
    train_again(store, home)
    with store.read() as connection:
        (new, old) = [card["thresholds"]["digest"] for _, _, _, card in list_models(connection)]
    assert new == pytest.approx(old, abs=0.03)
