"""A poller that is killed again and again while it works: what it had committed must still be there, and all of it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from bench.country import cuts, make_feed_app, newest_election, poll, served, write_mesas
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of
from tally.chain import chain
from tally.storage.store import Store

_HOURS = (2, 3, 4, 6, 9, 14, 24, 48, 720)
_LONGEST_S = 120.0


class Killing(Struct):
    """How it went. `lost`, `torn`, `faults`: sentences; `other`: keys that end otherwise than in an undisturbed run."""

    kills: int = 0
    in_work: int = 0
    versions: int = 0
    lines: int = 0
    lost: list[str] = []
    torn: list[str] = []
    faults: list[str] = []
    other: list[str] = []


def kill_again_and_again(folder: Path, kills: int, mesas: int, seed: int) -> Killing:
    """Poll a growing count, with so many SIGKILLs at seeded moments, and look after each one."""
    rng, election = random.Random(seed), newest_election()
    app = make_feed_app(write_mesas(folder / "mesas.csv", mesas, election), election)
    killing = Killing(lost=[], torn=[], faults=[])
    steps = cuts(election, _HOURS)
    database = folder / "count.db"
    with served(app) as url:
        for n in range(kills):
            app.step_to(steps[n * len(steps) // kills])
            _poll_and_kill(folder, url, rng, killing)
            _free(database)
        app.step_to(steps[-1])
        _finish(folder, url)
        undisturbed = folder / "undisturbed"
        undisturbed.mkdir()
        poll(url, undisturbed, election)
    ended, expected = _final(database), _final(undisturbed / "count.db")
    killing.other = [key for key in ended | expected if ended.get(key) != expected.get(key)]
    killing.faults += _verify(folder)
    killing.versions = len(_chains(database)) - 1
    return killing


def _poll_and_kill(folder: Path, url: str, rng: random.Random, killing: Killing) -> None:
    """Start a poller, wait until it is at work, kill it a little later, and compare before and after."""
    database, log = folder / "count.db", folder / "archive" / "log"
    begun = _log_bytes(log)
    known = _chains(database)
    with _poller(folder, url) as process:
        end = time.monotonic() + _LONGEST_S
        while len(_log_bytes(log)) == len(begun) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 2.5))
        seen = _chains(database)
        was_at_work = process.poll() is None
        os.kill(process.pid, signal.SIGKILL) if was_at_work else None
        process.wait()
    killing.kills += 1
    killing.in_work += was_at_work
    after = _chains(database)
    for name, earlier in (("before the start", known), ("just before the kill", seen)):
        killing.lost += [
            f"kill {killing.kills}: version {seq}, there {name}, is gone or another"
            for seq, digest in earlier.items()
            if after.get(seq) != digest
        ]
    if not _log_bytes(log).startswith(begun[: begun.rfind(b"\n") + 1]):
        killing.lost.append(f"kill {killing.kills}: log lines are gone")
    killing.torn += [f"kill {killing.kills}: {fault}" for fault in (_gaps(database) + _verify(folder, is_running=True))]
    killing.lines = _log_bytes(log).count(b"\n")


def _poller(folder: Path, url: str, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "api.cli", "poll", "--feed", url, "--unlimited", "--cycle", "1"]
    command += ["--database", f"sqlite:///{folder / 'count.db'}", "--archive", str(folder / "archive"), *options]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _finish(folder: Path, url: str) -> None:
    with _poller(folder, url, "--until-final") as process:
        assert process.wait(_LONGEST_S) == 0


def _free(database: Path) -> None:
    """Take the lease from the poller that is known to be dead, instead of waiting until it ends by itself."""
    if database.exists():
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE counts SET writer = NULL, writer_until = 0")


def _chains(database: Path) -> dict[int, str]:
    """Hash of the history by version."""
    if not database.exists():
        return {}
    store = Store.open(f"sqlite:///{database}")
    chains = {0: ""}
    try:
        for info in store.counts():
            for changes in store.read(info.id, 0, 1_000_000):
                chains[changes.seq] = chain(chains[max(chains)], changes)
    finally:
        store.close()
    return chains


def _gaps(database: Path) -> list[str]:
    """Versions without values, values without version, and a count that stands elsewhere than its history."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as connection:
        sets = {row[0] for row in connection.execute("SELECT seq FROM change_sets")}
        values = {row[0] for row in connection.execute("SELECT DISTINCT seq FROM changes")}
        counts = [row[0] for row in connection.execute("SELECT seq FROM counts")]
    whole = set(range(1, len(sets) + 1))
    is_whole = sets == values == whole and counts in ([], [len(sets)])
    return [] if is_whole else [f"versions {len(sets)}, with values {len(values)}, the count stands at {counts}"]


def _verify(folder: Path, *, is_running: bool = False) -> list[str]:
    """Faults that a verification finds; an archive that was killed before its first head has none yet."""
    if not (folder / "count.db").exists() or (is_running and not any((folder / "archive" / "checkpoints").iterdir())):
        return []
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    try:
        return verify(store, folder / "archive", feed_of, Trust()).faults
    finally:
        store.close()


def _final(database: Path) -> dict[str, Any]:
    """Every key's last value. The source's stamp on an area is left out: figures that a new cut left as they were are
    not asked for again, so a count that was followed from cut to cut shows older stamps than one read at the end.
    """
    store = Store.open(f"sqlite:///{database}")
    try:
        [info] = store.counts()
        values = {key: msgspec.json.decode(entry.change.data) for key, entry in store.latest(info.id).items()}
    finally:
        store.close()
    for value in values.values():
        if value.get("published"):
            del value["published"]["source_at"]
    return values


def _log_bytes(log: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(log.glob("*.jsonl"))) if log.is_dir() else b""
