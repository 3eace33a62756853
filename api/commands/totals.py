"""`escrutinio totals`: what the store holds, at any level and moment, in every form that tables are served in."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import typer

from api.commands.backups.bar import progress
from api.commands.opening import open_count, version_at
from api.standards.civics import write_civics
from api.standards.nist import nist_json
from api.standards.reporting import Report
from api.standards.units import check_known, choose_units, pick
from api.tables import results_csv as sheets
from api.tables.results_files import write_file, write_parquet, write_workbook
from api.tables.rows import Row, row_of, select_keys
from ingest.registry import known_elections
from tally.election import Election, find_election
from tally.errors import InvalidInput
from tally.keys import Level
from tally.storage.store import CountInfo, Store
from tally.view import View


class _Form(StrEnum):
    CSV = "csv"
    SPREADSHEET = "spreadsheet"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"
    NIST = "nist"
    CIVICS = "civics"


_WRITERS: dict[_Form, Callable[..., None]] = {_Form.PARQUET: write_parquet, _Form.XLSX: write_workbook}
# Reports in the forms that others agreed on: down to the level, not only of it.
_REPORTS: dict[_Form, Callable[[Report], bytes]] = {_Form.NIST: nist_json, _Form.CIVICS: write_civics}
_SHEETS: dict[_Form, sheets.SheetFormat] = {_Form.CSV: "csv", _Form.SPREADSHEET: "spreadsheet"}


def totals(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
    contest: str | None = typer.Option(None, help="Which of its contests, where the database has several."),
    level: Level = typer.Option(Level.NATION, help="One row per area, polling place or mesa of this level."),
    within: str | None = typer.Option(None, help="Only in this area or polling place: department/14"),
    format: _Form | None = typer.Option(  # noqa: A002 - the option's published name
        None,
        help="csv, or what the name of --out says; spreadsheet is CSV with accents and codes as they are. nist and "
        "civics are reports of NIST SP 1500-100 (JSON) and of Google's profile of it (XML), down to the level.",
    ),
    at: str | None = typer.Option(None, help="As it stood at this moment, ISO 8601."),
    out: Path | None = typer.Option(None, help="Into this file instead of the screen; parquet and xlsx need one."),
) -> None:
    """Print totals: published by the source and computed from actas, side by side."""
    form = format or _form_of(out)
    if form in _WRITERS and out is None:
        raise InvalidInput(f"--format {form} needs a file: name it with --out")
    with open_count(database, election, contest) as (store, info):
        view = _view(store, info, at)
    of = find_election(known_elections(), info.election_id)
    if form in _REPORTS:
        _show(_REPORTS[form](_report(view, of, level, within)), out)
        return
    rows, lists = _rows(view, level, within), [entry.id for entry in of.contest(info.contest_id).lists]
    with progress(len(rows), "writing") as advance:
        told = _told(rows, advance)
        if form in _WRITERS and out is not None:
            table = (sheets.cells(row, len(lists), is_test=info.is_test) for row in told)
            write_file(_WRITERS[form], out, sheets.columns(lists), table, _about(view, level, within))
            return
        if form is _Form.JSON:
            text = _json(told, is_test=info.is_test)
        else:
            text = sheets.write_sheet(told, lists, _SHEETS[form], is_test=info.is_test)
        _show(text, out)


def _show(text: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(text)
    else:
        write_file(Path.write_bytes, out, text)


def _report(view: View, election: Election, level: Level, within: str | None) -> Report:
    """Raises: InvalidInput, NotFound: `within` is nothing that the count has."""
    check_known(view, within)
    info, contest = view.info, election.contest(view.info.contest_id)
    units = choose_units(view, contest, level, within)
    picked = pick(info, contest, units, view.entries, (view.seq, view.as_of))
    return Report(election, (picked.read(),), view.as_of)


def _form_of(out: Path | None) -> _Form:
    """Raises: InvalidInput: the file's name says another form than there is."""
    name = "" if out is None else out.suffix.removeprefix(".").lower()
    if name and name not in list(_Form):
        raise InvalidInput(f"the name {out} says no form that there is: name one with --format ({', '.join(_Form)})")
    return _Form(name or _Form.CSV)


def _view(store: Store, info: CountInfo, at: str | None) -> View:
    """The version that stood at a moment, as of when it was published: the one that the API names, too.

    Raises: InvalidInput: not a moment, or one still to come.
    """
    if at is None:
        return View.load(store, info)
    seq, as_of = version_at(store, info, "--at", at) or (0, info.created_at)
    return View.of_entries(info, (seq, as_of), store.latest(info.id, seq=seq).values())


def _rows(view: View, level: Level, within: str | None) -> list[Row]:
    """Raises: InvalidInput, NotFound: `within` is nothing that the count has."""
    check_known(view, within)
    return [row_of(view, level, view.entries[key]) for key in select_keys(view, level, within)]


def _told(rows: Sequence[Row], advance: Callable[[int], None]) -> Iterator[Row]:
    for row in rows:
        yield row
        advance(1)


def _json(rows: Iterator[Row], *, is_test: bool) -> bytes:
    """What the CSV has, as the API writes it: each row says when it changed, and whether it is a rehearsal's."""
    shown = [{**msgspec.json.decode(row.whole), "is_test": is_test} for row in rows]
    return f"{json.dumps(shown, ensure_ascii=False, indent=1)}\n".encode()


def _about(view: View, level: Level, within: str | None) -> dict[str, Any]:
    """What a file says of itself."""
    info = view.info
    about = {"election": info.election_id, "contest": info.contest_id, "level": level.value, "within": within or ""}
    return {**about, "epoch": view.epoch, "seq": view.seq, "as_of": view.as_of, "is_test": info.is_test}
