"""A parse worker: ``python -m monitor.feeds.worker``. Jobs come in on stdin, documents go out on stdout.

A frame is a length (4 bytes, big-endian) and that many bytes. A job is two frames: a JSON header
``{"url", "content_type", "selector"}`` and the body. The answer is one frame: a byte that says whether the worker
stays or retires, and the document. The parent kills a worker that takes too long.
"""

import gc
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from monitor.feeds.document import DocumentState, ParsedDocument, pack_document
from monitor.feeds.read import parse_document

MEMORY_LIMIT = 1024 * 1024 * 1024  # address space; a 16 MB document needs about 150 MB
RETIRE_AT = 80 * 1024 * 1024  # resident; a worker that grew beyond this makes room for a fresh one
STAYS, RETIRES = b"s", b"r"


def read_frame(stream: BinaryIO) -> bytes | None:
    """One frame, or None at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    data = stream.read(length)
    return data if len(data) == length else None


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def _resident() -> int:
    """Resident bytes now; 0 where the system does not tell. The peak of getrusage is inherited from the parent."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def main() -> None:
    """Parse until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the frames
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # documents are trees that die whole: frequent young collections only cost time
    while (header := read_frame(source)) is not None and (body := read_frame(source)) is not None:
        job = json.loads(header)
        try:
            document = parse_document(body, **job)
        except MemoryError:
            document = ParsedDocument(state=DocumentState.CRASHED, problem="parsing it needs too much memory")
        del body
        retires = _resident() > RETIRE_AT
        write_frame(sink, (RETIRES if retires else STAYS) + pack_document(document))
        if retires:
            return


if __name__ == "__main__":
    main()
