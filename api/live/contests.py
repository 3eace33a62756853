"""How all contests of an election stand: a table whose rows are made anew when their counts move. Lives on the loop."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
from msgspec import Struct

from api.http.components import raw
from api.live.count import LiveCount
from api.live.counts import Counts
from api.tables.contest_rows import ContestRow, Standing, make_row
from tally.catalogue import Catalogue
from tally.election import Contest, Election
from tally.errors import NotFound
from tally.keys import ABROAD, NATION, Level, code_of, is_key, mesa_key
from tally.outcome.standing import ContestState

# Rows made in one go: each takes a tenth of a millisecond.
_AT_ONCE = 20
_EPOCH_BYTES = 4


class ContestTable(Struct, frozen=True):
    """The table at a version. `counts`: how many contests are in each state that there is."""

    election: str
    epoch: str
    version: int
    as_of: str | None
    is_test: bool
    counts: dict[ContestState, int]
    rows: list[ContestRow]


class _Basis(Struct, frozen=True):
    """What a row tells of its count; `checked_at` by itself is no news."""

    epoch: str
    seq: int
    is_test: bool
    checked_at: str | None


class _Seat(Struct):
    """Where a mesa is; its other fields are skipped unread."""

    ubigeo: str


class _Kept(Struct, frozen=True):
    """A row as JSON, what it was made from, and the version of the table that it came with."""

    basis: _Basis | None
    version: int
    state: ContestState
    as_of: str | None
    data: bytes


class LiveContests:
    """The table of one election. `epoch` is of this process: its versions mean nothing to another's.

    `catalogue`: the districts there are, by name.
    """

    def __init__(self, election: Election, counts: Counts, catalogue: Catalogue) -> None:
        self.election, self.epoch, self.version = election, secrets.token_hex(_EPOCH_BYTES), 0
        self._counts, self._catalogue = counts, catalogue
        self._kept: dict[str, _Kept] = {}
        self._making = asyncio.Lock()

    @property
    def etag(self) -> str:
        """Names the version among those of all processes."""
        return f"{self.epoch}-{self.version}"

    async def look(self, *, with_checks: bool = False) -> None:
        """Bring every row to where its count is; one whose source was only asked in vain, if it is `with_checks`."""
        async with self._making:
            due = [contest for contest in self.election.contests if self._is_due(contest, with_checks=with_checks)]
            for number, contest in enumerate(due):
                if number and number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
                self._make(contest)
            self.version += bool(due)

    def table(self, chosen: Collection[str] | None = None) -> ContestTable:
        """The table as it stands, of those contests only if some are chosen."""
        contests = (contest.id for contest in self.election.contests)
        return self._tell([self._kept[name] for name in contests if chosen is None or name in chosen])

    def since(self, version: int) -> ContestTable:
        """The rows that came after a version, under the counts of all."""
        rows = [kept for kept in self._kept.values() if kept.version > version]
        return msgspec.structs.replace(self._tell(rows), counts=self._count(self._kept.values()))

    def _tell(self, kept: Sequence[_Kept]) -> ContestTable:
        as_of = max((one.as_of for one in self._kept.values() if one.as_of is not None), default=None)
        is_test = any(live.info.is_test for live in self._lives.values())
        rows = [raw(one.data) for one in kept]
        return ContestTable(self.election.id, self.epoch, self.version, as_of, is_test, self._count(kept), rows)

    def _count(self, kept: Collection[_Kept]) -> dict[ContestState, int]:
        found = Counter(one.state for one in kept)
        return {state: found[state] for state in ContestState if found[state]}

    def on_ballot(self, where: str) -> frozenset[str]:
        """Ids of the contests in which a place votes: a district by its ubigeo, or else a mesa by its number.

        A key ("district/140101", "mesa/000123") says which of the two is meant: both have six digits.

        Raises: NotFound: there is no such place.
        """
        district = self._district(where)
        if district is None:
            raise NotFound(f"there is no district and no mesa {where[:40]!r} in this election")
        return frozenset(contest.id for contest in self.election.contests if district.startswith(contest.scope))

    def _district(self, where: str) -> str | None:
        code, views = code_of(where) or where, [live.view for live in self._lives.values()]
        district, mesa = f"{Level.DISTRICT}/{code}", mesa_key(code)
        is_known = code in self._catalogue.districts or any(district in view.entries for view in views)
        if is_known and where in (code, district) and is_key(district):
            return code
        seats = (view.entries[mesa] for view in views if where in (code, mesa) and mesa in view.entries)
        return next((msgspec.json.decode(one.change.data, type=_Seat).ubigeo for one in seats), None)

    @property
    def _lives(self) -> Mapping[str, LiveCount]:
        return self._counts.contests(self.election.id)

    def _basis(self, contest: Contest) -> _Basis | None:
        live = self._lives.get(contest.id)
        if live is None:
            return None
        return _Basis(live.epoch, live.seq, live.info.is_test, live.info.feed.checked_at)

    def _is_due(self, contest: Contest, *, with_checks: bool) -> bool:
        kept, basis = self._kept.get(contest.id), self._basis(contest)
        if kept is None or (kept.basis is None) is not (basis is None):
            return True
        if kept.basis == basis or kept.basis is None or basis is None:
            return False
        return with_checks or msgspec.structs.replace(kept.basis, checked_at=basis.checked_at) != basis

    def _make(self, contest: Contest) -> None:
        live = self._lives.get(contest.id)
        place = self._catalogue.name(contest.scope) if contest.scope else None
        row = make_row(contest, place, self.election, None if live is None else _standing(live))
        version, data = self.version + 1, msgspec.json.encode(row)
        self._kept[contest.id] = _Kept(self._basis(contest), version, row.state, row.as_of, data)


def _standing(live: LiveCount) -> Standing:
    view = live.view
    return Standing(live.info, view.seq, view.as_of, view.entries.get(NATION), view.entries.get(ABROAD))


class ElectionContests:
    """The tables of all elections, each made when somebody first asks for it."""

    def __init__(self, counts: Counts, catalogue_of: Callable[[Election], Catalogue]) -> None:
        self._counts, self._catalogue_of = counts, catalogue_of
        self._tables: dict[str, LiveContests] = {}

    def of(self, election_id: str) -> LiveContests:
        """The table of an election.

        Raises: UnknownElection, NotFound, StoreUnavailable: as where its first count is asked for.
        """
        found = self._tables.get(election_id)
        if found is None:
            election = self._counts.live(election_id).election
            catalogue = self._catalogue_of(election)
            found = self._tables[election_id] = LiveContests(election, self._counts, catalogue)
        return found
