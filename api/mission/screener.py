"""Freezes the flags of each count at its checkpoints, in a thread of its own; of several servers one does it.

A thread and not a process: the state is here already, most of the work is numpy's, and a count has a dozen checkpoints.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from anyio import to_thread

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.tasks import end_tasks
from mission.flags.checkpoints import next_checkpoint, progress_of
from mission.flags.records import FlagRecords, Moment
from mission.flags.screening import screen
from mission.flags.thresholds import load_thresholds
from mission.people.accounts import has_admin
from tally import moments
from tally.changes import Entry, Kind
from tally.errors import StoreUnavailable
from tally.keys import NATION
from tally.ledger import LedgerEntry, read_ledger
from tally.storage.store import Store

_log = structlog.get_logger(__name__)
# How often it is looked whether a checkpoint is due.
_LOOK_S = 1.0
_PAGE = 1000

T = TypeVar("T")


class Screener:
    """Follows all counts from `start` until `stop`, as long as there is a mission."""

    def __init__(self, store: Store, counts: Counts) -> None:
        self._store, self._counts = store, counts
        self._records, self._holder = FlagRecords(store.engine), secrets.token_hex(8)
        self._seen: dict[int, str] = {}
        self._has_mission = False
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flags")

    def start(self) -> None:
        """Begin, on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End. A checkpoint that is being computed is finished first: its connection must be back by then."""
        task, self._task = self._task, None
        await end_tasks(task)
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def look(self) -> None:
        """Freeze what is due now."""
        for live in self._counts.all():
            if live.is_away or self._seen.get(live.info.id) == live.etag:
                continue
            etag, nation = live.etag, live.view.entries.get(NATION)
            if nation is not None and await self._is_due(live, nation):
                continue  # this version may have passed another one, or somebody else is at it: look again
            self._seen[live.info.id] = etag

    async def _is_due(self, live: LiveCount, nation: Entry) -> bool:
        """Whether a checkpoint is due at this version, which is then frozen unless another server is at it."""
        limits, progress = load_thresholds(), progress_of(nation.change.data)
        frozen = await self._call(lambda: self._records.checkpoints(live.info.id, live.epoch))
        name = next_checkpoint(progress, frozen, limits.checkpoints)
        if name is None:
            return False
        view = live.view
        moment = Moment(live.info.id, live.epoch, name, view.seq, view.as_of, progress)
        # Entries never change; the list is what stands at this version while the view goes on.
        entries = list(view.entries.values())
        lists = len(live.contest.lists)
        await self._call(lambda: self._compute(moment, entries, lists))
        return True

    def _compute(self, moment: Moment, entries: Sequence[Entry], lists: int) -> None:
        if not self._records.claim(moment, self._holder, moments.utc_now()):
            return
        values = {entry.change.key: entry.change.data for entry in entries}
        limits = load_thresholds()
        ledger = _corrections(self._store, moment, limits.ledger.most_lines)
        screening = screen(values, lists, ledger, limits)
        self._records.freeze(moment, screening, moments.utc_now())
        _log.info("flags frozen", checkpoint=moment.name, seq=moment.seq, flags=len(screening.flags))

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _run(self) -> None:
        is_away = False
        while True:
            try:
                self._has_mission = self._has_mission or await to_thread.run_sync(has_admin, self._store.engine)
                if self._has_mission:
                    await self.look()
                is_away = False
            except StoreUnavailable as error:
                if not is_away:
                    _log.warning("flags cannot be frozen; trying again", reason=str(error))
                is_away = True
            await asyncio.sleep(_LOOK_S)


def _corrections(store: Store, moment: Moment, most: int) -> list[LedgerEntry]:
    """The newest corrections up to the moment's version."""
    lines: list[LedgerEntry] = []
    before = moment.seq + 1
    while len(lines) < most:
        page = read_ledger(store, moment.count_id, [Kind.CORRECTION], before_seq=before, limit=_PAGE)
        if not page:
            break
        lines += page
        before = page[-1].seq
    return lines
