"""The collector's full pass comes when we say so."""

import asyncio
import gc
import weakref

from api.commands.garbage_collection import tidy, tidying


class _Visitor:
    """Something that is part of a circle, as a connection is."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_let_go_after_it_was_set_aside_is_found_before_there_is_much_of_it() -> None:
    try:
        settled = tidy()
        visitors = [_Visitor() for _ in range(gc.get_freeze_count() // 8)]
        gone = weakref.ref(visitors[0])
        assert tidy(settled) == settled
        visitors.clear()
        assert tidy(settled) == settled
        assert gone() is not None  # set aside, and there is little of it
        more = [_Visitor() for _ in range(settled // 4)]
        tidy(settled)
        more.clear()
        assert tidy(settled) < settled * 1.1
        assert gone() is None
    finally:
        gc.unfreeze()


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
