"""Freezes the flags of each count at its checkpoints, in a thread of its own; of several servers one does it.

A thread and not a process: the state is here already, most of the work is numpy's, and a count has a dozen checkpoints.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.tasks import MissionTask
from mission.flags.checkpoints import next_checkpoint, progress_of
from mission.flags.records import FlagRecords, Moment
from mission.flags.screening import screen
from mission.flags.thresholds import load_thresholds
from tally import moments
from tally.changes import Entry, Kind
from tally.election import Contest
from tally.keys import NATION
from tally.ledger import LedgerEntry, read_ledger
from tally.storage.store import Store

_log = structlog.get_logger(__name__)
_PAGE = 1000

T = TypeVar("T")


class Screener(MissionTask):
    """Follows all counts."""

    failing = "flags cannot be frozen; trying again"

    def __init__(self, store: Store, counts: Counts) -> None:
        super().__init__(store.engine)
        self._store, self._counts = store, counts
        self._records, self._holder = FlagRecords(store.engine), secrets.token_hex(8)
        self._seen: dict[int, str] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flags")

    async def stop(self) -> None:
        """End. A checkpoint that is being computed is finished first: its connection must be back by then."""
        await super().stop()
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
        if next_checkpoint(progress, (), limits.checkpoints) is None:
            return False  # whatever was frozen: of many counts most need not be asked about
        frozen = await self._call(lambda: self._records.checkpoints(live.info.id, live.epoch))
        name = next_checkpoint(progress, frozen, limits.checkpoints)
        if name is None:
            return False
        view = live.view
        moment = Moment(live.info.id, live.epoch, name, view.seq, view.as_of, progress)
        # Entries never change; the list is what stands at this version while the view goes on.
        entries = list(view.entries.values())
        await self._call(lambda: self._compute(moment, entries, live.contest))
        return True

    def _compute(self, moment: Moment, entries: Sequence[Entry], contest: Contest) -> None:
        if not self._records.claim(moment, self._holder, moments.utc_now()):
            return
        values = {entry.change.key: entry.change.data for entry in entries}
        limits = load_thresholds()
        ledger = _corrections(self._store, moment, limits.ledger.most_lines)
        screening = screen(values, len(contest.lists), ledger, limits, contest.rule)
        self._records.freeze(moment, screening, moments.utc_now())
        _log.info("flags frozen", checkpoint=moment.name, seq=moment.seq, flags=len(screening.flags))

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


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
