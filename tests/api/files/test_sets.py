"""Sets of files: of which versions there are some, that each is whole, and what they hold."""

import csv
import gzip
import hashlib
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import event
from sqlmodel import SQLModel

from api.tables.sets.index import PublishedSet, SetFile
from tally.storage.store import Store
from tests.api.country import Country, minute
from tests.api.files.cells import csv_row
from tests.api.files.counted import WRITTEN, maker_of
from tests.databases import sqlite_in

NAME = ("2030-01-06-mayor", "mayor")


def folder_of(root: Path, found: PublishedSet) -> Path:
    return root.joinpath(*NAME, found.version)


def rows_of(root: Path, found: PublishedSet, table: str) -> list[dict[str, str]]:
    name = next(file.name for file in found.files if file.table == table and file.format != "parquet")
    raw = (folder_of(root, found) / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_checkpoint_has_a_set_and_a_look_at_a_time_makes_one(published: list[PublishedSet]) -> None:
    assert [one.checkpoint for one in published] == ["100", "95", "50"]
    assert [one.as_of for one in published] == [minute(10), minute(5), minute(2)]
    assert published[1].progress is not None
    assert (published[1].progress.at_jee, published[1].progress.pending) == (2, 0)


def test_what_a_set_says_of_its_files_is_so(root: Path, published: list[PublishedSet]) -> None:
    for one in published:
        folder = folder_of(root, one)
        sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
        assert {*sums, "SHA256SUMS"} == {path.name for path in folder.iterdir()}
        for file in one.files:
            content = (folder / file.name).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
            assert sums[file.name] == file.sha256
        assert json.loads((folder / "manifest.json").read_text())["version"] == one.version


def test_csv_parquet_and_database_hold_the_same_rows(root: Path, published: list[PublishedSet]) -> None:
    newest = published[0]
    with closing(sqlite3.connect(folder_of(root, newest) / "count.sqlite")) as database:
        database.row_factory = sqlite3.Row
        for file in (one for one in newest.files if one.format == "parquet"):
            table = pq.read_table(folder_of(root, newest) / file.name)
            plain = rows_of(root, newest, str(file.table))
            packed = [csv_row(row) for row in table.to_pylist()]
            assert packed == plain
            assert len(plain) == file.rows
            assert json.loads(table.schema.metadata[b"escrutinio"])["seq"] == newest.seq
            if file.table != "changes":
                stored = [csv_row(dict(row)) for row in database.execute(f"SELECT * FROM {file.table}")]  # noqa: S608 - ours
                assert stored == plain
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_set_of_an_earlier_version_knows_nothing_later(root: Path, published: list[PublishedSet]) -> None:
    newest, at_the_juries, half = published
    assert {row["state"] for row in rows_of(root, half, "mesas")} == {"pending", "counted"}
    waiting = rows_of(root, at_the_juries, "queue")
    assert [(row["state"], row["resolved_at"]) for row in waiting] == [("open", "")] * 2
    nation = next(row for row in rows_of(root, at_the_juries, "areas") if row["key"] == "nation")
    assert nation["computed_at_jee"] == nation["published_at_jee"] == str(len(waiting))
    assert {row["state"] for row in rows_of(root, newest, "queue")} == {"resolved"}
    assert rows_of(root, half, "corrections") == []
    assert max(int(row["changed_seq"]) for row in rows_of(root, half, "changes")) == half.seq


def test_the_history_of_an_acta_and_its_corrections_are_told(root: Path, published: list[PublishedSet]) -> None:
    late = rows_of(root, published[0], "mesas")[-1]["key"]
    states = [row["state"] for row in rows_of(root, published[0], "acta_states") if row["key"] == late]
    assert states == ["pending", "at_jee", "counted"]
    kinds = {(row["kind"], row["key"]) for row in rows_of(root, published[0], "corrections")}
    assert {("correction", "mesa/000001"), ("hold", "mesa/000002"), ("release", "mesa/000002")} <= kinds
    lowered = next(row for row in rows_of(root, published[0], "corrections") if row["key"] == "mesa/000001")
    assert (lowered["before_red"], lowered["after_red"]) == ("61", "10")


def test_views_of_the_database_add_up_to_the_count(root: Path, published: list[PublishedSet]) -> None:
    with closing(sqlite3.connect(folder_of(root, published[0]) / "count.sqlite")) as database:
        one = database.execute("SELECT Rojo, Azul FROM resultados WHERE clave = 'nation'").fetchone()
        assert one == database.execute('SELECT sum("Rojo"), sum("Azul") FROM mesas_with_names').fetchone()
        assert (
            one
            == database.execute(
                "SELECT sum(published_red), sum(published_blue) FROM areas WHERE level = 'department'"
            ).fetchone()
        )
        named = "SELECT departamento, distrito FROM mesas_con_nombres WHERE mesa = '000001'"
        assert database.execute(named).fetchone() == ("LIMA", "LIMA")
        found = "SELECT a.key FROM areas_fts f JOIN areas a ON a.rowid = f.rowid WHERE areas_fts MATCH 'canete'"
        assert {row[0] for row in database.execute(found)} == {"province/1402", "district/140201"}
        shares = database.execute("SELECT sum(validos_pct) FROM votos_por_lista WHERE clave = 'nation'").fetchone()[0]
        assert shares == pytest.approx(100.0, abs=0.01)


def test_nothing_of_the_mission_is_read_and_nothing_that_somebody_wrote_is_in_a_file(
    counted: Store, root: Path, published: list[PublishedSet], tmp_path: Path
) -> None:
    asked = list[str]()

    def note(*about: Any) -> None:
        asked.append(about[2])

    # By an engine of its own: a server of another test may still be at work on that one.
    with closing(Store.open(counted.engine.url.render_as_string())) as own:
        event.listen(own.engine, "before_cursor_execute", note)
        maker = maker_of(own, tmp_path)
        with maker.folder.alone():
            assert maker.look(0.0).made is not None
    assert any("changes" in one for one in asked)
    theirs = {str(one.__tablename__) for one in _tables() if one.__module__.startswith("mission.")}
    assert len(theirs) > 10
    assert {name for one in asked for name in re.findall(r"\w+", one)} & theirs == set()
    for one in published:
        for file in one.files:
            content = _content(folder_of(root, one), file)
            assert "000001" in content or file.table in ("lists", "areas", "places", "queue", "corrections", None)
            assert [word for word in WRITTEN if word in content] == []


def _tables(of: type[SQLModel] = SQLModel) -> list[type[SQLModel]]:
    found = [below for one in of.__subclasses__() for below in (one, *_tables(one))]
    return [one for one in found if hasattr(one, "__tablename__")]


def _content(folder: Path, file: SetFile) -> str:
    """All that is in a file, as text."""
    path = folder / file.name
    if file.format == "parquet":
        return str(pq.read_table(path).to_pylist())
    if file.format == "sqlite":
        with closing(sqlite3.connect(path)) as database:
            return "\n".join(database.iterdump())
    raw = path.read_bytes()
    return (gzip.decompress(raw) if file.format == "csv.gz" else raw).decode()


def test_of_an_area_of_which_nothing_was_read_every_figure_is_missing_and_none_is_zero(tmp_path: Path) -> None:
    store, root = Store.open(sqlite_in(tmp_path)), tmp_path / "files"
    country = Country(store, is_listed=False)
    country.list_mesas(country.mesas[:4], minute(1))
    maker = maker_of(store, root)
    with maker.folder.alone():
        made = maker.look(0.0).made
    store.close()
    assert made is not None
    areas = {row["key"]: row for row in rows_of(root, made, "areas")}
    figures = [name for name in areas["nation"] if name.startswith(("computed_", "published_"))]
    assert {areas["department/24"][name] for name in figures} == {""}
    assert (areas["department/14"]["computed_total"], areas["department/14"]["computed_red"]) == ("4", "0")
    with closing(sqlite3.connect(folder_of(root, made) / "count.sqlite")) as database:
        asked = "SELECT actas, contabilizadas, emitidos, Rojo FROM resultados WHERE clave = ?"
        assert database.execute(asked, ["department/24"]).fetchone() == (None,) * 4
        assert database.execute(asked, ["department/14"]).fetchone() == (4, 0, 0, 0)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
