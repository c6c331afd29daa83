"""Models on disk: whole, safe, and clear when they are neither."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io

from monitor.classifier import Example, Trained, as_article, load_model, pack_model, save_model, train, unpack_model
from monitor.classifier.artifacts import FILES, TRUSTED_TYPES, load_estimators
from monitor.errors import ClassifierError, ModelMismatchError, ModelNotFoundError
from tests.classifier.conftest import MADE_AT


@pytest.fixture
def home(trained: Trained, tmp_path: Path) -> Path:
    return save_model(trained, tmp_path)


def test_a_loaded_model_predicts_as_the_trained_one(home: Path, trained: Trained, examples: list[Example]) -> None:
    articles = [as_article(example) for example in examples[:30]]
    assert load_model(home).predict(articles) == trained.model.predict(articles)


def test_the_card_survives(home: Path, trained: Trained) -> None:
    assert load_model(home).card == trained.model.card


def test_the_newest_of_a_folder_of_models_is_loaded(home: Path) -> None:
    assert load_model(home.parent).version == home.name


def test_a_model_fits_its_size(home: Path) -> None:
    assert sum(file.stat().st_size for file in home.iterdir()) < 20_000_000


def test_an_empty_folder_says_how_to_get_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="monitor train"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", FILES[:3])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04garbage"])
def test_a_damaged_file_is_a_clear_error(home: Path, name: str, content: bytes) -> None:
    (home / name).write_bytes(content)
    with pytest.raises(ModelMismatchError, match="monitor train"):
        load_model(home)


def test_a_model_of_another_gazetteer_is_refused(home: Path) -> None:
    card = json.loads((home / "card.json").read_text())
    (home / "card.json").write_text(json.dumps({**card, "gazetteer_digest": "0" * 16}))
    with pytest.raises(ModelMismatchError, match="another gazetteer"):
        load_model(home)


def test_a_model_of_a_future_format_is_refused(home: Path) -> None:
    card = json.loads((home / "card.json").read_text())
    (home / "card.json").write_text(json.dumps({**card, "format": 99}))
    with pytest.raises(ModelMismatchError, match="format 99"):
        load_model(home)


def test_packing_and_unpacking_gives_the_same_files(home: Path, tmp_path: Path) -> None:
    unpack_model(pack_model(home), tmp_path / "copy")
    assert all((home / name).read_bytes() == (tmp_path / "copy" / name).read_bytes() for name in FILES)


def test_a_model_that_was_half_unpacked_by_a_process_that_died_is_unpacked_whole(home: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / FILES[1]).write_bytes(b"half")
    unpack_model(pack_model(home), tmp_path / "copy")
    assert load_model(tmp_path / "copy").version == load_model(home).version


def test_a_disk_that_takes_no_model_is_a_clear_error(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ClassifierError, match="cannot be unpacked"):
        unpack_model(pack_model(home), tmp_path / "file" / "copy")


def test_the_same_training_gives_the_same_bytes(examples: list[Example], tmp_path: Path) -> None:
    def packed(folder: str) -> bytes:
        return pack_model(
            save_model(train(examples[::4], seed=3, made_at=MADE_AT, product_version="t"), tmp_path / folder)
        )

    assert packed("first") == packed("second")


def test_no_file_of_a_model_tells_when_or_where_in_memory_it_was_made(home: Path) -> None:
    with zipfile.ZipFile(home / "estimators.skops") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(len(name) < len("00000.npy") + 3 for name in archive.namelist())


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "other.txt"])
def test_an_archive_with_another_name_is_refused(tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(ModelMismatchError, match="none of ours"):
        unpack_model(buffer.getvalue(), tmp_path)


def test_a_truncated_archive_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMismatchError):
        unpack_model(pack_model(home)[:1000], tmp_path)


def repack(home: Path, name: str, content: bytes) -> None:
    """Put another array into the weights."""
    with zipfile.ZipFile(home / "weights.npz") as packed:
        held = {entry: packed.read(entry) for entry in packed.namelist()}
    with zipfile.ZipFile(home / "weights.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        for entry, data in (held | {name: content}).items():
            packed.writestr(entry, data)


def array_file(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


HUGE = array_file(np.zeros(3)).replace(b"(3,)", b"(9999999999999,)")[: len(array_file(np.zeros(3)))]


@pytest.mark.parametrize(
    "content",
    [array_file(np.array([{}], dtype=object)), HUGE, b"\0" * 80_000_000, array_file(np.array([np.nan]))],
    ids=["pickled objects", "a header that asks for terabytes", "a zip bomb", "what is no number"],
)
def test_tampered_weights_are_refused_before_they_take_memory_or_run(home: Path, content: bytes) -> None:
    repack(home, "scale.npy", content)
    with pytest.raises(ModelMismatchError, match="damaged"):
        load_model(home)


def test_a_file_larger_than_any_model_is_not_read(home: Path) -> None:
    with (home / "vocabulary.txt").open("ab") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(ModelMismatchError, match="larger than 64 MB"):
        load_model(home)


def test_an_archive_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("weights.npz")
        entry.size = 2**40
        archive.addfile(entry)
    with pytest.raises(ModelMismatchError):
        unpack_model(buffer.getvalue(), tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_an_archive_with_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("card.json")
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(ModelMismatchError, match="none of ours"):
        unpack_model(buffer.getvalue(), tmp_path)


def test_the_estimators_load_with_the_fixed_list_of_types(home: Path) -> None:
    assert TRUSTED_TYPES == []
    assert "relevance" in load_estimators(home)


def test_an_estimator_of_another_type_is_refused(home: Path) -> None:
    class Evil:
        pass

    skops.io.dump({"relevance": Evil()}, home / "estimators.skops")
    with pytest.raises(ModelMismatchError, match="cannot be loaded safely"):
        load_estimators(home)
