"""Train on corpus and labels; put the new model in use only if it reaches its floors and is not worse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import monitor
from monitor import log
from monitor.classifier import (
    Difference,
    Example,
    Labeller,
    Model,
    compare,
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
from monitor.classifier.artifacts import card_to_dict, hash_of_folder
from monitor.classifier.corpus import digest_of
from monitor.classifier.gazetteer import gazetteer
from monitor.errors import ClassifierError, ModelMismatchError, ModelNotFoundError
from monitor.store import Store
from monitor.store.labels import all_labels
from monitor.store.models import (
    Evaluation,
    hash_of,
    list_models,
    load_archive,
    model_in_use,
    promote_model,
    save_evaluation,
)
from monitor.store.models import save_model as keep_model

EVALUATION = "evaluation.jsonl"  # beside the corpus's folder: texts that no model is trained on
FLOORS: Mapping[str, float] = {"average_precision": 0.85, "recall_at_precision_90": 0.60, "digest_recall": 0.85}
TOLERANCE = 0.01  # about the sampling error of average precision on a few hundred texts
NOT_MUCH_WORSE = {"average_precision", "recall"}  # what the watch lives on: a drop by TOLERANCE is too much
NOT_SURELY_WORSE = {*NOT_MUCH_WORSE, "precision", "theme_micro_f1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What training came to: the ``version`` that was made (or made before of the same texts), and ``why`` it is used.

    ``previous``: the model that was in use, if it can be used. ``differences``: both on the same held-out texts.
    """

    version: str
    trained: bool
    promoted: bool
    why: str
    previous: str | None
    items: int
    labels: int
    differences: tuple[Difference, ...] = ()
    labellers: tuple[Labeller, ...] = ()
    """Who gave labels, the least trusted first."""

    def counts(self) -> dict[str, int]:
        """For the log of runs."""
        return {
            "items": self.items,
            "labels": self.labels,
            "trained": int(self.trained),
            "promoted": int(self.promoted),
        }


def train_classifier(
    store: Store, corpus: Path, models: Path, *, seed: int, now: datetime, force: bool = False
) -> TrainReport:
    """Train on ``corpus`` and the stored labels, save under ``models``, keep in the store, promote if good enough.

    When a kept model was made of the very same, nothing is trained (``force`` trains all the same): neither a model
    that was refused nor one that people rolled back comes again by itself. Raises ClassifierError for a corpus that
    cannot be used.
    """
    with store.read() as connection:
        labelled, cards = from_labels(all_labels(connection)), {v: card for v, _, _, card in list_models(connection)}
    examples = [*read_corpus(corpus), *labelled]
    old = _usable_model(store)
    if old is not None and not force and (same := _made_of(examples, seed, cards, preferred=old.version)):
        return _report(cards[same], old, why=_nothing_new(same, old.version))
    trained = train(examples, seed=seed, made_at=now, product_version=monitor.__version__)
    folder, card = save_model(trained, models), card_to_dict(trained.model.card)
    with store.write() as connection:
        keep_model(connection, version=trained.model.version, made_at=now, card=card, archive=pack_model(folder))
    differences = _judged(store, trained.model, old, corpus.parent / EVALUATION, now=now)
    refusal = _below_floors(card["figures"]) or worse(differences)
    made = _report(card, old, trained=True, why="put in use", differences=differences, labellers=trained.labellers)
    log.info("model_trained", model=made.version, items=made.items, labels=made.labels)
    if refusal:
        log.warning("model_refused", model=made.version, stays=made.previous, why=refusal)
        return replace(made, why=f"not put in use: {refusal}")
    with store.write() as connection:
        promote_model(connection, trained.model.version, now=now)
    log.info("model_promoted", model=made.version, before=made.previous)
    return replace(made, promoted=True)


def load_kept_model(store: Store, version: str) -> Model:
    """One kept model, in use or not. Raises ModelNotFoundError, or ModelMismatchError for one that cannot be used."""
    with store.read() as connection:
        archive = load_archive(connection, version)
    if archive is None:
        raise ModelNotFoundError(f"no model {version!r} in the store")
    return _unpacked(archive)


def load_model_in_use(store: Store, models: Path) -> Model | None:
    """The model in use; None when there is none.

    Unpacked from the store into ``models`` when it is not there yet, or is not what was kept in the store.
    """
    with store.read() as connection:
        version = model_in_use(connection)
        if version is None:
            return None
        folder = models / version
        if hash_of_folder(folder) != hash_of(connection, version):
            archive = load_archive(connection, version)
            if archive is not None:
                unpack_model(archive, folder)
    return load_model(folder)


def roll_back(store: Store, *, now: datetime, version: str = "") -> str:
    """Put ``version`` in use again, or else the model that was in use before the present one; returns its version.

    Raises ClassifierError when there is no such model, ModelMismatchError for one that cannot be used any more: then
    the present one stays.
    """
    with store.write() as connection:
        kept = list_models(connection)
        promoted = sorted(((at, name) for name, _, at, _ in kept if at is not None), reverse=True)
        wanted = version or (promoted[1][1] if len(promoted) > 1 else "")
        if not wanted:
            raise ClassifierError("there is no earlier model to go back to")
        archive = load_archive(connection, wanted)
        if archive is None:
            known = ", ".join(name for name, *_ in kept) or "none"
            raise ClassifierError(f"no model {wanted!r} in the store; kept models: {known}")
        _unpacked(archive)
        promote_model(connection, wanted, now=now)
    log.info("model_promoted", model=wanted, before=promoted[0][1] if promoted else None)
    return wanted


def _made_of(examples: Sequence[Example], seed: int, cards: Mapping[str, Mapping[str, Any]], *, preferred: str) -> str:
    """The kept model that was made of the very same, the ``preferred`` one first; empty when there is none."""
    wanted = (digest_of(examples), gazetteer().digest, seed, monitor.__version__)
    names = ("corpus_digest", "gazetteer_digest", "seed", "product_version")
    same = [version for version, card in cards.items() if tuple(card.get(name) for name in names) == wanted]
    return preferred if preferred in same else next(iter(same), "")


def _nothing_new(same: str, used: str) -> str:
    if same == used:
        return "nothing changed since the model in use was made"
    return (
        f"nothing changed since {same} was made, which was refused or rolled back; `monitor models rollback {same}` "
        "takes it into use, `monitor train --force` trains again"
    )


def _below_floors(figures: Mapping[str, Any]) -> str:
    short = [
        f"{name.replace('_', ' ')} {figures[name]:.3f} is below its floor {floor:.2f}"
        for name, floor in FLOORS.items()
        if figures[name] < floor
    ]
    return "; ".join(short)


def _usable_model(store: Store) -> Model | None:
    """The model in use; None when there is none, or one that this version of the product cannot use."""
    try:
        with store.read() as connection:
            version = model_in_use(connection)
            archive = load_archive(connection, version) if version else None
        return _unpacked(archive) if archive is not None else None
    except ModelMismatchError:
        return None


def _unpacked(archive: bytes) -> Model:
    """A packed model. Raises ModelMismatchError when this version of the product cannot use it."""
    with TemporaryDirectory() as folder:
        unpack_model(archive, Path(folder))
        return load_model(Path(folder))


def _judged(store: Store, new: Model, old: Model | None, file: Path, *, now: datetime) -> tuple[Difference, ...]:
    """Measure ``new`` on texts that no model was trained on, keep the report, and compare it with ``old`` on them."""
    if not file.is_file():
        return ()
    items = read_examples(file)
    report = evaluate(new, items)
    told = report.to_dict() | {"file": file.name, "at": now.isoformat()}
    with store.write() as connection:
        kept = Evaluation(model=new.version, evaluation_set=report.digest, name=file.name, at=now, report=told)
        save_evaluation(connection, kept)
    return compare(new, old, items) if old is not None else ()


def worse(differences: Sequence[Difference]) -> str:
    """In what the new model is worse than the one in use; empty when it is not."""
    worse = [
        str(each)
        for each in differences
        if (each.name in NOT_MUCH_WORSE and each.new < each.old - TOLERANCE)
        or (each.name in NOT_SURELY_WORSE and each.high < 0)
    ]
    return f"worse on {EVALUATION}: {'; '.join(worse)}" if worse else ""


def _report(
    card: Mapping[str, Any],
    old: Model | None,
    *,
    why: str,
    trained: bool = False,
    differences: tuple[Difference, ...] = (),
    labellers: tuple[Labeller, ...] = (),
) -> TrainReport:
    return TrainReport(
        version=card["version"],
        trained=trained,
        promoted=False,
        why=why,
        previous=old.version if old else None,
        items=card["corpus_items"],
        labels=card["labels"],
        differences=differences,
        labellers=labellers,
    )
