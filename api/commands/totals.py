"""`escrutinio totals`: what the store holds, at any level and moment, as CSV or JSON."""

import csv
import json
import sys
from typing import Any

import msgspec
import typer

from api.commands.opening import open_count, read_moment
from ingest.registry import known_elections
from tally.election import Contest, find_election
from tally.errors import InvalidInput
from tally.keys import Level, code_of, level_of
from tally.model import BUCKETS, NOT_VALID

_VOTES = ("registered", "cast", "valid", *NOT_VALID)
_FIGURES = (*BUCKETS, "total", *_VOTES)
_MESA = ("ubigeo", "place", "state", "code", *_VOTES)


def totals(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
    contest: str | None = typer.Option(None, help="Which of its contests, where the database has several."),
    level: Level = typer.Option(Level.NATION, help="One row per area, polling place or mesa of this level."),
    format: str = typer.Option("csv", help="csv or json."),  # noqa: A002 - the option's published name
    at: str | None = typer.Option(None, help="As it stood at this moment, ISO 8601."),
) -> None:
    """Print totals: published by the source and computed from actas, side by side."""
    if format not in ("csv", "json"):
        raise InvalidInput(f"--format {format!r} is neither csv nor json")
    with open_count(database, election, contest) as (store, info):
        entries = store.latest(info.id, at=None if at is None else read_moment("--at", at))
    counted = find_election(known_elections(), info.election_id).contest(info.contest_id)
    rows = [
        {"key": key, **msgspec.json.decode(entry.change.data)}
        for key, entry in sorted(entries.items())
        if level_of(key) is level
    ]
    if format == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_header(level, counted))
    writer.writerows(_cells(row, level, counted) for row in rows)


def _header(level: Level, contest: Contest) -> list[str]:
    lists = [entry.id for entry in contest.lists]
    if level is Level.MESA:
        return ["mesa", *_MESA, *lists]
    return ["key", "name", *(f"{side}_{name}" for side in _SIDES for name in (*_FIGURES, *lists))]


_SIDES = ("published", "computed")


def _cells(row: dict[str, Any], level: Level, contest: Contest) -> list[object]:
    """One row; what is unknown stays empty, never 0."""
    width = len(contest.lists)
    if level is Level.MESA:
        mesa = code_of(row["key"])
        return [mesa, *(row.get(name) for name in _MESA), *(row.get("votes") or [None] * width)]
    cells: list[object] = [row["key"], row["name"]]
    for side in _SIDES:
        part = row.get(side) or {}
        cells += [*(part.get(name) for name in _FIGURES), *(part.get("votes") or [None] * width)]
    return cells
