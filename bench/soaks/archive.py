"""The soak of the sealed archive: 1,200 falsifications that must be found, 200 kills that must lose nothing."""

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.country import cuts, make_feed_app, newest_election, poll, served, write_mesas
from bench.kills import Killing, kill_again_and_again
from bench.reliability import SoakSection
from bench.tampering import KINDS, copy_evidence, tamper
from ingest.proof.heads import OutsideHead, read_heads
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of
from tally.election import Election
from tally.errors import EscrutinioError
from tally.storage.store import Store

NAME, TITLE = "archive", "The sealed archive: falsified, and killed while it is written"
TRIALS, KILLS, MESAS = 200, 200, 300

Outside = list[tuple[str, OutsideHead]]


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run both and print what came out."""
    with tempfile.TemporaryDirectory(prefix="escrutinio-soak-") as name:
        folder = Path(name)
        found = falsify(folder, TRIALS, seed, say)
        say(f"killing a poller {KILLS} times")
        (folder / "kills").mkdir()
        started = time.monotonic()
        killing = kill_again_and_again(folder / "kills", KILLS, MESAS, seed)
        minutes = (time.monotonic() - started) / 60
    section = SoakSection(NAME, TITLE, seed, [*_falsified(found), "", *_killed(killing, minutes)])
    say(section.text())
    return section


def falsify(folder: Path, trials: int, seed: int, say: Callable[[str], None]) -> dict[str, list[str]]:
    """What `verify --head` did not find, by kind of falsification; the same seed falsifies the same."""
    say("polling the count that is to be falsified")
    source = make_evidence(folder / "evidence")
    outside = newest_head(source)
    assert find_faults(source, outside) == [], "the evidence is faulty before anything was falsified"
    missed: dict[str, list[str]] = {}
    for kind in KINDS:
        say(f"{kind}, {trials} times")
        missed[kind] = []
        for n in range(trials):
            with tempfile.TemporaryDirectory(dir=folder) as name:
                copy = Path(name)
                copy_evidence(source, copy)
                done = tamper(kind, copy, random.Random(f"{seed}/{kind}/{n}"))
                if not find_faults(copy, outside):
                    missed[kind].append(done)
    return missed


def make_evidence(
    folder: Path, mesas: int | None = 40, hours: tuple[int, ...] = (3, 8, 720), election: Election | None = None
) -> Path:
    """A polled and sealed count of a few cuts, of the newest election by default; without `mesas` of a country."""
    folder.mkdir()
    election = election or newest_election()
    app = make_feed_app(None if mesas is None else write_mesas(folder / "mesas.csv", mesas, election), election)
    with served(app) as url:
        for at in cuts(election, hours):
            app.step_to(at)
            poll(url, folder, election)
    return folder


def newest_head(folder: Path) -> Outside:
    """The newest head, as somebody outside would have kept it."""
    path = max((folder / "archive" / "checkpoints").iterdir())
    return [("outside", head) for head in read_heads(path.read_text(), path.name)]


def find_faults(folder: Path, outside: Outside) -> list[str]:
    """What `escrutinio verify` says is wrong."""
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    try:
        return verify(store, folder / "archive", feed_of, Trust(outside=outside)).faults
    except EscrutinioError as error:  # on the command line also one sentence and exit status 1
        return [str(error)]
    finally:
        store.close()


def _falsified(missed: dict[str, list[str]]) -> list[str]:
    rows = [f"| {kind} | {TRIALS - len(acts)} of {TRIALS} | {TRIALS} |" for kind, acts in missed.items()]
    return ["| falsification | found by `verify --head` | bar |", "|---|---|---|", *rows]


def _killed(killing: Killing, minutes: float) -> list[str]:
    rows = [
        ("SIGKILLs, all while the poller was at work", f"{killing.in_work} of {killing.kills}", KILLS),
        ("committed versions or log lines lost", len(killing.lost), 0),
        ("torn versions, or faults found after a kill", len(killing.torn), 0),
        ("faults at the end", len(killing.faults), 0),
        ("values that end otherwise than in an undisturbed run", len(killing.other), 0),
    ]
    lines = [f"| {what} | {result} | {bar} |" for what, result, bar in rows]
    told = f"{killing.versions} versions, {killing.lines:,} log lines, {minutes:.0f} minutes, {MESAS} mesas."
    return ["| killed again and again | result | bar |", "|---|---|---|", *lines, "", told]
