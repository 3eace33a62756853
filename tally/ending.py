"""How a program of ours is told to end."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any

# A program that was told to end is gone within 10 s. It needs half a second to be noticed.
_WITHIN_S = 9.5


def end_when_told() -> None:
    """Let SIGTERM be an interrupt, so that leases and files are closed.

    A shell that starts a program in the background of a script has it ignore interrupts, and so the end as well.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


def end_soon() -> None:
    """From now on the process has 10 s: a disk or a database that never answers holds up no end that was asked for.

    What is not stored by then is read again, and the lease ends by itself: as after a crash.
    """
    timer = threading.Timer(_WITHIN_S, _end)
    timer.daemon = True
    timer.start()


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do that work; when this is cancelled, the work is too, and has 10 s to end."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        end_soon()
        task.cancel()
        await asyncio.wait({task})
        raise
    task.result()


def is_told() -> bool:
    """Whether the running task was cancelled, whatever has been raised since: errors on the way out hide that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _end() -> None:
    sys.stderr.write("escrutinio: it took too long to put everything away; ended at once, nothing stored is lost\n")
    sys.stderr.flush()
    os._exit(1)
