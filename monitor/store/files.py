"""Files of records: JSON Lines, packed with gzip where the name ends in .gz. What is in one stays, whoever dies."""

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.errors import MonitorError
from monitor.store.records import Record

GZIP = b"\x1f\x8b"


def append_records(file: Path, records: Iterable[Record]) -> None:
    """Add records to a packed file, on disk when this returns. Raises MonitorError when they cannot be written.

    Each call adds one whole gzip member (RFC 1952 lets a file have many). How long the file was stands beside it
    while one is added: what was added by somebody who died over it is cut off before anything else is.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        begun, length = _begun(file), file.stat().st_size
        if begun.exists():
            os.truncate(file, min(length, int(begun.read_text())))
        else:
            _write_durably(begun, str(length).encode())
        with file.open("ab") as raw:
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed:
                packed.writelines(_line(record) for record in records)
            raw.flush()
            os.fsync(raw.fileno())
        begun.unlink()
        _sync_folder(file.parent)
    except OSError as error:
        raise MonitorError(f"{file}: cannot be written: {error.strerror or error}") from error


def write_records(file: Path, records: Iterable[Record]) -> int:
    """Write a file of records anew; returns how many. It is whole or not there. Raises MonitorError."""
    count, part = 0, file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as raw:
            packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) if file.suffix == ".gz" else raw
            for record in records:
                packed.write(_line(record))
                count += 1
            if packed is not raw:
                packed.close()
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise MonitorError(f"{file}: cannot be written: {error.strerror or error}") from error
    return count


def read_records(file: Path) -> Iterator[tuple[int, Record]]:
    """(Line number, record) of a file, without what somebody died over who was adding to it.

    Raises MonitorError for what is no whole file of records, when all before it is given.
    """
    number = 0
    try:
        with file.open("rb") as raw:
            packed = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            for line in gzip.GzipFile(fileobj=raw) if packed else raw:
                number += 1
                yield number, _record(line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if not _begun(file).exists():
            raise MonitorError(f"{file}: is damaged after line {number}: {error}") from error
    except ValueError as error:
        raise MonitorError(f"{file}:{number}: is no record of this product: {error}") from error
    except OSError as error:
        raise MonitorError(f"{file}: cannot be read: {error.strerror or error}") from error


def _begun(file: Path) -> Path:
    return file.with_name(f"{file.name}.begun")


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _record(line: bytes) -> Record:
    record = json.loads(line.decode("utf-8"))
    whole = isinstance(record, dict) and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in record.values()
    )
    if not whole:
        raise ValueError("a line is not an object of rows by table")
    return dict(record)


def _write_durably(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as raw:
        raw.write(content)
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """A new name is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
