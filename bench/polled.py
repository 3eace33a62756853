"""A count of a few thousand mesas of which a batch is polled again and again, as bytes the source would answer."""

import random
import tempfile
from itertools import count
from pathlib import Path

import msgspec

from bench.country import make_feed_app, newest_election, write_mesas
from ingest.feeds.onpe2026.actas import parse_acta_search
from ingest.rehearsal.onpe2026.contract import Contract2026
from tally.board import Board, Fact
from tally.model import Acta
from tally.storage.store import Store
from tally.storage.writer import Writer

_MESAS = 3000
_PATH = "/presentacion-backend/actas/buscar/mesa"
_AT = "2026-06-08T02:12:03Z"


class Polled:
    """`publish(n)` reads n payloads, takes them as changed by one vote each, adds up and commits."""

    def __init__(self, store: Store) -> None:
        election = newest_election()
        self._contest = election.contest()
        self._board = Board(len(self._contest.lists))
        self._writer = Writer.acquire(store, election.id, self._contest.id, is_test=True, at=_AT)
        with tempfile.TemporaryDirectory() as folder:
            app = make_feed_app(write_mesas(Path(folder) / "mesas.csv", _MESAS, election), election)
        contract = Contract2026(app.feed)
        mesas = [f"{n + 1:06}" for n in range(_MESAS)]
        self._payloads = {mesa: contract.answer(_PATH, {"codigoMesa": mesa}).body for mesa in mesas}
        self._writer.append(self._board.apply([self._read(mesa) for mesa in mesas]), _AT)
        self._seed = random.Random(1)
        self._round = count(1)

    def publish(self, number: int) -> None:
        """One poll that found that many changed actas."""
        step = next(self._round)
        facts = [self._read(mesa) for mesa in self._seed.sample(list(self._payloads), number)]
        self._writer.append(self._board.apply([_moved(fact, step) for fact in facts]), _AT)

    def _read(self, mesa: str) -> Fact:
        return parse_acta_search(self._payloads[mesa], self._contest, mesa, "sha256:" + "0" * 64)


def _moved(fact: Fact, step: int) -> Fact:
    """The fact with one vote moved to another list, differently at every step."""
    acta = fact.value
    assert isinstance(acta, Acta)
    assert acta.votes is not None
    first, second, *rest = (vote or 0 for vote in acta.votes)
    moved = min(step % 7, first)
    return Fact(fact.key, msgspec.structs.replace(acta, votes=(first - moved, second + moved, *rest)), fact.src)
