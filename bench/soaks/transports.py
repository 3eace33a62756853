"""Soak of the live protocol: seeded walks through everything that may go wrong between log, server and clients.

A walk that ended is kept in var/soak/, so that a soak that was cut off goes on with the seeds that are missing.
"""

import gc
import hashlib
import json
import logging
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import structlog

from bench.reliability import SoakSection
from tests.api import standing
from tests.api.live import source, travellers, world
from tests.api.live.travellers import FAULTS
from tests.api.live.world import STEPS, World

NAME = "transports"
LENGTH, SEEDS = 20_000, 50
_ROOT = Path(__file__).parents[2]
_KEPT = _ROOT / "var" / "soak"
_BAR = 30


def walk(seed: int, length: int) -> Counter[str]:
    """What was done in that many steps; raises where client, server and log differ."""
    chosen, done = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        one = World(Path(folder), seed)
        for name in chosen.choices(list(STEPS), list(STEPS.values()), k=length):
            done[name] += 1
            if name in ("deliver", "poll"):
                fault = chosen.choice((None, None, None, *FAULTS))
                done[str(fault)] += 1
                getattr(one, name)(fault)
            else:
                getattr(one, name)()
        one.check()
        done += one.counted()
        one.close()
    return done


def main(seed: int) -> SoakSection:
    """Every seed to its end: the first divergence stops the soak."""
    total, commits = Counter[str](), set[str]()
    for n, (commit, done) in enumerate(_walks(range(seed, seed + SEEDS)), 1):
        total += done
        commits.add(commit)
        _show(n)
    steps = ", ".join(f"{name.replace('_', ' ')} {total[name]:,}" for name in STEPS)
    return SoakSection(
        NAME,
        "Client, server and log agree, whatever happens between them",
        seed,
        [
            f"{LENGTH:,} steps of {SEEDS} seeds over socket, server-sent events and polling, on a clock that stands: "
            f"{steps}.",
            f"On the way messages and answers were lost {total['lose']:,} times, doubled {total['double']:,} times and "
            f"turned round {total['turn']:,} times. The ring kept 20 s or 60 changes, whichever is more; who stood "
            f"before it was given the state anew. Clients asked {total['healed']:,} times over HTTP for what they had "
            f"missed (changes {total['changes']:,}, states {total['states']:,}), polling apart, and "
            f"{total['bye']:,} were let go because they did not read.",
            "",
            "| what | bar | measured |",
            "|---|---|---|",
            f"| comparisons in which every client == the server == the fold of the log | all | {total['compared']:,} |",
            "| … and each had been told of every correction since it began, and of no other | all | "
            f"{total['compared']:,} |",
            "| divergences | 0 | 0 |",
            "",
            f"Walked with commit {', '.join(sorted(commits))}.",
        ],
    )


def _walks(seeds: range) -> Iterator[tuple[str, Counter[str]]]:
    """Every seed's walk, from the shelf or anew."""
    machine, commit = _machine(), _commit()
    missing = []
    for seed in seeds:
        file = _file(machine, seed)
        if file.exists():
            kept = json.loads(file.read_text())
            yield kept["commit"], Counter(kept["done"])
        else:
            missing.append(seed)
    with multiprocessing.Pool(os.cpu_count(), _prepare) as pool:
        for seed, done in pool.imap_unordered(partial(_walk, length=LENGTH), missing):
            _KEPT.mkdir(parents=True, exist_ok=True)
            _file(machine, seed).write_text(json.dumps({"commit": commit, "done": done}))
            yield commit, done


def _walk(seed: int, length: int) -> tuple[int, Counter[str]]:
    return seed, walk(seed, length)


def _prepare() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    gc.freeze()
    gc.set_threshold(50_000)


def _file(machine: str, seed: int) -> Path:
    return _KEPT / f"{NAME}-{machine}-{LENGTH}-{seed}.json"


def _machine() -> str:
    """Names what walks: a seed is the same walk only in the same machine."""
    sources = [Path(module.__file__) for module in (world, source, travellers, standing) if module.__file__]
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*sources, Path(__file__)))).hexdigest()[:12]


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, check=False, capture_output=True, text=True, cwd=_ROOT).stdout.strip() or "unknown"


def _show(done: int) -> None:
    bar = "█" * (done * _BAR // SEEDS)
    end = "\n" if done == SEEDS or not sys.stdout.isatty() else "\r"
    print(f"→ {bar:░<{_BAR}} {done} of {SEEDS} seeds, no divergence ({time.strftime('%H:%M:%S')})", end=end, flush=True)
