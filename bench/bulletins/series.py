"""Both run-offs as they were recorded, cut by cut, as facts about areas: nothing is known of their actas one by one."""

import csv
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from ingest.feeds.onpe2021 import words
from ingest.registry import known_elections
from tally.board import Fact
from tally.election import Election
from tally.keys import ABROAD, DOMESTIC, NATION, Level, area_key, is_abroad, level_of, prefix_of
from tally.model import AreaCount

Row = dict[str, str]
_PERU_2021 = 83_048  # mesas at home in 2021, as the records' own percentages have it
_ALL_2021, _ALL_2026 = 86_488, 92_766


class Series(Struct, frozen=True):
    """A recorded count: its name, its election, and for each moment what was said then."""

    name: str
    election: Election
    cuts: tuple[tuple[str, tuple[Fact, ...]], ...]


def read_series(folder: Path) -> list[Series]:
    """All three recordings. `folder` is that of the reference data."""
    data = folder / "data"
    of_2021, of_2026 = (known_elections()[f"{day}-president-runoff"] for day in ("2021-06-06", "2026-06-07"))
    national = _rows(data / "count_timeline_2021_round2_national.csv.gz", "ts_utc")
    clean, mixed = data / "timeline_2026_round2.csv", data / "count_timeline_2026_round2.csv.gz"
    return [
        Series("2021", of_2021, _cuts(national, "ts_utc", lambda row: _of_2021(row, of_2021))),
        Series("2026", of_2026, _cuts(_rows(clean, "at_utc"), "at_utc", lambda row: _of_2026(row, of_2026))),
        Series("2026, mixed", of_2026, _cuts(_rows(mixed, "ts_utc"), "ts_utc", lambda row: _mixed(row, of_2026))),
    ]


def _rows(path: Path, moment: str) -> list[Row]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return sorted(csv.DictReader(text.splitlines()), key=lambda row: row[moment])


def _cuts(rows: list[Row], moment: str, read: Callable[[Row], Fact | None]) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """What was said of the whole at each moment, and of Peru and abroad where their areas make up the same cut."""
    cuts: dict[str, list[Fact]] = {}
    for row in rows:
        fact = read(row)
        if fact is not None:
            cuts.setdefault(row[moment], []).append(fact)
    known: dict[str, AreaCount] = {}
    told = []
    for at, facts in cuts.items():
        known |= {fact.key: fact.value for fact in facts if isinstance(fact.value, AreaCount)}
        own = [fact for fact in facts if level_of(fact.key) is not Level.DEPARTMENT]
        if own:
            told.append((at, (*own, *_sums(known, at))))
    return tuple(told)


def _sums(known: dict[str, AreaCount], at: str) -> Iterator[Fact]:
    parts = {key: count for key, count in known.items() if level_of(key) is Level.DEPARTMENT}
    whole = known.get(NATION)
    if whole is None or sum(count.counted for count in parts.values()) != whole.counted:
        return
    for key in (DOMESTIC, ABROAD):
        own = [count for one, count in parts.items() if is_abroad(one) is (key == ABROAD)]
        if own:
            yield Fact(key, _sum(own, at))


def _sum(parts: list[AreaCount], at: str) -> AreaCount:
    names = ("at_jee", "cast", "counted", "pending", "total", "valid")
    votes = tuple(map(sum, zip(*(part.votes for part in parts), strict=True)))
    return AreaCount(**{name: sum(getattr(part, name) for part in parts) for name in names}, source_at=at, votes=votes)


def _votes(row: Row, election: Election) -> tuple[int, ...]:
    return tuple(int(row[entry.id]) for entry in election.contest().lists)


def _of_2021(row: Row, election: Election) -> Fact | None:
    is_nation = row["scope"] == "total"
    counted, processed = int(row["actas_contabilizadas"]), int(row["actas_procesadas"])
    total = _ALL_2021 if is_nation else _PERU_2021
    count = AreaCount(
        at_jee=processed - counted,
        blank=int(row["blancos"]),
        cast=int(row["emitidos_total"]),
        counted=counted,
        null=int(row["nulos"]),
        pending=total - processed,
        source_at=row["ts_utc"],
        total=total,
        valid=int(row["validos"]),
        votes=_votes(row, election),
    )
    return Fact(NATION if is_nation else DOMESTIC, count)


def _of_2026(row: Row, election: Election) -> Fact | None:
    """A record of the clean series; nothing is said of an area where it does not have its buckets."""
    names, votes = ("at_jee", "cast", "counted", "pending", "total"), _votes(row, election)
    if not all(row[name] for name in names):
        return None
    figures = {name: int(row[name]) for name in names}
    return Fact(_key(row["ubigeo"]), AreaCount(**figures, source_at=row["at_utc"], valid=sum(votes), votes=votes))


def _mixed(row: Row, election: Election) -> Fact | None:
    """A record of whichever source: without the juries, and so now and then lower than the one before."""
    if not row["emitidos"] or (row["ubigeo"] == "000000" and row["actas_total"] != str(_ALL_2026)):
        return None  # one record calls the count abroad that of all
    votes, counted, total = _votes(row, election), int(row["actas_contabilizadas"]), int(row["actas_total"])
    count = AreaCount(
        at_jee=0,
        cast=int(row["emitidos"]),
        counted=counted,
        pending=total - counted,
        source_at=row["ts_utc"],
        total=total,
        valid=sum(votes),
        votes=votes,
    )
    return Fact(_key(row["ubigeo"]), count)


def _key(ubigeo: str) -> str:
    if ubigeo == words.ABROAD:
        return ABROAD
    return NATION if ubigeo == words.NATION else area_key(prefix_of(ubigeo, Level.DEPARTMENT))
