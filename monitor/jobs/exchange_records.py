"""Articles of the store <-> a file of records."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from monitor.errors import MonitorError
from monitor.store import Store, records
from monitor.store.files import read_records, write_records

AT_ONCE = 500


def export_records(store: Store, file: Path, *, since: datetime | None, before: datetime | None) -> int:
    """Write the articles first seen in [since, before), what was sent then and the configs in use then.

    The store stays as it is. Returns the number of records. Raises MonitorError when the file cannot be written.
    """

    def every() -> Iterator[records.Record]:
        with store.read() as connection:
            for ids in records.article_ids(connection, since=since, before=before, limit=AT_ONCE):
                yield from records.article_records(connection, ids)
            bundles = records.bundles_cut(connection, since=since, before=before)
            for start in range(0, len(bundles), AT_ONCE):
                yield from records.digest_records(connection, bundles[start : start + AT_ONCE])
            used = records.versions_used(connection, since=since, before=before)
            yield from records.version_records(connection, used)

    return write_records(file, every())


def import_records(store: Store, file: Path) -> dict[str, int]:
    """Read a file of records into the store: how many were read, and how many of the articles are new.

    What is here already stays as it is, and nothing is told again. Raises MonitorError for what is no such file; what
    stands before the mistake is in the store then, and the file can be read again.
    """
    read = new = 0
    for chunk in _chunks(file):
        try:
            with store.write() as connection:
                new += records.put_records(connection, [record for _, record in chunk])
        except ValueError as error:
            raise MonitorError(f"{file}: lines {chunk[0][0]} to {chunk[-1][0]}: {error}") from error
        read += len(chunk)
    return {"read": read, "new": new}


def _chunks(file: Path) -> Iterator[list[tuple[int, records.Record]]]:
    lines = read_records(file)
    while chunk := list(islice(lines, AT_ONCE)):
        yield chunk
