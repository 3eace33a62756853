"""Unpacking: any cut of the wire gives the same body, and nothing swells beyond its limit."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.inflate import Body
from tally.errors import FeedMalformed


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "Deflate ": bare_deflate, "identity": bytes, None: bytes}


def unpacked(encoding: str | None, packed: bytes, step: int, limit: int = 10**7) -> bytes:
    body = Body(encoding, limit)
    for start in range(0, len(packed), step):
        body.add(packed[start : start + step])
    return body.whole()


@given(
    st.sampled_from([*PACKERS]),
    st.binary(max_size=2000),
    st.integers(0, 3 * 65536),  # below the size from which such a body would be a bomb
    st.sampled_from([97, 65536, 10**9]),
)
def test_every_encoding_we_accept_comes_out_as_it_went_in(
    encoding: str | None, seed: bytes, zeros: int, step: int
) -> None:
    data = seed + bytes(zeros) + seed
    assert unpacked(encoding, PACKERS[encoding](data), step) == data


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_answer_without_a_body_may_still_name_an_encoding(encoding: str) -> None:
    assert unpacked(encoding, b"", 1) == b""


@pytest.mark.parametrize(
    ("encoding", "packed", "message"),
    [
        ("br", b"x", "packed as 'br', which we did not ask for"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "which we did not ask for"),
        ("gzip", b"{}", "is not gzip"),
        ("gzip", gzip.compress(b"0" * 1000, mtime=0)[:-9], "breaks off"),
        ("gzip", gzip.compress(b"x", mtime=0) + b"more", "goes on after its end"),
        ("deflate", b"\x78\x9c\xff\xff", "is not deflate"),
        ("identity", b"0" * 2000, "larger than 1000 bytes"),
    ],
)
def test_what_is_not_packed_as_it_says_is_malformed(encoding: str, packed: bytes, message: str) -> None:
    with pytest.raises(FeedMalformed, match=message):
        unpacked(encoding, packed, 10**9, limit=1000)


@pytest.mark.parametrize("step", [1000, 65536])
def test_a_body_that_swells_is_dropped_long_before_it_is_whole(step: int) -> None:
    bomb = gzip.compress(bytes(64 * 2**20))
    tracemalloc.start()
    with pytest.raises(FeedMalformed, match="unpacks to more than 200 times its size"):
        unpacked("gzip", bomb, step, limit=16_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
