"""Python's cyclic garbage, collected where nobody waits for it.

What a count is made of stays for the whole night, but by itself the collector looks at all of it whenever a quarter
more has come: over a whole country that takes 0.15 s, in which nobody is told anything.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_PAUSE_S = 30.0
# Young objects as ever, but fewer times; a full collection by itself never.
_THRESHOLDS = (5_000, 20, 1_000_000)
# What is set aside and let go later is found by looking at all again: once there is so much more of it.
_GROWN = 1.25


@asynccontextmanager
async def tidying(pause_s: float = _PAUSE_S) -> AsyncIterator[None]:
    """Look after the memory of this process meanwhile. For processes that serve or poll and do nothing else."""
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    task = asyncio.create_task(_keep_tidy(pause_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        gc.set_threshold(*before)
        gc.unfreeze()


async def _keep_tidy(pause_s: float) -> None:
    settled = 0
    while True:
        settled = tidy(settled)
        await asyncio.sleep(pause_s)


def tidy(settled: int = 0) -> int:
    """Collect what has come since the last time, and set aside what is left of it.

    settled: how many objects the last look at all of them left. Returns: what it is from now on.
    """
    if gc.get_freeze_count() > _GROWN * settled:
        gc.unfreeze()
        settled = 0
    gc.collect()
    gc.freeze()
    return settled or gc.get_freeze_count()
