"""Models on disk and in the store: a folder with a card, plain arrays, a vocabulary and the estimators (skops).

Nothing here can run code from a file: arrays are loaded without pickle, and skops refuses every type that is not in
TRUSTED_TYPES, which is fixed here and not asked of the file.
"""

import hashlib
import io
import json
import math
import os
import re
import tarfile
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import numpy as np

import monitor
from monitor.classifier.features import Reader
from monitor.classifier.gazetteer import gazetteer
from monitor.classifier.model import Model, Weights
from monitor.classifier.train import Trained
from monitor.classifier.vocabulary import Vocabulary
from monitor.core.decision import ModelCard, Thresholds
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError, ModelMismatchError, ModelNotFoundError

FORMAT = 1
TRUSTED_TYPES: list[
    str
] = []  # beyond what skops itself trusts (scikit-learn's own estimators, numpy's arrays): nothing
CARD, ARRAYS, VOCABULARY, ESTIMATORS = "card.json", "weights.npz", "vocabulary.txt", "estimators.skops"
FILES = (CARD, ARRAYS, VOCABULARY, ESTIMATORS)
SKOPS_SCHEMA = "schema.json"
SKOPS_ADDRESS = r'(?<="__id__": )\d+|(?<=")\d+(?=\.npy")'
MEND = "run `monitor train` to make one"
LARGEST = 64 * 1024 * 1024  # bytes of a file, and unpacked: three times the size that we allow ourselves


def save_model(trained: Trained, folder: Path) -> Path:
    """Write the model to ``folder/<version>/`` and return that path. The card comes last: it makes the model whole."""
    weights, card = trained.model.weights, trained.model.card
    home = folder / card.version
    home.mkdir(parents=True, exist_ok=True)
    (home / VOCABULARY).write_text("\n".join(weights.vocabulary), encoding="utf-8")
    np.savez_compressed(
        home / ARRAYS,
        block=weights.block,
        scale=weights.scale,
        lengths=weights.lengths,
        relevance=weights.relevance,
        bias=np.array(weights.bias),
        themes=weights.themes,
        theme_bias=weights.theme_bias,
    )
    (home / ESTIMATORS).write_bytes(_repeatable(_skops().dumps(trained.estimators)))
    text = json.dumps({"format": FORMAT, **card_to_dict(card)}, ensure_ascii=False, indent=2)
    (home / CARD).write_text(text + "\n", encoding="utf-8")
    return home


def _repeatable(archive: bytes) -> bytes:
    """A skops archive without the time and the memory addresses of its making: the same model is the same bytes.

    Addresses tell the objects in its schema apart and name its arrays; numbers in the order of the schema do that too.
    """
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], str(len(numbers)))

    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as made, ZipFile(buffer, "w", ZIP_DEFLATED) as kept:
        schema = re.sub(SKOPS_ADDRESS, number, made.read(SKOPS_SCHEMA).decode())
        arrays = {f"{numbers[Path(name).stem]}.npy": name for name in made.namelist() if name != SKOPS_SCHEMA}
        for name in sorted(arrays):
            kept.writestr(ZipInfo(name), made.read(arrays[name]), ZIP_DEFLATED)
        kept.writestr(ZipInfo(SKOPS_SCHEMA), schema, ZIP_DEFLATED)
    return buffer.getvalue()


def load_model(folder: Path) -> Model:
    """The model in ``folder`` (a version's folder, or the folder of versions: then the newest in it).

    Raises ModelNotFoundError when there is none, ModelMismatchError when it is damaged or of another version.
    """
    home = folder if (folder / CARD).is_file() else _newest(folder)
    try:
        _check_files(home)
        raw = json.loads((home / CARD).read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise ModelMismatchError(f"{home}: this model has format {raw.get('format')}, we read {FORMAT}; {MEND}")
        card = card_from_dict(raw)
        names = (home / VOCABULARY).read_text(encoding="utf-8").split("\n")
        with np.load(home / ARRAYS, allow_pickle=False) as arrays:
            weights = Weights(
                vocabulary=Vocabulary(names),
                block=arrays["block"],
                scale=arrays["scale"],
                lengths=arrays["lengths"],
                relevance=arrays["relevance"],
                bias=float(arrays["bias"]),
                theme_ids=tuple(raw["theme_ids"]),
                themes=arrays["themes"],
                theme_bias=arrays["theme_bias"],
            )
    except (
        OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError, BadZipFile,
    ) as error:  # fmt: skip
        raise ModelMismatchError(f"{home}: the model is damaged ({type(error).__name__}: {error}); {MEND}") from error
    _check(home, card, weights)
    return Model(card, weights, Reader(gazetteer()))


def load_estimators(folder: Path) -> dict[str, Any]:
    """The scikit-learn estimators behind a model, for those who want to look into them. Raises ModelMismatchError."""
    skops = _skops()
    try:
        _check_unpacked(folder / ESTIMATORS)
        loaded: dict[str, Any] = skops.load(folder / ESTIMATORS, trusted=TRUSTED_TYPES)
    except (OSError, ValueError, KeyError, BadZipFile, skops.exceptions.UntrustedTypesFoundException) as error:
        raise ModelMismatchError(f"{folder}: the estimators cannot be loaded safely: {error}; {MEND}") from error
    return loaded


def _skops() -> ModuleType:
    """skops.io, only where estimators are written or read: it looks for each of scipy's functions in every module of
    the process, which takes seconds in Airflow's, and meets what Airflow warns of.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import skops.io
        import skops.io.exceptions
    loaded: ModuleType = skops.io
    return loaded


def _newest(folder: Path) -> Path:
    homes = sorted(card.parent for card in folder.glob(f"*/{CARD}"))
    if not homes:
        raise ModelNotFoundError(f"{folder}: no trained model here; {MEND}")
    return homes[-1]


def _check_files(home: Path) -> None:
    """Raise ValueError for what would take more memory than any model of ours, before any of it is read."""
    for name in FILES:
        if (home / name).stat().st_size > LARGEST:
            raise ValueError(f"{name} is larger than {LARGEST // 2**20} MB")
    _check_unpacked(home / ARRAYS)
    with ZipFile(home / ARRAYS) as packed:
        for entry in packed.infolist():
            with packed.open(entry) as array:
                version = np.lib.format.read_magic(array)
                read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
                shape, _, dtype = read_header[version](array)
                # numpy makes room for what the header says before it looks whether it is there.
                if dtype.hasobject or math.prod(shape) * dtype.itemsize > entry.file_size:
                    raise ValueError(f"{entry.filename} is not the array that it says it is")


def _check_unpacked(file: Path) -> None:
    with ZipFile(file) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > LARGEST:
            raise ValueError(f"{file.name} unpacks to more than {LARGEST // 2**20} MB")


def _check(home: Path, card: ModelCard, weights: Weights) -> None:
    columns = len(weights.vocabulary)
    if not (
        len(weights.scale) == len(weights.block) == len(weights.relevance) == columns
        and weights.themes.shape == (len(weights.theme_ids), columns)
    ):
        raise ModelMismatchError(f"{home}: the model is damaged (its parts differ in size); {MEND}")
    if not all(np.isfinite(part).all() for part in (weights.scale, weights.relevance, weights.bias, weights.themes)):
        raise ModelMismatchError(f"{home}: the model is damaged (it holds what is no number); {MEND}")
    if card.gazetteer_digest != gazetteer().digest:
        raise ModelMismatchError(
            f"{home}: the model was trained with another gazetteer ({card.gazetteer_digest}, ours is "
            f"{gazetteer().digest}), by version {card.product_version} of the product (this is {monitor.__version__}); "
            f"{MEND}"
        )


def pack_model(folder: Path) -> bytes:
    """One model's folder as a tar archive, byte for byte the same for the same files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in FILES:
            content = (folder / name).read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def hash_of_folder(folder: Path) -> str:
    """SHA-256 of what ``pack_model`` makes of it; empty when it is not whole."""
    try:
        return hashlib.sha256(pack_model(folder)).hexdigest()
    except OSError:
        return ""


def unpack_model(archive: bytes, folder: Path) -> None:
    """Write a packed model's files into ``folder``. Only the names we know are taken.

    Raises ModelMismatchError, or ClassifierError when the disk does not take them.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as packed:
            contents = {}
            for entry in packed:
                if entry.name not in FILES or not entry.isfile() or entry.size > LARGEST:
                    raise ModelMismatchError(f"a packed model holds {entry.name!r}, which is none of ours; {MEND}")
                contents[entry.name] = packed.extractfile(entry).read()  # type: ignore[union-attr]
    except tarfile.TarError as error:
        raise ModelMismatchError(f"a packed model is damaged ({error}); {MEND}") from error
    missing = sorted(set(FILES) - set(contents))
    if missing:
        raise ModelMismatchError(f"a packed model lacks {', '.join(missing)}; {MEND}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (VOCABULARY, ARRAYS, ESTIMATORS, CARD):  # the card last: where it is, the rest is whole
            unfinished = folder / f".{name}.{os.getpid()}"
            unfinished.write_bytes(contents[name])
            unfinished.replace(folder / name)
    except OSError as error:
        raise ClassifierError(f"{folder}: the model cannot be unpacked there: {error.strerror}") from error


def card_to_dict(card: ModelCard) -> dict[str, Any]:
    """The card as JSON holds it."""
    return {**asdict(card), "made_at": card.made_at.isoformat(), "theme_ids": list(THEME_IDS)}


def card_from_dict(raw: Mapping[str, Any]) -> ModelCard:
    """The card back from JSON. Raises KeyError, TypeError or ValueError for what is no card."""
    names = set(ModelCard.__dataclass_fields__) - {"made_at", "thresholds", "notes"}
    return ModelCard(
        **{name: raw[name] for name in names},
        made_at=datetime.fromisoformat(raw["made_at"]),
        thresholds=Thresholds(**raw["thresholds"]),
        notes=tuple(raw["notes"]),
    )
