"""The collector's full pass comes when we say so."""

import asyncio
import gc

from api.commands.garbage_collection import tidying


def test_garbage_goes_and_what_stays_is_not_looked_at_again() -> None:
    before = gc.get_threshold()
    kept = [[n] for n in range(1000)]

    async def live() -> tuple[int, int]:
        async with tidying(0.01):
            await asyncio.sleep(0)
            circle: list[object] = []
            circle.append(circle)
            del circle
            await asyncio.sleep(0.05)
            return gc.get_freeze_count(), gc.get_threshold()[2]

    frozen, full_pass = asyncio.run(live())
    assert frozen > len(kept)
    assert full_pass > before[2]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
