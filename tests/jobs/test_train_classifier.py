"""Training in the product: promoted when good enough, refused with a reason, rolled back with one call."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.decision import Label
from monitor.errors import ClassifierError
from monitor.jobs import train_classifier as job
from monitor.jobs.train_classifier import load_model_in_use, roll_back, train_classifier
from monitor.store import Store
from monitor.store.labels import add_labels
from monitor.store.models import model_in_use, promote_model
from monitor.store.models import save_model as keep_model
from tests.classifier.conftest import CORPUS

FOLDER = Path(__file__).parents[2] / "models"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'monitor.db'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A small corpus, a tenth of ours, with an evaluation set beside it."""
    folder = tmp_path / "models" / "corpus"
    folder.mkdir(parents=True)
    lines = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    (folder / "part.jsonl").write_text("\n".join(lines[::10]), "utf-8")
    held_out = (FOLDER / "evaluation.jsonl").read_text("utf-8").splitlines()
    (folder.parent / "evaluation.jsonl").write_text("\n".join(held_out[::3]), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _low_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the corpus cannot reach the floors of the whole."""
    monkeypatch.setattr(job, "FLOORS", {"average_precision": 0.5})


def in_use(store: Store) -> str | None:
    with store.read() as connection:
        return model_in_use(connection)


def test_a_good_model_is_put_in_use_and_can_be_loaded_elsewhere(
    store: Store, corpus: Path, tmp_path: Path, now: datetime
) -> None:
    report = train_classifier(store, corpus, tmp_path / "here", seed=1, now=now)
    loaded = load_model_in_use(store, tmp_path / "elsewhere")
    assert report.promoted
    assert loaded is not None
    assert loaded.version == report.version == in_use(store)


def test_nothing_is_trained_when_nothing_changed(store: Store, corpus: Path, tmp_path: Path, now: datetime) -> None:
    first = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now)
    again = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now + timedelta(days=7))
    assert (again.version, again.promoted) == (first.version, False)
    assert "nothing changed" in again.why


def test_labels_are_learnt_from(store: Store, corpus: Path, tmp_path: Path, now: datetime) -> None:
    with store.write() as connection:
        given = Label(article_id="a", kind="relevance", value="1", who="ann", at=now, text="A story\nwith a lead")
        add_labels(connection, [given])
    assert train_classifier(store, corpus, tmp_path / "m", seed=1, now=now).labels == 1


def test_a_model_below_its_floors_is_refused_and_says_why(
    store: Store, corpus: Path, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "FLOORS", {"average_precision": 0.999})
    report = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now)
    assert not report.promoted
    assert "below its floor 1.00" in report.why
    assert in_use(store) is None


def test_a_worse_model_does_not_replace_the_one_in_use(
    store: Store, corpus: Path, tmp_path: Path, now: datetime
) -> None:
    good = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now)
    lines = [json.loads(line) for line in (corpus / "part.jsonl").read_text("utf-8").splitlines()]
    # a corpus in which every text outside English is called irrelevant
    spoilt = [row if row["lang"] == "en" else {**row, "relevant": 0, "themes": []} for row in lines]
    (corpus / "part.jsonl").write_text("\n".join(json.dumps(row) for row in spoilt), "utf-8")
    report = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now + timedelta(days=1))
    assert not report.promoted
    assert good.version in report.why
    assert in_use(store) == good.version


def test_a_model_in_use_that_cannot_be_read_is_replaced(
    store: Store, corpus: Path, tmp_path: Path, now: datetime
) -> None:
    with store.write() as connection:
        card = {"corpus_digest": "", "gazetteer_digest": "", "seed": 0, "product_version": ""}
        keep_model(connection, version="old", made_at=now, card=card, archive=b"rubbish")
        promote_model(connection, "old", now=now)
    assert train_classifier(store, corpus, tmp_path / "m", seed=1, now=now + timedelta(days=1)).promoted


def test_roll_back_puts_the_former_model_in_use(store: Store, corpus: Path, tmp_path: Path, now: datetime) -> None:
    first = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now)
    second = train_classifier(store, corpus, tmp_path / "m", seed=1, now=now + timedelta(days=1), force=True)
    assert in_use(store) == second.version
    assert roll_back(store, now=now + timedelta(days=2)) == first.version
    assert in_use(store) == first.version


def test_there_is_nothing_to_roll_back_to_at_first(store: Store, now: datetime) -> None:
    with pytest.raises(ClassifierError, match="no earlier model"):
        roll_back(store, now=now)


def test_rolling_back_to_an_unknown_model_names_the_kept_ones(store: Store, now: datetime) -> None:
    with pytest.raises(ClassifierError, match="kept models: none"):
        roll_back(store, now=now, version="nope")


def test_no_model_in_use_is_none_and_no_error(store: Store, tmp_path: Path) -> None:
    assert load_model_in_use(store, tmp_path) is None
