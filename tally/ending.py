"""How a program of ours is told to end."""

import _thread
import asyncio
import os
import signal
import sys
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# A program that was told to end is gone within 10 s. It needs half a second to be noticed.
_WITHIN_S = 9.5
_ONCE_MORE_S = 0.01


def end_when_told() -> None:
    """Let SIGTERM be an interrupt, so that leases and files are closed; from then on the process has 10 s.

    A shell that starts a program in the background of a script has it ignore interrupts, and so the end as well.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, _interrupt)
    signal.signal(signal.SIGTERM, _told)
    sys.unraisablehook = _interrupt_once_more


def end_soon() -> None:
    """From now on the process has 10 s: a disk or a database that never answers holds up no end that was asked for.

    What is not stored by then is read again, and the lease ends by itself: as after a crash.
    """
    # A signal may come while the interrupted code holds any lock: to begin this thread takes none.
    _thread.start_new_thread(_end_late, ())


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


def _told(*_: object) -> None:
    end_soon()
    _interrupt()


def _interrupt(*_: object) -> None:
    # Whoever has taken interrupts over, as a loop does, hears of this one too.
    signal.raise_signal(signal.SIGINT)


def _interrupt_once_more(ignored: "UnraisableHookArgs") -> None:
    """Python ignores what is raised while it clears something away: an interrupt comes again when that is done."""
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, _ONCE_MORE_S)
    else:
        sys.__unraisablehook__(ignored)


def _end_late() -> None:
    time.sleep(_WITHIN_S)
    sys.stderr.write("escrutinio: it took too long to put everything away; ended at once, nothing stored is lost\n")
    sys.stderr.flush()
    os._exit(1)
