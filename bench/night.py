"""The log of a whole country's night in 2,000 versions, as a poller would have written it: every mesa, place and area.

`python -m bench.night URL` writes one into an empty database.
"""

import random
import sys
from collections import deque
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import numpy as np
from sqlalchemy import select

from bench.country import newest_election
from geo.ubigeo import load_catalogue
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.mesas import MesaTable
from ingest.rehearsal.server import build_feed
from ingest.rehearsal.ubigeos import text_of
from tally import moments
from tally.board import Board, Fact
from tally.election import Election
from tally.keys import (
    ABROAD,
    DOMESTIC,
    NATION,
    Level,
    ancestors,
    area_key,
    code_of,
    mesa_key,
    place_key,
)  # fmt: skip
from tally.model import Acta, ActaState, PollingPlace
from tally.storage.store import Store
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, table_of
from tally.storage.writer import Writer

VERSIONS = 2000
# What the source lists before the first acta is counted; a poller reads it in pieces.
_LISTED_AT_ONCE, _COPIED_AT_ONCE = 2000, 5000
# Shares: of actas that the juries decide, of versions in which an acta is corrected.
_AT_JURY, _CORRECTED = 0.03, 0.2
_FIELDS = ("mesa", "ubigeo", "place", "registered", "cast", "blank", "null", "challenged", "votes", "installed")


def draw_mesas(election: Election) -> MesaTable:
    """The seeded rehearsal's 92,766 mesas."""
    mesas = build_feed(election, load_catalogue(election.date.year), FeedPlan()).feed.mesas
    assert mesas is not None
    return mesas.table


def finished_actas(table: MesaTable) -> Iterator[tuple[str, Acta]]:
    """Every acta by key, as it stands when all is counted."""
    columns = (getattr(table, name).tolist() for name in _FIELDS)
    for mesa, ubigeo, place, registered, cast, blank, null, challenged, votes, installed in zip(*columns, strict=True):
        yield (
            mesa_key(f"{mesa:06}"),
            Acta(
                code="C" if installed else "N",
                place=table.places[place].code,
                registered=registered,
                state=ActaState.COUNTED if installed else ActaState.NOT_INSTALLED,
                ubigeo=text_of(ubigeo),
                votes=tuple(votes),
                valid=sum(votes),
                cast=cast,
                blank=blank,
                null=null,
                challenged=challenged,
            ),
        )


def write_night(url: str, election: Election, versions: int = VERSIONS) -> None:
    """Fill an empty database; one version every 20 seconds since the polls closed."""
    store, contest = Store.open(url), election.contest()
    board, table = Board(len(contest.lists)), draw_mesas(election)
    opened = closing(election)
    writer = Writer.acquire(store, election.id, contest.id, is_test=True, at=moments.write(opened))
    for number, facts in enumerate(_facts(table, board, versions)):
        at = moments.write(opened + timedelta(seconds=20 * number))
        writer.append(board.apply(facts), at)
        writer.append(board.apply(_published(facts, board, at)), at)
    store.close()


def copy_night(source: str, target: str) -> None:
    """The log of one database in another that is empty."""
    there, here = Store.open(source), Store.open(target)
    with there.engine.connect() as reading, here.engine.begin() as writing:
        for row in (CountRow, ChangeSetRow, ChangeRow):
            table = table_of(row)
            found = reading.execution_options(yield_per=_COPIED_AT_ONCE).execute(select(table)).mappings()
            for part in found.partitions():
                writing.execute(table.insert(), [dict(one) for one in part])
    there.close()
    here.close()


def _facts(table: MesaTable, board: Board, versions: int) -> Iterator[list[Fact]]:
    """What the source says step by step: names, places, lists of actas, then the actas as they are counted."""
    actas = dict(finished_actas(table))
    places = (PollingPlace(code=place.code, name=place.name, ubigeo=text_of(place.ubigeo)) for place in table.places)
    yield [*_names(), *(Fact(place_key(place.code), place) for place in places)]
    listed = [Fact(key, _waiting(acta, ActaState.PENDING, "P")) for key, acta in actas.items()]
    for start in range(0, len(listed), _LISTED_AT_ONCE):
        yield listed[start : start + _LISTED_AT_ONCE]
    chance = random.Random(1)
    order = list(actas)
    chance.shuffle(order)
    jury = set(order[: round(len(order) * _AT_JURY)])
    left = versions // 2 - 1 - -(-len(listed) // _LISTED_AT_ONCE)
    counted, waiting = list[str](), deque[str]()
    for part in np.array_split(np.array(order), left):
        keys = [str(key) for key in part]
        wrong = chance.sample(counted, 1) if counted and chance.random() < _CORRECTED else []
        decided = [waiting.popleft() for _ in range(len(waiting) // 200)]
        yield [
            *(_fact(key, _waiting(actas[key], ActaState.AT_JEE, "E") if key in jury else actas[key]) for key in keys),
            *(_fact(key, _moved(actas[key])) for key in wrong),
            *(_fact(key, actas[key]) for key in decided),
        ]
        waiting.extend(key for key in keys if key in jury)
        counted += [key for key in keys if actas[key].votes and key not in jury]


def _fact(key: str, acta: Acta) -> Fact:
    return Fact(key, acta, f"sha256:{int(code_of(key)):064x}")


def _waiting(acta: Acta, state: ActaState, code: str) -> Acta:
    return Acta(code=code, place=acta.place, registered=acta.registered, state=state, ubigeo=acta.ubigeo)


def _moved(acta: Acta) -> Acta:
    """The same with a vote that changed hands."""
    assert acta.votes is not None
    first, second, *rest = (vote or 0 for vote in acta.votes)
    return msgspec.structs.replace(acta, votes=(first - 1, second + 1, *rest)) if first else acta


def _names() -> Iterator[Fact]:
    catalogue = load_catalogue(newest_election().date.year)
    for key, name in ((NATION, "PERÚ Y EXTRANJERO"), (DOMESTIC, "PERÚ"), (ABROAD, "EXTRANJERO")):
        yield Fact(key, name)
    for level in (Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT):
        for code in catalogue.prefixes(level):
            yield Fact(area_key(code), catalogue.name(code) or code)


def _published(facts: list[Fact], board: Board, at: str) -> list[Fact]:
    """What the source states of all areas above those actas: what they add up to."""
    touched = {area_key(fact.value.ubigeo) for fact in facts if isinstance(fact.value, Acta)}
    areas = sorted({above for key in touched for above in (key, *ancestors(key))} or {NATION})
    return [Fact(key, board.sums.of(key).as_count(at), f"sha256:{n:064x}") for n, key in enumerate(areas)]


if __name__ == "__main__":
    write_night(sys.argv[1], newest_election())
