"""The time machine: a count as it stood at an earlier version or moment."""

from collections.abc import Sequence
from functools import partial

import anyio
from anyio import CapacityLimiter, to_thread
from msgspec import Struct

from api.http.answers import CURRENT, PAST
from api.http.recent import Recent
from api.live.count import LiveCount
from api.story.queues import Queues
from api.story.trails import Trails
from tally import moments
from tally.errors import InvalidInput, NotFound
from tally.keys import AREA_LEVELS, start_of
from tally.storage.store import Store
from tally.view import View

# Areas are one key in fifty: without places and mesas the past is read in an instant.
AREA_PREFIXES = tuple(map(start_of, AREA_LEVELS))
_KEPT = 8


class Version(Struct, frozen=True):
    """A version somebody asks for; `seq` 0 is the time before the first number. `cache` says how long it stays true."""

    seq: int
    at: str
    cache: str
    is_past: bool


class Past:
    """Earlier states, the newest asked for kept. A state that is the present one is the live view itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.trails, self.queues = Trails(store), Queues(store)
        self._areas: Recent[View] = Recent(_KEPT)
        self._whole: Recent[View] = Recent(1)  # about 100 MB each for a national count
        self._limiter = CapacityLimiter(1)
        self._lock = anyio.Lock()

    async def version(self, live: LiveCount, at: str | None) -> Version:
        """The version that stood at a moment, ISO 8601; None is now.

        Raises: InvalidInput: not a moment. StoreUnavailable.
        """
        if at is None:
            return Version(live.seq, live.view.as_of, CURRENT, is_past=False)
        moment = _read_moment(at)
        # What is older than the newest version can never change; what is not may be overtaken.
        cache = PAST if moment < live.view.as_of else CURRENT
        found = await self._version(live, at=moment)
        seq, stamp = found or (0, live.info.created_at)
        return Version(seq, stamp, cache, is_past=True)

    async def view_of(self, live: LiveCount, version: Version, keys: Sequence[str]) -> View:
        """Those keys as they stood at a version; the live view if that is now. Mesas stand where they lie today."""
        if version.seq == live.seq:
            return live.view
        if version.seq == 0:
            return View(live.info)
        info, known = live.info, (version.seq, version.at)
        return await to_thread.run_sync(lambda: View.of_keys(self._store, info, known, keys), limiter=self._limiter)

    async def at_moment(self, live: LiveCount, at: str, *, areas_only: bool) -> View:
        """The whole state at a moment, ISO 8601; before the first number it is empty.

        Raises: InvalidInput: not a moment. StoreUnavailable.
        """
        version = await self._version(live, at=_read_moment(at))
        return View(live.info) if version is None else await self._view(live, version, areas_only=areas_only)

    async def at_version(self, live: LiveCount, seq: int, keys: Sequence[str]) -> View:
        """Those keys at a version.

        Raises: NotFound: there is no such version. StoreUnavailable.
        """
        version = None
        if 0 < seq <= live.seq:
            version = await self._version(live, seq=seq)
        if version is None or version[0] != seq:
            raise NotFound(f"there is no version {seq} of this count; the newest is {live.seq}")
        return await self.view_of(live, Version(*version, CURRENT, is_past=True), keys)

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


def _read_moment(at: str) -> str:
    """A moment as the log writes it.

    Raises: InvalidInput: not a moment.
    """
    if "T" in at:  # a "+" that was not escaped in the URL arrives as a space
        at = at.replace(" ", "+")
    try:
        # Whole seconds, each to its end: stamps of the log have milliseconds only where there are some.
        return moments.write(moments.read(at).replace(microsecond=0))
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"at={at[:40]!r} is not a moment like 2026-06-13T19:05:18Z") from error
