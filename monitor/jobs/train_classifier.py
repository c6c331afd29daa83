"""Train on corpus and labels; put the new model in use only if it reaches its floors and is not worse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import monitor
from monitor.classifier import (
    Example,
    Model,
    evaluate,
    from_labels,
    load_model,
    pack_model,
    read_corpus,
    read_examples,
    save_model,
    train,
    unpack_model,
)
from monitor.classifier.artifacts import card_to_dict
from monitor.classifier.corpus import digest_of
from monitor.classifier.gazetteer import gazetteer
from monitor.errors import ClassifierError, ModelMismatchError
from monitor.store import Store
from monitor.store.labels import all_labels
from monitor.store.models import list_models, load_archive, model_in_use, promote_model
from monitor.store.models import save_model as keep_model

EVALUATION = "evaluation.jsonl"  # beside the corpus's folder: texts that no model is trained on
FLOORS: Mapping[str, float] = {"average_precision": 0.85, "recall_at_precision_90": 0.60, "digest_recall": 0.85}
TOLERANCE = 0.01  # about the sampling error of average precision on a few hundred texts


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What training came to: ``version`` of the new model, whether it is in use now, and ``why`` in one sentence."""

    version: str
    promoted: bool
    why: str
    previous: str | None
    items: int
    labels: int
    figures: Mapping[str, Any]
    folder: Path | None

    def counts(self) -> dict[str, int]:
        """For the log of runs."""
        return {"items": self.items, "labels": self.labels, "promoted": int(self.promoted)}


def train_classifier(
    store: Store, corpus: Path, models: Path, *, seed: int, now: datetime, force: bool = False
) -> TrainReport:
    """Train on ``corpus`` and the stored labels, save under ``models``, keep in the store, promote if good enough.

    When nothing that training reads has changed since the model in use was made, nothing is trained (``force`` trains
    all the same). Raises ClassifierError for a corpus that cannot be used.
    """
    with store.read() as connection:
        labelled = from_labels(all_labels(connection))
        previous, cards = model_in_use(connection), {version: card for version, _, _, card in list_models(connection)}
    examples = [*read_corpus(corpus), *labelled]
    if previous and not force and _unchanged(cards[previous], examples, seed):
        return _report(cards[previous], previous, promoted=False, why="nothing changed since the model in use was made")
    trained = train(examples, seed=seed, made_at=now, product_version=monitor.__version__)
    folder = save_model(trained, models)
    card = card_to_dict(trained.model.card)
    with store.write() as connection:
        keep_model(connection, version=trained.model.version, made_at=now, card=card, archive=pack_model(folder))
    refusal = _below_floors(card["figures"]) or _worse(store, trained.model, previous, corpus)
    if refusal:
        return _report(card, previous, promoted=False, why=f"not put in use: {refusal}", folder=folder)
    with store.write() as connection:
        promote_model(connection, trained.model.version, now=now)
    return _report(card, previous, promoted=True, why="put in use", folder=folder)


def load_model_in_use(store: Store, models: Path) -> Model | None:
    """The model in use, unpacked from the store into ``models`` when it is not there yet; None when there is none."""
    with store.read() as connection:
        version = model_in_use(connection)
        if version is None:
            return None
        folder = models / version
        if not (folder / "card.json").is_file():
            archive = load_archive(connection, version)
            if archive is not None:
                unpack_model(archive, folder)
    return load_model(folder)


def roll_back(store: Store, *, now: datetime, version: str = "") -> str:
    """Put ``version`` in use again, or else the model that was in use before the present one; returns its version."""
    with store.write() as connection:
        kept = list_models(connection)
        promoted = sorted(((at, name) for name, _, at, _ in kept if at is not None), reverse=True)
        wanted = version or (promoted[1][1] if len(promoted) > 1 else "")
        if not wanted:
            raise ClassifierError("there is no earlier model to go back to")
        if not promote_model(connection, wanted, now=now):
            known = ", ".join(name for name, *_ in kept) or "none"
            raise ClassifierError(f"no model {wanted!r} in the store; kept models: {known}")
    return wanted


def _unchanged(card: Mapping[str, Any], examples: Sequence[Example], seed: int) -> bool:
    now = (digest_of(examples), gazetteer().digest, seed, monitor.__version__)
    return now == (card["corpus_digest"], card["gazetteer_digest"], card["seed"], card["product_version"])


def _below_floors(figures: Mapping[str, Any]) -> str:
    short = [
        f"{name.replace('_', ' ')} {figures[name]:.3f} is below its floor {floor:.2f}"
        for name, floor in FLOORS.items()
        if figures[name] < floor
    ]
    return "; ".join(short)


def _worse(store: Store, model: Model, previous: str | None, corpus: Path) -> str:
    """Why the new model is worse than the one in use, on texts that neither was trained on; empty when it is not."""
    held_out = corpus.parent / EVALUATION
    if previous is None or not held_out.is_file():
        return ""
    with store.read() as connection:
        archive = load_archive(connection, previous)
    try:
        with TemporaryDirectory() as folder:
            unpack_model(archive or b"", Path(folder))
            old_model = load_model(Path(folder))
    except ModelMismatchError:
        return ""  # the one in use cannot be used any more: anything above the floors is better
    items = read_examples(held_out)
    new, old = (evaluate(each, items, rounds=0).figures for each in (model, old_model))
    for name in ("average_precision", "recall"):
        mine, theirs = getattr(new, name), getattr(old, name)
        if mine < theirs - TOLERANCE:
            return f"{name} {mine:.3f} on {held_out.name}; the model in use ({previous}) has {theirs:.3f}"
    return ""


def _report(
    card: Mapping[str, Any], previous: str | None, *, promoted: bool, why: str, folder: Path | None = None
) -> TrainReport:
    return TrainReport(
        version=card["version"],
        promoted=promoted,
        why=why,
        previous=previous,
        items=card["corpus_items"],
        labels=card["labels"],
        figures=card["figures"],
        folder=folder,
    )
