"""Packing beside the poller: a process of its own for each day whose log is closed, at the lowest priority.

A thread would take turns with the reading of answers; a process takes what is left, and gives its memory back.
"""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from ingest.log import Tail
from ingest.proof.seal import EVERY_S

_log = structlog.get_logger()

LOOK_S = 600.0


@asynccontextmanager
async def packing(archive: Path, every_s: float = LOOK_S) -> AsyncIterator[None]:
    """Pack each day once it is closed and sealed. A failure is said once and tried again; the count goes on."""
    task = asyncio.create_task(_keep_packing(archive, every_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_packing(archive: Path, every_s: float) -> None:
    packed, is_failing = "", False
    while True:
        await asyncio.sleep(every_s)
        day = closed_day(archive, time.time())
        if day is not None and day != packed:
            said = await _pack(archive)
            if said is None:
                packed = day
            elif not is_failing:
                _log.error("the archive cannot be packed", detail=said)
            is_failing = said is not None


def closed_day(archive: Path, now: float) -> str | None:
    """The newest log file to which nothing is appended any more, once a head can have sealed all of it; None: none.

    `now`: seconds since the epoch, as files have their times.
    """
    closed = [path for path in Tail(archive / "log").files()[:-1] if path.exists()]  # packed ones are not
    return max((path.name for path in closed if path.stat().st_mtime < now - 2 * EVERY_S), default=None)


async def _pack(archive: Path) -> str | None:
    """Pack in a process of its own, which ends with us; returns what went wrong."""
    command = (sys.executable, "-m", "ingest.packs", str(archive))
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    try:
        told, wrong = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        return wrong.decode(errors="replace").strip()
    _log.info("archive packed", detail=told.decode(errors="replace").strip())
    return None
