"""All counts in service, kept up with the store by one task that asks it for news or is woken by a writer.

What wakes it is a hint, never the news itself: a writer in this process, or over PostgreSQL a notification.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, Protocol, TypeVar

import structlog

from api.live.commit_listener import doorbell_of
from api.live.count import LiveCount, Loaded, load
from api.live.tasks import end_tasks, tell_end
from api.options import ServeOptions
from tally.changes import ChangeSet
from tally.election import Election, find_election
from tally.errors import NotFound, StoreMismatch, StoreUnavailable
from tally.storage.store import CountInfo, Store

_log = structlog.get_logger(__name__)
# Change sets a read: the loop folds them in one go, so a reader that fell far behind takes several.
_BATCH = 100
# A database that neither answers nor refuses for so long is away.
_SILENT_S = 15.0
# How soon a schema that was changed under us is noticed.
_CHECK_EVERY_S = 5.0

P = ParamSpec("P")
T = TypeVar("T")


class Watcher(Protocol):
    """Whoever keeps figures about the counts in service."""

    def loaded(self, store: Store, loaded: Loaded) -> None:
        """A count comes into service, or its history is replaced. In the thread that reads the store."""

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """A count was moved on by those change sets, which its listeners are being told of. On the loop."""


class Counts:
    """The first count of every election the store knows. `wake` may be called from any thread."""

    def __init__(self, store: Store, elections: dict[str, Election], options: ServeOptions, *watchers: Watcher) -> None:
        self._watchers = watchers
        self._store, self._elections, self._options = store, elections, options
        self._lives: dict[str, LiveCount] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._commits = doorbell_of(store.engine, self._news.set)
        self._listening: asyncio.Task[None] | None = None
        self._is_listed = False
        self._away: StoreUnavailable | None = None
        self._check_due = 0.0
        # Its own thread: a database that hangs must not take the threads of requests with it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tail")

    def start(self) -> None:
        """Begin to follow the store, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._follow(), name="following the store")
        self._task.add_done_callback(tell_end)
        if self._commits is not None:
            self._listening = self._loop.create_task(self._commits.listen(), name="commits")
            self._listening.add_done_callback(tell_end)

    async def stop(self) -> None:
        """Stop following."""
        tasks = self._task, self._listening
        self._task, self._listening, self._loop = None, None, None
        await end_tasks(*tasks)
        # A call to the database that is under way ends first: its connection must be back before the store is closed.
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def wake(self) -> None:
        """There is news in the store: read it now instead of at the next poll. Does nothing before the start."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between
                loop.call_soon_threadsafe(self._news.set)

    @property
    def is_ready(self) -> bool:
        """Whether a count is loaded and still followed, and the database is one that we can use."""
        is_followed = self._task is not None and not self._task.done()
        return bool(self._lives) and is_followed and self.mismatch is None

    @property
    def mismatch(self) -> str | None:
        """Why the database cannot be used as it was when it was last asked, and what to do; None: it can be."""
        return self._away.public if isinstance(self._away, StoreMismatch) else None

    @property
    def is_away(self) -> bool:
        """Whether the store did not answer when it was last asked."""
        return self._away is not None

    @property
    def is_listening(self) -> bool:
        """Whether the database wakes us; without that it is asked more often."""
        return self._commits is not None and self._commits.is_connected

    def all(self) -> list[LiveCount]:
        """Counts in service, in the store's order."""
        return list(self._lives.values())

    def live(self, election_id: str) -> LiveCount:
        """The count of an election.

        Raises: UnknownElection. NotFound: the store has no count of it. StoreUnavailable: it is not loaded yet.
        """
        found = self._lives.get(election_id)
        if found is not None:
            return found
        find_election(self._elections, election_id)
        if self._is_listed:
            raise NotFound(f"the database holds no count of {election_id}")
        loading = f"the count of {election_id} is not loaded yet; try again in a moment"
        raise StoreUnavailable(loading, public=loading)

    async def _follow(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._catch_up()
            except StoreUnavailable as error:
                self._set_away(error)
            else:
                self._set_away(None)
            with suppress(TimeoutError):
                pause_s = self._options.listening_poll_s if self.is_listening else self._options.poll_s
                await asyncio.wait_for(self._news.wait(), pause_s)

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the store answers, in the thread that waits for it. If it only stays silent it is said to be away."""
        asked = asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **kwargs))
        done, _ = await asyncio.wait([asked], timeout=_SILENT_S)
        if not done:
            self._set_away(StoreUnavailable(f"no answer for {_SILENT_S:.0f} s"))
        return await asked

    async def _catch_up(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._check_due or self._away is not None:
            await self._ask(self._store.check)
            self._check_due = now + _CHECK_EVERY_S
        seen: set[str] = set()
        for info in await self._ask(self._store.counts):
            election = self._elections.get(info.election_id)
            if election is None or info.election_id in seen or not _has_contest(election, info):
                continue
            seen.add(info.election_id)
            live = self._lives.get(info.election_id)
            if live is None:
                loaded = await self._ask(self._load, info)
                clock = asyncio.get_running_loop().time
                self._lives[info.election_id] = LiveCount(election, loaded, self._options, clock)
                _log.info("count loaded", election=info.election_id, seq=loaded.view.seq)
            else:
                await self._refresh(live, info)
        self._is_listed = True

    async def _refresh(self, live: LiveCount, info: CountInfo) -> None:
        # A version that went backwards under the same epoch is an older copy of the history: also a replacement.
        if info.epoch != live.epoch or info.seq < live.info.seq or info.id != live.info.id:
            _log.warning("history replaced", election=info.election_id, epoch=info.epoch, seq=info.seq)
            live.replace(await self._ask(self._load, info))
            return
        live.describe(info)
        while live.seq < info.seq:
            sets = await self._ask(self._store.read, info.id, live.seq, _BATCH)
            if not sets:
                break
            live.advance(sets)
            for watcher in self._watchers:
                watcher.advanced(live, sets)

    def _load(self, info: CountInfo) -> Loaded:
        loaded = load(self._store, info)
        for watcher in self._watchers:
            watcher.loaded(self._store, loaded)
        return loaded

    def _set_away(self, error: StoreUnavailable | None) -> None:
        """Say once that the store went away, and once that it is back."""
        if error is not None and self._away is None:
            _log.error("database away; the last state stays in service", reason=str(error))
        elif error is None and self._away is not None:
            _log.info("database back")
        self._away = error
        for live in self._lives.values():
            live.is_away = error is not None


def _has_contest(election: Election, info: CountInfo) -> bool:
    return any(contest.id == info.contest_id for contest in election.contests)
