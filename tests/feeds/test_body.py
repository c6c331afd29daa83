"""Bodies: unpacked as they come, never more than allowed, known to be whole or not."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.body import BodyError, _Unpacker

LIMIT = 100_000


def unpack(data: bytes, encoding: str = "gzip", *, step: int = 997) -> tuple[bytes, bool]:
    unpacker = _Unpacker(encoding, LIMIT)
    for start in range(0, len(data), step):
        unpacker.feed(data[start : start + step])
    body = unpacker.finish()
    return body.data, body.complete


@given(st.binary(max_size=5000), st.integers(1, 500))
def test_gzip_comes_back_whole_however_it_is_cut_into_pieces(data: bytes, step: int) -> None:
    assert unpack(gzip.compress(data), step=step) == (data, True)


@given(st.binary(min_size=1, max_size=3000))
def test_both_kinds_of_deflate_are_read(data: bytes) -> None:
    bare = zlib.compressobj(wbits=-15)
    assert unpack(zlib.compress(data), "deflate")[0] == data
    assert unpack(bare.compress(data) + bare.flush(), "deflate")[0] == data


def test_several_gzip_members_are_one_body() -> None:
    assert unpack(gzip.compress(b"one ") + gzip.compress(b"two")) == (b"one two", True)


def test_padding_after_the_end_is_ignored() -> None:
    assert unpack(gzip.compress(b"body") + b"\0" * 512) == (b"body", True)


def test_a_cut_stream_is_known_to_be_cut() -> None:
    data, complete = unpack(gzip.compress(bytes(range(256)) * 40)[:-40])
    assert not complete
    assert data


def test_a_small_body_that_unpacks_to_a_huge_one_is_given_up() -> None:
    with pytest.raises(BodyError, match="larger"):
        unpack(gzip.compress(b"0" * 10_000_000))


def test_a_body_that_is_not_packed_as_it_says_is_refused() -> None:
    with pytest.raises(BodyError, match="not the gzip"):
        unpack(b"<rss/>" * 100)
