"""The ledger and releases, on both databases."""

import pytest

from tally.board import Board, Fact, Release
from tally.changes import Kind
from tally.keys import Level
from tally.ledger import read_ledger
from tally.storage.releases import close_request, open_requests, request_release
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.tally.makers import acta, count, fact, place

AT = "2026-06-08T02:12:03Z"


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def a_count(store: Store) -> tuple[Board, Writer]:
    return Board(2), Writer.acquire(store, "an-election", "president", is_test=False, at=AT)


def test_a_correction_stands_in_the_ledger_with_what_was_before(store: Store) -> None:
    board, writer = a_count(store)
    writer.append(board.apply([Fact("nation", count((60, 40)), "sha256:a")]), AT)
    writer.append(board.apply([Fact("nation", count((61, 41)), "sha256:b")]), AT)
    writer.append(board.apply([Fact("nation", count((60, 42)), "sha256:c")]), AT)
    [line] = read_ledger(store, writer.info.id, [Kind.CORRECTION])
    assert (line.seq, line.key, line.before_src, line.src) == (3, "nation", "sha256:b", "sha256:c")
    assert line.before is not None
    assert b'"votes":[61,41]' in line.before
    assert b'"votes":[60,42]' in line.after


def test_pages_of_the_ledger_never_cut_a_version(store: Store) -> None:
    board, writer = a_count(store)
    writer.append(board.apply([place(), fact("000001", acta((60, 40)))]), AT)
    for n in range(1, 4):
        writer.append(board.apply([fact("000001", acta((60 - n, 40)))]), AT)
    page = read_ledger(store, writer.info.id, [Kind.CORRECTION], limit=3)
    assert {line.seq for line in page} == {4}
    assert len(page) == 7
    rest = read_ledger(store, writer.info.id, [Kind.CORRECTION], before_seq=4)
    assert {line.seq for line in rest} == {2, 3}
    only = read_ledger(store, writer.info.id, [Kind.CORRECTION], levels=[Level.MESA, Level.NATION])
    assert {line.key for line in only} == {"mesa/000001", "nation"}


def test_a_release_carries_its_name_and_reason_into_the_ledger(store: Store) -> None:
    board, writer = a_count(store)
    writer.append(board.apply([Fact("department/14", count())]), AT)
    writer.append(board.apply([Fact("department/14", count(total=9), "sha256:x")]), AT)
    writer.append(board.release(Release("department/14", "Ana", "confirmed by phone")), AT)
    lines = read_ledger(store, writer.info.id, [Kind.HOLD, Kind.RELEASE])
    assert [(line.kind, line.src) for line in lines] == [(Kind.RELEASE, "sha256:x"), (Kind.HOLD, "sha256:x")]
    assert lines[0].note == '{"by":"Ana","reason":"confirmed by phone"}'
    assert lines[1].note is None


def test_a_request_stays_open_until_it_is_dealt_with(store: Store) -> None:
    _, writer = a_count(store)
    release = Release("mesa/000001", "Ana", "checked")
    request_release(store, writer.info.id, release, AT)
    [request] = open_requests(store)
    assert request.release == release
    close_request(store, request, AT, 7)
    assert open_requests(store) == []
