"""How all contests of an election stand: a table whose rows are made anew when their counts move. Lives on the loop."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import quote

import msgspec
from msgspec import Struct

from api.http.components import raw
from api.http.policy import PREFIX
from api.live.count import LiveCount
from api.live.counts import Counts
from api.tables.contest_rows import ContestRow, CountStanding, make_row, shorten
from api.tables.search import JoinedIndex, SearchIndex
from tally.catalogue import Catalogue
from tally.election import Contest, Election
from tally.errors import InvalidInput, NotFound
from tally.keys import ABROAD, AREA_LEVELS, NATION, Level, code_of, is_key, is_within, mesa_key
from tally.outcome.standing import ContestState

# A version before every row's.
BEFORE_ALL = -1
# What a row is made from.
JUDGED = (NATION, ABROAD)
# Rows made in one go: each takes a tenth of a millisecond.
_AT_ONCE = 20
_EPOCH_BYTES = 4
# A table of more contests than that is long: its rows leave out what is told of each contest alone.
_LONG = 100


class ContestTable(Struct, frozen=True):
    """The table at a version. `counts`: how many contests are in each state that there is.

    as_of, source_at: our clock and the source's, each the newest of the contests'.
    An earlier moment's has version 0: whoever follows from there is sent every row as it is now.
    """

    election: str
    epoch: str
    version: int
    as_of: str | None
    source_at: str | None
    is_test: bool
    counts: dict[ContestState, int]
    rows: list[ContestRow]


class _RowBasis(Struct, frozen=True):
    """What a row tells of its count; `checked_at` by itself is no news."""

    epoch: str
    seq: int
    is_test: bool
    checked_at: str | None


class _Seat(Struct):
    """Where a mesa is; its other fields are skipped unread."""

    ubigeo: str


class _Kept(Struct, frozen=True):
    """A row as JSON, what it was made from, and the version of the table that it came with; how a long table has it."""

    basis: _RowBasis | None
    version: int
    state: ContestState
    as_of: str | None
    source_at: str | None
    data: bytes
    short: bytes


class LiveContests:
    """The table of one election. `epoch` is of this process: its versions mean nothing to another's.

    `catalogue`: the districts there are, by name. checks_s: how often rows are made anew just because their sources
    were asked.
    """

    def __init__(self, election: Election, counts: Counts, catalogue: Catalogue, checks_s: float) -> None:
        self.election, self.epoch, self.version = election, secrets.token_hex(_EPOCH_BYTES), 0
        self.counts, self._catalogue, self._checks_s = counts, catalogue, checks_s
        self._kept: dict[str, _Kept] = {}
        self._names = JoinedIndex()
        self._is_long = len(election.contests) > _LONG
        self._making = asyncio.Lock()
        # Of what news the table was made, and when sources that were asked in vain are told again.
        self._known, self._checks_due = -1, 0.0

    @property
    def etag(self) -> str:
        """Names the version among those of all processes."""
        return f"{self.epoch}-{self.version}"

    @property
    def is_test(self) -> bool:
        """Whether any of its counts is of a rehearsal."""
        return any(live.info.is_test for live in self.lives.values())

    @property
    def as_of(self) -> str | None:
        """When the newest version of any of its counts was published."""
        return _newest(one.as_of for one in self._kept.values())

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"{PREFIX}/elections/{quote(self.election.id)}/contests"

    async def look(self) -> None:
        """Bring every row to where its count is. Costs nothing while nothing is new."""
        async with self._making:
            news, now = self.counts.news, asyncio.get_running_loop().time()
            with_checks = now >= self._checks_due
            if news == self._known and not with_checks:
                return
            due = [contest for contest in self.election.contests if self._is_due(contest, with_checks=with_checks)]
            try:
                for number, contest in enumerate(due, 1):
                    self._make(contest)
                    if number % _AT_ONCE == 0:
                        await asyncio.sleep(0)
            finally:
                self.version += bool(due)
            self._known = news
            if with_checks:
                self._checks_due = now + self._checks_s

    def table(self, chosen: Collection[str] | None = None) -> ContestTable:
        """The table as it stands, of those contests only if some are chosen."""
        kept = [kept for name, kept in self._in_order() if chosen is None or name in chosen]
        return self._tell(kept, kept, is_long=chosen is None and self._is_long)

    def row_of(self, contest: Contest, standing: CountStanding | None) -> ContestRow:
        """The row of a contest that stands so; None: it is not counted yet."""
        place = self._catalogue.name(contest.scope) if contest.scope else None
        return make_row(contest, place, self.election, standing)

    def of_past(self, rows: list[ContestRow], *, is_whole: bool, is_test: bool) -> ContestTable:
        """The table of an earlier moment, of how all contests or some stood then."""
        clocks = _newest(row.as_of for row in rows), _newest(row.source_at or None for row in rows)
        if is_whole and self._is_long:
            rows = list(map(shorten, rows))
        counts = _counted(Counter(row.state for row in rows))
        return ContestTable(self.election.id, self.epoch, 0, *clocks, is_test, counts, rows)

    def since(self, version: int, chosen: Collection[str] | None = None) -> ContestTable:
        """The rows of those contests that came after a version, under the counts of all."""
        newer = [
            kept for name, kept in self._in_order() if kept.version > version and (chosen is None or name in chosen)
        ]
        return self._tell(newer, self._kept.values(), is_long=chosen is None and self._is_long)

    def _in_order(self) -> Iterator[tuple[str, _Kept]]:
        return ((contest.id, self._kept[contest.id]) for contest in self.election.contests)

    def _tell(self, kept: Collection[_Kept], counted: Collection[_Kept], *, is_long: bool) -> ContestTable:
        counts = _counted(Counter(one.state for one in counted))
        rows = [raw(one.short if is_long else one.data) for one in kept]
        clocks = self.as_of, _newest(one.source_at for one in self._kept.values())
        return ContestTable(self.election.id, self.epoch, self.version, *clocks, self.is_test, counts, rows)

    def names(self) -> SearchIndex:
        """Names of areas and places in all its counts."""
        for name, live in self.lives.items():
            self._names.join(name, live.names)
        return self._names

    def lying_in(self, area: str) -> frozenset[str]:
        """Ids of the contests whose whole lies in an area.

        Raises: InvalidInput: it is no area's key.
        """
        if not is_key(area, *AREA_LEVELS):
            raise InvalidInput(f"within={area[:40]!r} is not the key of an area")
        return frozenset(contest.id for contest in self.election.contests if is_within(contest.whole, area))

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
        code, views = code_of(where) or where, [live.view for live in self.lives.values()]
        district, mesa = f"{Level.DISTRICT}/{code}", mesa_key(code)
        is_known = code in self._catalogue.districts or any(district in view.entries for view in views)
        if is_known and where in (code, district) and is_key(district):
            return code
        seats = (view.entries[mesa] for view in views if where in (code, mesa) and mesa in view.entries)
        return next((msgspec.json.decode(one.change.data, type=_Seat).ubigeo for one in seats), None)

    @property
    def lives(self) -> Mapping[str, LiveCount]:
        """Its counts in service, by contest."""
        return self.counts.contests(self.election.id)

    def _basis(self, contest: Contest) -> _RowBasis | None:
        live = self.lives.get(contest.id)
        if live is None:
            return None
        return _RowBasis(live.epoch, live.seq, live.info.is_test, live.info.feed.checked_at)

    def _is_due(self, contest: Contest, *, with_checks: bool) -> bool:
        kept, basis = self._kept.get(contest.id), self._basis(contest)
        if kept is None or (kept.basis is None) is not (basis is None):
            return True
        if kept.basis == basis or kept.basis is None or basis is None:
            return False
        return with_checks or msgspec.structs.replace(kept.basis, checked_at=basis.checked_at) != basis

    def _make(self, contest: Contest) -> None:
        live = self.lives.get(contest.id)
        row = self.row_of(contest, None if live is None else _standing(live))
        forms = msgspec.json.encode(row), msgspec.json.encode(shorten(row)) if self._is_long else b""
        clocks = row.as_of, row.source_at or None
        self._kept[contest.id] = _Kept(self._basis(contest), self.version + 1, row.state, *clocks, *forms)


def _newest(stamps: Iterable[str | None]) -> str | None:
    return max((stamp for stamp in stamps if stamp is not None), default=None)


def _counted(numbers: Counter[ContestState]) -> dict[ContestState, int]:
    return {state: numbers[state] for state in ContestState if numbers[state]}


def _standing(live: LiveCount) -> CountStanding:
    view = live.view
    nation, abroad = (view.entries[key].change.data if key in view.entries else None for key in JUDGED)
    return CountStanding(live.info, view.seq, view.as_of, nation, abroad)
