"""What the mission knows of a count beside its incidents: frozen flags, doubtful mesas, what is at stake where.

Reckoned in a worker thread from one version of the state and kept until something it rests on changed.
"""

import asyncio
import time
from collections.abc import Hashable, Mapping
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from cachetools import LRUCache
from fastapi import Depends
from msgspec import Struct
from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from api.live.count import LiveCount
from api.mission.case import Case
from mission.badges import Badges, make_badges
from mission.doubt import Doubts, flagged_mesas, gather, grave_stations
from mission.flags.checkpoints import Checkpoint
from mission.flags.flag import Flag
from mission.flags.records import FlagRecords, FlagRun
from mission.flags.screening import Screening
from mission.flags.sheets import Sheets, read_sheets
from mission.incidents.book import Book
from mission.stake import Margin, Stake, margin_of, stakes_by_area
from tally.changes import Entry
from tally.election import Contest, Election
from tally.errors import NotFound
from tally.keys import Level, is_area, level_of
from tally.outcome.rule import LEAD

# While a count moves by the second, figures about all of it are made anew this often at most.
_FRESH_S = 2.0
_KEPT = 4


class Frozen(Struct, frozen=True):
    """Checkpoints of a count's history, oldest first; since when each of their flags stands; what one of them found."""

    checkpoints: tuple[Checkpoint, ...]
    runs: Mapping[str, FlagRun]
    chosen: Checkpoint | None
    screening: Screening | None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of the chosen checkpoint."""
        return () if self.screening is None else self.screening.flags


class Findings(Struct, frozen=True):
    """All that is reckoned from one version of a count, the mission's log and the newest checkpoint."""

    epoch: str
    seq: int
    checkpoint: str | None
    doubts: Doubts
    margins: Mapping[str, Margin]
    stakes: Mapping[str, tuple[Stake, Margin]]
    badges: Badges
    roll_bound: int


class _Basis(Struct, frozen=True):
    """What findings rest on, beside the values of that version."""

    epoch: str
    seq: int
    election: Election
    contest: Contest
    covered: set[str]
    book: Book
    frozen: Frozen


class MissionFindings:
    """Frozen flags and findings of the counts in service. Lives on the loop."""

    def __init__(self, engine: Engine) -> None:
        self.records = FlagRecords(engine)
        self._frozen: LRUCache[Hashable, Frozen] = LRUCache(_KEPT)
        self._findings: LRUCache[Hashable, tuple[Hashable, float, Findings]] = LRUCache(_KEPT)
        self._lock = asyncio.Lock()
        self._threads = CapacityLimiter(1)

    async def frozen(self, live: LiveCount, name: str | None = None) -> Frozen:
        """The flags of a checkpoint, of the newest one if none is named.

        Raises: NotFound: there is no checkpoint of that name. StoreUnavailable.
        """
        count_id, epoch = live.info.id, live.epoch
        known = await to_thread.run_sync(self.records.checkpoints, count_id, epoch)
        chosen = next((one for one in reversed(known) if name in (None, one.name)), None)
        if name is not None and chosen is None:
            raise NotFound(f"flags were not frozen at a checkpoint {name[:20]!r}")
        key = (count_id, epoch, len(known), None if chosen is None else chosen.id)
        if key not in self._frozen:
            self._frozen[key] = await to_thread.run_sync(self._read, tuple(known), chosen)
        return self._frozen[key]

    async def findings(self, case: Case) -> Findings:
        """What is reckoned from the present state, two seconds old at most.

        Raises: StoreUnavailable.
        """
        live, book, frozen = case.live, await case.read(), await self.frozen(case.live)
        rest = (book.seq, frozen.chosen)
        async with self._lock:  # of several requests one reckons
            kept = self._findings.get(live.info.id)
            if kept is not None:
                earlier, at, findings = kept
                is_present = (findings.epoch, findings.seq) == (live.epoch, live.seq)
                is_fresh = findings.epoch == live.epoch and time.monotonic() - at < _FRESH_S
                if earlier == rest and (is_present or is_fresh):
                    return findings
            entries, at = list(live.view.entries.values()), time.monotonic()
            basis = _Basis(live.epoch, live.seq, live.election, live.contest, _covered(live, book), book, frozen)
            findings = await to_thread.run_sync(_find, entries, basis, limiter=self._threads)
            self._findings[live.info.id] = (rest, at, findings)
            return findings

    async def sheets(self, live: LiveCount) -> Sheets:
        """Every acta of the present state as columns; for an audit."""
        entries, lists = list(live.view.entries.values()), len(live.contest.lists)
        return await to_thread.run_sync(lambda: read_sheets(_values(entries).items(), lists), limiter=self._threads)

    def _read(self, known: tuple[Checkpoint, ...], chosen: Checkpoint | None) -> Frozen:
        if chosen is None:
            return Frozen(known, {}, None, None)
        return Frozen(known, self.records.runs(known), chosen, self.records.screening(chosen.id))


async def find_evidence(connection: HTTPConnection) -> MissionFindings:
    """The application's."""
    evidence: MissionFindings = connection.app.state.evidence
    return evidence


GivenFindings = Annotated[MissionFindings, Depends(find_evidence)]


def roll_bound(election: Election) -> int:
    """The most voters one mesa can have."""
    return max(election.max_registered_per_mesa, election.max_registered_abroad or 0)


def _covered(live: LiveCount, book: Book) -> set[str]:
    """Mesas under a grave incident; one at a polling place covers all of it."""
    stations = grave_stations(book.standing)
    places = [key for key in stations if level_of(key) is Level.POLLING_PLACE]
    below = live.view.keys(places)
    return (stations - set(places)) | {key for key in below if level_of(key) is Level.MESA}


def _values(entries: list[Entry]) -> dict[str, bytes]:
    return {entry.change.key: entry.change.data for entry in entries}


def _find(entries: list[Entry], basis: _Basis) -> Findings:
    values, book, frozen, bound = _values(entries), basis.book, basis.frozen, roll_bound(basis.election)
    doubts = gather(values, len(basis.contest.lists), basis.covered, flagged_mesas(frozen.flags))
    contest = basis.contest
    rules = ((key, contest.rule if contest.is_whole(key) else LEAD) for key in values if is_area(key))
    found = (margin_of(key, values[key], rule) for key, rule in rules)
    margins = {margin.key: margin for margin in found if margin is not None}
    stakes = stakes_by_area(doubts.sheets, margins.values(), bound)
    badges = make_badges(book.standing, frozen.flags, doubts.sheets, stakes, bound)
    name = None if frozen.chosen is None else frozen.chosen.name
    return Findings(basis.epoch, basis.seq, name, doubts, margins, stakes, badges, bound)
