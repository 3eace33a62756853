"""From bytes to every level: what reading a whole country costs, beside what merely decoding and storing it costs.

Times are CPU seconds of this process (commits included, HTTP and the generation of payloads apart), so that other
programs on the machine disturb them little; rounds of the things compared are interleaved.
"""

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import msgspec

from geo.ubigeo import load_catalogue
from ingest.feeds.onpe2026.actas import parse_acta_search
from ingest.registry import known_elections, newest_rehearsed
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.onpe2026.contract import Contract2026
from ingest.rehearsal.server import build_feed
from tally.board import Board, Fact
from tally.election import Election
from tally.keys import mesa_key
from tally.model import Acta
from tally.storage.store import Store
from tally.storage.writer import Writer

_BATCH = 500
_COLD_ROUNDS, _HOT_ROUNDS = 5, 30
_AT = "2026-06-08T02:12:03Z"


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name; times in seconds of CPU unless the name says ms."""
    election = newest_rehearsed(known_elections())
    say("drawing a rehearsal and its 92,766 payloads")
    payloads = _payloads(election)
    cold: list[tuple[float, float, float]] = []
    for number in range(_COLD_ROUNDS):
        say(f"cold load, round {number + 1} of {_COLD_ROUNDS}")
        cold.append((_cold_load(election, payloads), _only_decode(payloads), _only_insert(payloads)))
    say("batches of 500 changed actas, and recomputing everything")
    batches, applies, recomputes, decodes = _hot(election, payloads)
    load, decode, insert = (median(column) for column in zip(*cold, strict=True))
    per_10k = load / len(payloads) * 10_000
    return {
        "actas": len(payloads),
        "cold_load_s_per_10k": round(per_10k, 3),
        "cold_load_over_json_loads": round(load / decode, 2),
        "cold_load_over_sqlite_insert": round(load / insert, 2),
        "batch_500_ms": round(median(batches) * 1000, 1),
        "batch_500_apply_ms": round(median(applies) * 1000, 1),
        "batch_500_over_json_loads": round(median(batches) / median(decodes), 2),
        "recompute_ms": round(median(recomputes) * 1000, 1),
    }


def _payloads(election: Election) -> dict[str, bytes]:
    """Bodies of actas/buscar/mesa of a finished rehearsal, by mesa."""
    app = build_feed(election, load_catalogue(election.date.year), FeedPlan())
    contract = Contract2026(app.feed)
    assert app.feed.mesas is not None
    path = "/presentacion-backend/actas/buscar/mesa"
    mesas = [f"{mesa:06}" for mesa in app.feed.mesas.table.mesa.tolist()]
    return {mesa: contract.answer(path, {"codigoMesa": mesa}).body for mesa in mesas}


def _facts(election: Election, payloads: dict[str, bytes]) -> Iterator[list[Fact]]:
    contest, batch = election.contest(), []
    for mesa, body in payloads.items():
        batch.append(parse_acta_search(body, contest, mesa, "sha256:" + "0" * 64))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _cold_load(election: Election, payloads: dict[str, bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/count.db")
        started = time.process_time()
        writer = Writer.acquire(store, election.id, election.contest().id, is_test=True, at=_AT)
        board = Board(len(election.contest().lists))
        for facts in _facts(election, payloads):
            writer.append(board.apply(facts), _AT)
        spent = time.process_time() - started
        assert board.sums.of("nation").total == len(payloads)
        store.close()
    return spent


def _only_decode(payloads: dict[str, bytes]) -> float:
    started = time.process_time()
    for body in payloads.values():
        json.loads(body)
    return time.process_time() - started


def _only_insert(payloads: dict[str, bytes]) -> float:
    """The same bytes into one plain table, in the same batches: what SQLite alone costs."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(f"{folder}/plain.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (mesa TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
        rows = list(payloads.items())
        started = time.process_time()
        for first in range(0, len(rows), _BATCH):
            with database:
                database.executemany("INSERT INTO t VALUES (?, ?)", rows[first : first + _BATCH])
        spent = time.process_time() - started
        database.close()
    return spent


def _hot(election: Election, payloads: dict[str, bytes]) -> tuple[list[float], list[float], list[float], list[float]]:
    seed = random.Random(1)
    batches, applies, recomputes, decodes = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder)}/count.db")
        writer = Writer.acquire(store, election.id, election.contest().id, is_test=True, at=_AT)
        board = Board(len(election.contest().lists))
        for facts in _facts(election, payloads):
            board.apply(facts)
        counted = [key for key, acta in board.actas.items() if acta.votes is not None and acta.registered]
        for _ in range(_HOT_ROUNDS):
            facts = [_moved(key, board.actas[key]) for key in seed.sample(counted, _BATCH)]
            bodies = [payloads[fact.key.removeprefix(mesa_key(""))] for fact in facts]
            started = time.process_time()
            changes = board.apply(facts)
            applied = time.process_time()
            writer.append(changes, _AT)
            done = time.process_time()
            board.sums.cross_check()
            checked = time.process_time()
            for body in bodies:
                json.loads(body)
            decodes.append(time.process_time() - checked)
            batches.append(done - started)
            applies.append(applied - started)
            recomputes.append(checked - done)
        store.close()
    return batches, applies, recomputes, decodes


def _moved(key: str, acta: Acta) -> Fact:
    """The same acta with one vote moved between the first two lists, or back."""
    assert acta.votes is not None
    first, second, *rest = (vote or 0 for vote in acta.votes)
    step = 1 if first else -1
    return Fact(key, msgspec.structs.replace(acta, votes=(first - step, second + step, *rest)), "sha256:" + "1" * 64)
