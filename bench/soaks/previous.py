"""The soak of two run-offs side by side: the whole country of 2021 and of 2026, every unit accounted for once."""

import csv
import gzip
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from api.live.count import load
from api.story.previous.former_counts import Compared, FormerCounts
from api.story.previous.table import ComparedUnit, SideBySide
from bench.reliability import SoakSection
from bench.runoff import REFERENCE
from ingest.registry import known_elections
from mission.map_changes import MapChanges
from tally.board import Board, Fact
from tally.changes import Entry
from tally.election import Election
from tally.keys import Level, area_key, is_abroad, level_of, mesa_key, place_key, prefix_of
from tally.model import Acta, ActaState, PollingPlace
from tally.previous.comparison import ComparedFigures
from tally.previous.crosswalk import ALONE
from tally.storage.store import Store
from tally.storage.writer import Writer

NAME, TITLE = "previous", "Two run-offs side by side: 2021 and 2026, the whole country"
THEN, NOW = "2021-06-06-president-runoff", "2026-06-07-president-runoff"
_FILES = {THEN: "eg2021_round2_tables.csv.gz", NOW: "eg2026_round2_tables.csv.gz"}
_NAMES = {Level.DEPARTMENT: "departamento", Level.PROVINCE: "provincia", Level.DISTRICT: "distrito"}
_WHOLES = {"nation": "PERÚ", "scope/domestic": "PERÚ", "scope/abroad": "EXTRANJERO"}
_AT, _BATCH = "2026-06-30T00:00:00Z", 20_000

Totals = tuple[int, int, int, int]


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Fill a store with both, and hold every sum of compared units against what ONPE states of the whole."""
    elections = known_elections()
    with tempfile.TemporaryDirectory(prefix="escrutinio-soak-") as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'count.db'}")
        for election_id in (THEN, NOW):
            say(f"counting {election_id}")
            fill(store, elections[election_id])
        started = time.perf_counter()
        former = FormerCounts(elections, None)
        loaded = load(store, store.info(NOW))
        own = time.perf_counter() - started
        former.loaded(store, loaded)
        read_s = time.perf_counter() - started - own
        compared = former.of_count(loaded.info.id)
        assert compared is not None
        entries = loaded.view.entries
        rows = _judge(compared, SideBySide(compared, entries.values()), elections)
        rows += _moves(compared, {key: entry for key, entry in entries.items() if level_of(key) is not Level.MESA})
        store.close()
    rows.append(f"| reading the count before, at the start of a server | | {read_s:.1f} s |")
    section = SoakSection(NAME, TITLE, seed, ["| what | bar | measured |", "|---|---|---|", *rows])
    say(section.text())
    return section


def fill(store: Store, election: Election) -> None:
    """Its whole count, from ONPE's results by mesa: every acta with votes counted, as its open data sums them."""
    lists = [entry.id for entry in election.contest().lists]
    writer = Writer.acquire(store, election.id, election.contest().id, is_test=True, at=_AT)
    board, facts = Board(len(lists), largest=election.largest), list[Fact]()
    for fact in _facts(REFERENCE / "data" / _FILES[election.id], lists):
        facts.append(fact)
        if len(facts) == _BATCH:
            writer.append(board.apply(facts), _AT)
            facts = []
    writer.append(board.apply(facts), _AT)
    writer.release()


def _facts(path: Path, lists: list[str]) -> Iterator[Fact]:
    known: set[str] = set()
    yield from (Fact(key, name) for key, name in _WHOLES.items())
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes: dict[tuple[str, str, str], str] = {}
    for row in rows:
        ubigeo = row["ubigeo_onpe"]
        for level, column in _NAMES.items():
            key = area_key(prefix_of(ubigeo, level))
            if key not in known:
                known.add(key)
                yield Fact(key, row[column])
        named = ubigeo, row["local"], row.get("direccion", "") or row.get("cod_local", "")
        if named not in codes:
            codes[named] = f"{len(codes):05}"
            place = PollingPlace(code=codes[named], name=row["local"], ubigeo=ubigeo)
            yield Fact(place_key(place.code), place)
        yield Fact(mesa_key(row["mesa"]), _acta(row, codes[named], lists))


def _acta(row: Mapping[str, str], place: str, lists: list[str]) -> Acta:
    votes = tuple(_number(row[name]) for name in lists)
    about = {"place": place, "registered": _number(row["electores"]), "ubigeo": row["ubigeo_onpe"]}
    if votes[0] is None:
        return Acta(code="N", state=ActaState.NOT_INSTALLED, **about)
    blank, null, challenged = (_number(row[name]) for name in ("blancos", "nulos", "impugnados"))
    valid = sum(vote or 0 for vote in votes)
    cast = valid + (blank or 0) + (null or 0) + (challenged or 0)
    return Acta(
        blank=blank, cast=cast, challenged=challenged, code="C", null=null, state=ActaState.COUNTED, valid=valid,
        votes=votes, **about,
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(float(text)) if text else None


def _judge(compared: Compared, beside: SideBySide, elections: Mapping[str, Election]) -> list[str]:
    started = time.perf_counter()
    rows, groups = beside.rows(Level.DISTRICT), beside.groups()
    encoded = len(msgspec.json.encode([rows, groups]))
    spent = time.perf_counter() - started
    alone = [row for row in rows if row.match in ALONE]
    lonely = [row for row in rows if row.match in ("new", "differs")]
    gone = beside.gone(Level.DISTRICT)
    [one] = compared.lists
    now = _sum([*(row.now for row in alone), *(group.now for group in groups), *(row.now for row in lonely)])
    then = _sum([*(row.then for row in alone), *(group.then for group in groups), *(unit.then for unit in gone)])
    places = beside.rows(Level.POLLING_PLACE)
    found = [row for row in places if row.then is not None]
    regrouped = [row for row in (*rows, *places) if row.match == "regrouped"]
    together = sum(len(group.now_areas) for group in groups)
    unsaid = sum(not is_abroad(row.key) for row in lonely)
    return [
        "| sums of all units now, and ONPE's total | equal | " + _told(now, _official(elections[NOW], one.now)) + " |",
        f"| sums of all units then, and ONPE's total | equal | {_told(then, _official(elections[THEN], one.then))} |",
        f"| districts and cities compared by themselves | | {len(alone):,}, {_renamed(alone)} of them renamed |",
        f"| districts compared only together | | {together} in {len(groups)} groups |",
        f"| of them, and of their places, compared alone | 0 | {sum(row.change is not None for row in regrouped)} |",
        f"| new in Peru of which nobody says out of what | 0 | {unsaid} |",
        f"| cities abroad that are new, and gone | listed | {_listed(lonely)}; {_listed(gone)} |",
        f"| polling places with one counterpart | | {len(found):,} of {len(places):,} |",
        f"| all districts: made, bytes of JSON | | {1000 * spent:.0f} ms, {encoded:,} |",
    ]


def _moves(compared: Compared, entries: Mapping[str, Entry]) -> list[str]:
    """What became of every polling place: each of both elections once."""
    started = time.perf_counter()
    areas = MapChanges(compared.comparison, entries, {}).areas(Level.DISTRICT)
    spent = time.perf_counter() - started
    kept, opened, closed, moved = (
        sum(getattr(area, name) for area in areas) for name in ("kept", "opened", "closed", "moved")
    )
    places = sum(level_of(key) is Level.POLLING_PLACE for key in entries)
    before = sum(len(same) for own in compared.former.places.values() for same in own.values())
    gone = before - kept - moved - closed
    mesas = sum(area.mesas for area in areas)
    left = f"{kept:,} + {closed:,} + {moved} + {gone}"
    return [
        f"| polling places now: stayed, new, from another district | {places:,} | {kept:,} + {opened:,} + {moved} |",
        f"| and then: stayed, closed, moved, in cities now gone | {before:,} | {left} |",
        f"| mesas in a place that was none then | | {sum(area.reassigned for area in areas):,} of {mesas:,} |",
        f"| changes of the map, all districts | | {1000 * spent:.0f} ms |",
    ]


def _sum(sides: Iterable[ComparedFigures | None]) -> Totals:
    """Registered, cast, valid, and the votes of the one list that is compared."""
    total = (0, 0, 0, 0)
    for side in sides:
        if side is not None:
            own = side.registered, side.cast, side.valid, side.votes[0]
            total = _plus(total, tuple(number or 0 for number in own))
    return total


def _plus(one: Totals, other: tuple[int, ...]) -> Totals:
    return tuple(mine + theirs for mine, theirs in zip(one, other, strict=True))  # type: ignore[return-value]


def _official(election: Election, place: int) -> Totals:
    assert election.official is not None
    areas = election.official.areas
    registered, cast = (sum(getattr(area, name) for area in areas) for name in ("registered", "cast"))
    return registered, cast, sum(sum(area.votes) for area in areas), sum(area.votes[place] for area in areas)


def _told(found: Totals, official: Totals) -> str:
    if found != official:
        return f"**{found} and {official}**"
    return "equal: {:,} registered, {:,} cast, {:,} valid, {:,} votes of Fuerza Popular".format(*found)


def _renamed(rows: Iterable[ComparedUnit]) -> int:
    return sum(row.match == "renamed" for row in rows)


def _listed(rows: Iterable[object]) -> str:
    return ", ".join(str(getattr(row, "name", "")).title() for row in rows)
