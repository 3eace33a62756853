"""All counts in service, kept up with the store by one task that asks it for news or is woken by a writer.

What wakes it is a hint, never the news itself: a writer in this process, or over PostgreSQL a notification.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
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
from tally.storage.clocks import clock_offset
from tally.storage.news import CountNews
from tally.storage.store import CountInfo, Store

_log = structlog.get_logger(__name__)
# Change sets a read: the loop folds them in one go, so a reader that fell far behind takes several.
_BATCH = 100
# A database that neither answers nor refuses for so long is away.
_SILENT_S = 15.0
# How often it is asked what was read and had nothing new to say: what had comes with its changes.
_READINGS_EVERY_S = 2.0
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
    """Every count the store has of a contest that an election's file knows. `wake` may be called from any thread.

    However many there are, one task follows them, and one question to the store tells what is new.
    """

    def __init__(self, store: Store, elections: dict[str, Election], options: ServeOptions, *watchers: Watcher) -> None:
        self._watchers = watchers
        self._store, self._elections, self._options = store, elections, options
        self._news_of = CountNews(store)
        # Where each contest stands in its election's file.
        self._places = {
            (election.id, contest.id): place
            for election in elections.values()
            for place, contest in enumerate(election.contests)
        }
        self._contests: dict[str, dict[str, LiveCount]] = {}
        self._lives: list[LiveCount] = []
        self._firsts: dict[str, LiveCount] = {}
        # Woken whenever anything was taken in, of whatever count; `news` tells one such time from another.
        self.listeners: set[asyncio.Event] = set()
        self.news = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._commits = doorbell_of(store.engine, self._news.set)
        self._listening: asyncio.Task[None] | None = None
        self._is_listed = False
        self._looked = asyncio.Event()
        self._away: StoreUnavailable | None = None
        self._check_due = self._readings_due = 0.0
        self._told = 0.0
        # Of this machine's clock before the database's, in seconds; None: it has none of its own, or was not asked yet.
        self.clock_offset_s: float | None = None
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

    async def first_look(self) -> None:
        """Return once the counts that the store has are in service, or it was found to be away."""
        await self._looked.wait()

    def wake(self) -> None:
        """There is news in the store: read it now instead of at the next poll. Does nothing before the start."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between
                loop.call_soon_threadsafe(self._news.set)

    @property
    def is_ready(self) -> bool:
        """Whether all counts there are were loaded and are still followed, and the database is one that we can use."""
        is_followed = self._task is not None and not self._task.done()
        return self._is_listed and bool(self._lives) and is_followed and self.mismatch is None

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
        """Counts in service, in the order in which they came."""
        return self._lives.copy()

    def firsts(self) -> list[LiveCount]:
        """The first count of each election."""
        return list(self._firsts.values())

    def contests(self, election_id: str) -> Mapping[str, LiveCount]:
        """The counts of an election, by contest."""
        return self._contests.get(election_id, {})

    def live(self, election_id: str, contest_id: str | None = None) -> LiveCount:
        """The count of a contest; None: of the first contest, in the order of the election's file, that has one.

        Raises: UnknownElection. NotFound: there is no such contest, or the store has no count of it.
        StoreUnavailable: it is not loaded yet.
        """
        found = self._firsts.get(election_id) if contest_id is None else self.contests(election_id).get(contest_id)
        if found is not None:
            return found
        election = find_election(self._elections, election_id)
        if contest_id is not None and (election_id, contest_id) not in self._places:
            raise NotFound(f"election {election_id} has no contest {contest_id[:40]!r}")
        told = election.id if contest_id is None else f"contest {contest_id} of {election.id}"
        if self._is_listed:
            raise NotFound(f"the database holds no count of {told}")
        loading = f"the count of {told} is not loaded yet; try again in a moment"
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
            self.clock_offset_s = await self._ask(clock_offset, self._store.engine)
            self._check_due = now + _CHECK_EVERY_S
        infos = await self._ask(self._news_of.look)
        try:
            for info in infos:
                await self._take(info)
            if infos or now >= self._readings_due:
                await self._take_readings()
                self._readings_due = now + _READINGS_EVERY_S
        except BaseException:
            self._news_of.forget()  # not all of it was taken in
            raise
        finally:
            if infos:
                self._notify()
        self._is_listed = True

    async def _take_readings(self) -> None:
        by_id = {live.info.id: live for live in self._lives}
        asked = {id_: keys for id_, live in by_id.items() if (keys := live.readings.take_asked())}
        found, self._told = await self._ask(self._store.readings.since, self._told, asked)
        for id_, times in found.items():
            if id_ in by_id:
                by_id[id_].readings.put(times)

    def _notify(self) -> None:
        self.news += 1
        for listener in self.listeners:
            listener.set()

    async def _take(self, info: CountInfo) -> None:
        """Bring a count to where the store has it."""
        if (info.election_id, info.contest_id) not in self._places:
            return
        live = self.contests(info.election_id).get(info.contest_id)
        if live is not None:
            await self._refresh(live, info)
            return
        loaded = await self._ask(self._load, info)
        election, clock = self._elections[info.election_id], asyncio.get_running_loop().time
        self._enter(LiveCount(election, loaded, self._options, clock))
        _log.info("count loaded", election=info.election_id, contest=info.contest_id, seq=loaded.view.seq)

    def _enter(self, live: LiveCount) -> None:
        """A count comes into service."""
        self._told = 0.0  # all that was told of it is still to be read
        election_id = live.election.id
        self._lives.append(live)
        self._contests.setdefault(election_id, {})[live.contest.id] = live
        first = self._firsts.setdefault(election_id, live)
        if self._places[election_id, live.contest.id] < self._places[election_id, first.contest.id]:
            self._firsts[election_id] = live

    async def _refresh(self, live: LiveCount, info: CountInfo) -> None:
        # A version that went backwards under the same epoch is an older copy of the history: also a replacement.
        if info.epoch != live.epoch or info.seq < live.info.seq or info.id != live.info.id:
            about = {"election": info.election_id, "contest": info.contest_id, "epoch": info.epoch, "seq": info.seq}
            _log.warning("history replaced", **about)
            live.replace(await self._ask(self._load, info))
            self._told = 0.0
            return
        live.describe(info)
        while live.seq < info.seq:
            sets = await self._ask(self._store.read, info.id, live.seq, _BATCH)
            if not sets:
                self._news_of.forget()  # the history was replaced since: the next look tells
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
        self._looked.set()
        for live in self._lives:
            live.is_away = error is not None
