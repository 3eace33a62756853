"""The time machine: a count as it stood at an earlier version or moment."""

from functools import partial

import anyio
from anyio import CapacityLimiter, to_thread

from api.live import LiveCount
from api.recent import Recent
from tally import moments
from tally.errors import InvalidInput, NotFound
from tally.model import AREA_LEVELS, NATION, Level
from tally.store import Store
from tally.view import View

# Areas are one key in fifty: without places and mesas the past is read in an instant.
AREA_PREFIXES = tuple(NATION if level is Level.NATION else f"{level}/" for level in AREA_LEVELS)
_KEPT = 8


class Past:
    """Earlier states, the newest asked for kept. A state that is the present one is the live view itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._areas: Recent[View] = Recent(_KEPT)
        self._whole: Recent[View] = Recent(1)  # about 100 MB each for a national count
        self._limiter = CapacityLimiter(1)
        self._lock = anyio.Lock()

    async def at_moment(self, live: LiveCount, at: str, *, areas_only: bool) -> View:
        """The state at a moment, ISO 8601; before the first number it is empty.

        Raises: InvalidInput: not a moment. StoreUnavailable.
        """
        if "T" in at:  # a "+" that was not escaped in the URL arrives as a space
            at = at.replace(" ", "+")
        try:
            # Whole seconds, each to its end: stamps of the log have milliseconds only where there are some.
            moment = moments.write(moments.read(at).replace(microsecond=0))
        except (ValueError, OverflowError) as error:
            raise InvalidInput(f"at={at[:40]!r} is not a moment like 2026-06-13T19:05:18Z") from error
        version = await self._version(live, at=moment)
        return View(live.info) if version is None else await self._view(live, version, areas_only=areas_only)

    async def at_version(self, live: LiveCount, seq: int, *, areas_only: bool) -> View:
        """The state at a version.

        Raises: NotFound: there is no such version. StoreUnavailable.
        """
        version = None
        if 0 < seq <= live.seq:
            version = await self._version(live, seq=seq)
        if version is None or version[0] != seq:
            raise NotFound(f"there is no version {seq} of this count; the newest is {live.seq}")
        return await self._view(live, version, areas_only=areas_only)

    async def _version(
        self, live: LiveCount, *, seq: int | None = None, at: str | None = None
    ) -> tuple[int, str] | None:
        find = partial(self._store.version, live.info.id, seq=seq, at=at)
        return await to_thread.run_sync(find, limiter=self._limiter)

    async def _view(self, live: LiveCount, version: tuple[int, str], *, areas_only: bool) -> View:
        if version[0] == live.seq:
            return live.view
        key = (live.info.id, live.epoch, version[0])
        async with self._lock:  # of several requests for one past, one reads it
            known = self._whole.get(key) or (self._areas.get(key) if areas_only else None)
            if known is not None:
                return known
            info, prefixes = live.info, AREA_PREFIXES if areas_only else None
            view = await to_thread.run_sync(
                lambda: View.load_past(self._store, info, version, prefixes), limiter=self._limiter
            )
            return (self._areas if areas_only else self._whole).put(key, view)
