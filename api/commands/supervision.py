"""A poller that is begun again whenever it ends by itself: a source, a full disk or a slip of ours ends nothing."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext, suppress

import msgspec
import structlog

from api.commands.polling import PollOptions, followed_contests, make_budget, open_poller
from ingest.containment import contained
from ingest.health import FeedHealth
from ingest.progress import ReadingProgress
from tally import moments
from tally.changes import ChangeSet
from tally.election import Election
from tally.ending import is_told
from tally.errors import (
    EscrutinioError,
    FeedRefused,
    InvalidInput,
    StoreUnavailable,
    Unforeseen,
    WriterBusy,
    WrongElection,
)
from tally.settings import Settings, disks
from tally.storage.lease import LEASE_S, promise
from tally.storage.store import FeedStatus, Store

_log = structlog.get_logger()

_FIRST_S, _LONGEST_S = 15.0, 60.0
# While nobody reads, screens are told so often that somebody will again.
_BEAT_S = 5.0
# One that lived for so long had not failed again.
_SOUND_S = 120.0
# Only a person can mend these, and at the start somebody is there to read it.
_SLIPS = (InvalidInput, WrongElection, WriterBusy)


class Supervisor:
    """Keeps one poller going. `announce` and `on_progress`: see open_poller."""

    def __init__(
        self,
        settings: Settings,
        election: Election,
        options: PollOptions,
        announce: Callable[[ChangeSet], None] = lambda _: None,
        on_progress: Callable[[ReadingProgress], None] = lambda _: None,
    ) -> None:
        self._settings, self._election = settings, election
        # One budget for good: a source that refused is left alone by the next poller too.
        self._options = msgspec.structs.replace(options, budget=options.budget or make_budget(election, options))
        self._announce, self._on_progress = announce, on_progress
        self._was_open = False
        self._reason: str | None = None
        self._health: FeedHealth | None = None
        self._news = asyncio.Event()

    async def run(self, *, until_final: bool = False) -> None:
        """Poll for good, or until the count is final.

        Raises: EscrutinioError: at the start, what only a person can mend, and anything but a refusal while there is no
            earlier count to show. InvalidInput.
        """
        promising = asyncio.create_task(self._keep_promising())
        try:
            async with self._telling():
                await self._keep_polling(until_final=until_final)
        finally:
            promising.cancel()
            with suppress(asyncio.CancelledError):
                await promising

    def _telling(self) -> AbstractAsyncContextManager[None]:
        """The poller's figures at an address of their own, if the settings have one."""
        settings = self._settings
        if settings.poller_port is None:
            return nullcontext()
        from api.commands.watching.poller_metrics import PollerMetrics  # here: see api.cli
        from api.commands.watching.poller_server import make_application, told

        metrics = PollerMetrics(self._options.figures, disks(settings), lambda: self._reason)
        application = make_application(metrics, settings.database_url, self._election.id)
        return told(application, settings.poller_host, settings.poller_port)

    async def _keep_polling(self, *, until_final: bool) -> None:
        has_something = _has_count(self._settings, self._election)
        pause = _FIRST_S
        while True:
            began = time.monotonic()
            try:
                await contained(self._poll(until_final=until_final), lambda: "the whole of polling")
                return
            except EscrutinioError as error:
                if is_told():
                    raise asyncio.CancelledError from error
                slips = InvalidInput if self._was_open else _SLIPS
                is_refused = isinstance(error, FeedRefused)
                if isinstance(error, slips) or not (has_something or self._was_open or is_refused):
                    raise
                pause = _FIRST_S if time.monotonic() - began > _SOUND_S else pause
                self._tell(error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_S)

    async def _poll(self, *, until_final: bool) -> None:
        async with open_poller(
            self._settings, self._election, self._options, self._announce, self._on_progress
        ) as poller:
            self._was_open = True
            if self._reason is not None:
                _log.info("polling again")
            self._reason = self._health = None
            await poller.run(until_final=until_final)

    def _tell(self, error: EscrutinioError, pause: float) -> None:
        """Say why it ended, unless that was said already."""
        if str(error) != self._reason:
            trace = error.__cause__ if isinstance(error, Unforeseen) else None
            _log.warning("polling stopped, trying again", detail=str(error), seconds=pause, exc_info=trace)
        self._reason = str(error)
        self._health = self._health or FeedHealth()
        self._health.not_begun(error, moments.utc_now())
        self._news.set()

    async def _keep_promising(self) -> None:
        """Tell screens why nobody reads just now, and that somebody will again."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _BEAT_S)
            self._news.clear()
            if self._health is not None:
                with suppress(StoreUnavailable):  # it is told as away then
                    await asyncio.to_thread(self._promise, self._health.status(None))

    def _promise(self, status: FeedStatus) -> None:
        store = Store.open(self._settings.database_url)
        try:
            promise(store, self._election.id, status, LEASE_S)
        finally:
            store.close()


def _has_count(settings: Settings, election: Election) -> bool:
    followed = {contest.id for contest in followed_contests(settings, election)}
    with closing(Store.open(settings.database_url)) as store:
        return any(
            info.seq for info in store.counts() if info.election_id == election.id and info.contest_id in followed
        )
