"""Ways to falsify an archive and its database: one small act each, drawn from a seeded generator."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench.rewriting import rewrite_all

# Columns of the database that say what was published and sealed.
_CELLS = (
    ("changes", ("key", "kind", "data", "src")),
    ("change_sets", ("at",)),
    ("heads", ("root", "at", "note", "key", "proof")),
    ("counts", ("epoch",)),
)

Kind = Callable[[Path, random.Random], str]


def tamper(kind: str, folder: Path, rng: random.Random) -> str:
    """Falsify `folder` (count.db, archive, archive.key) in that way; returns what was done."""
    return KINDS[kind](folder, rng)


def copy_evidence(source: Path, target: Path) -> None:
    """A copy to falsify."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("count.db", "archive.key"):
        shutil.copyfile(source / name, target / name)
    shutil.copytree(source / "archive", target / "archive")


def flip(folder: Path, rng: random.Random) -> str:
    """One bit of one byte."""
    if rng.random() < 0.25:
        return _flip_cell(folder, rng)
    path = rng.choice(_files(folder, rng.choice(("objects", "log", "checkpoints", "checkpoints"))))
    body = bytearray(path.read_bytes())
    bit = rng.randrange(8 * len(body))
    body[bit // 8] ^= 1 << bit % 8
    path.write_bytes(body)
    return f"bit {bit} of {path.name}"


def _flip_cell(folder: Path, rng: random.Random) -> str:
    table, columns = rng.choice(_CELLS)
    column = rng.choice(columns)
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        where, text = _cell(database, rng, table, column)
        place, bit = rng.randrange(len(text)), rng.randrange(7)
        changed = text[:place] + chr(ord(text[place]) ^ (1 << bit)) + text[place + 1 :]
        _set_cell(database, table, column, where, changed)
    return f"bit {bit} of character {place} of {table}.{column} {where}"


def delete(folder: Path, rng: random.Random) -> str:
    """An object, a log line, a head, a published value or version."""
    what = rng.choice(("object", "line", "head", "change", "version", "published head"))
    if what == "object":
        path = rng.choice(_files(folder, "objects"))
        path.unlink()
        return f"object {path.name}"
    if what == "line":
        path, lines = _log(folder)
        place = rng.randrange(len(lines))
        path.write_bytes(b"".join(lines[:place] + lines[place + 1 :]))
        return f"log line {place + 1}"
    if what == "head":
        path = rng.choice(_files(folder, "checkpoints"))
        path.unlink()
        return f"checkpoint {path.name}"
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        if what == "change":
            count, seq, n = rng.choice(database.execute("SELECT count_id, seq, n FROM changes").fetchall())
            database.execute("DELETE FROM changes WHERE (count_id, seq, n) = (?, ?, ?)", (count, seq, n))
            return f"change {n} of version {seq}"
        if what == "version":
            count, seq = rng.choice(database.execute("SELECT count_id, seq FROM change_sets").fetchall())
            for table in ("changes", "change_sets"):
                database.execute(f"DELETE FROM {table} WHERE (count_id, seq) = (?, ?)", (count, seq))  # noqa: S608 - our own names
            return f"version {seq}"
        size = rng.choice(database.execute("SELECT size FROM heads").fetchall())[0]
        database.execute("DELETE FROM heads WHERE size = ?", (size,))
        return f"published head {size}"


def insert(folder: Path, rng: random.Random) -> str:
    """A log line, a head, a published value or version that never was."""
    what = rng.choice(("line", "again", "head", "change", "version"))
    if what in ("line", "again"):
        path, lines = _log(folder)
        place = rng.randrange(len(lines))
        line = rng.choice(lines)
        if what == "line":
            line = json.dumps({**json.loads(lines[0]), "ms": rng.randrange(10_000)}).encode() + b"\n"
        path.write_bytes(b"".join([*lines[:place], line, *lines[place:]]))
        return f"a line before log line {place + 1}"
    if what == "head":
        path = rng.choice(_files(folder, "checkpoints"))
        size = int(path.name) + 1
        text = path.read_text().replace(f"\n{int(path.name)}\n", f"\n{size}\n", 1)
        (path.parent / f"{size:012}").write_text(text)
        return f"checkpoint {size}"
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        rows = "SELECT count_id, seq, key, kind, data, src FROM changes"
        count, seq, key, kind, data, src = rng.choice(database.execute(rows).fetchall())
        n = 100_000
        if what == "version":
            seq = database.execute("SELECT max(seq) FROM change_sets").fetchone()[0] + 1
            database.execute("INSERT INTO change_sets (count_id, seq, at) VALUES (?, ?, '2026-06-08')", (count, seq))
            database.execute("UPDATE counts SET seq = ?", (seq,))
            n = 0
        row = (count, seq, n, key, kind, data.replace("1", "2", 1), src)
        names = "count_id, seq, n, key, kind, data, src"
        database.execute(f"INSERT INTO changes ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - our own names
        return f"{key} into version {seq}"


def swap(folder: Path, rng: random.Random) -> str:
    """Two log lines, two objects, two heads, or two published values."""
    what = rng.choice(("line", "objects", "checkpoints", "data", "src", "at"))
    if what == "line":
        path, lines = _log(folder)
        one, two = _two_different(rng, lines)
        lines[one], lines[two] = lines[two], lines[one]
        path.write_bytes(b"".join(lines))
        return f"log lines {one + 1} and {two + 1}"
    if what in ("objects", "checkpoints"):
        paths = _files(folder, what)
        bodies = [path.read_bytes() for path in paths]
        one, two = _two_different(rng, bodies)
        paths[one].write_bytes(bodies[two])
        paths[two].write_bytes(bodies[one])
        return f"{what} {paths[one].name} and {paths[two].name}"
    table = "change_sets" if what == "at" else "changes"
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        cells = [_cell(database, rng, table, what) for _ in range(40)]
        one, two = _two_different(rng, [text for _, text in cells])
        _set_cell(database, table, what, cells[one][0], cells[two][1])
        _set_cell(database, table, what, cells[two][0], cells[one][1])
    return f"{what} of {cells[one][0]} and {cells[two][0]}"


def truncate(folder: Path, rng: random.Random) -> str:
    """The end of a file, or of the history."""
    if rng.random() < 0.25:
        with closing(sqlite3.connect(folder / "count.db")) as database, database:
            last = database.execute("SELECT max(seq) FROM change_sets").fetchone()[0]
            kept = rng.randrange(last)
            for table in ("changes", "change_sets"):
                database.execute(f"DELETE FROM {table} WHERE seq > ?", (kept,))  # noqa: S608 - our own names
            database.execute("UPDATE counts SET seq = ?", (kept,))
        return f"versions after {kept}"
    path = rng.choice(_files(folder, rng.choice(("objects", "log", "log", "checkpoints"))))
    body = path.read_bytes()
    length = rng.randrange(len(body))
    path.write_bytes(body[:length])
    return f"{path.name} after {length} of {len(body)} bytes"


KINDS: dict[str, Kind] = {
    "bit flip": flip,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "truncate": truncate,
    "rewrite all": rewrite_all,
}


def _files(folder: Path, part: str) -> list[Path]:
    return sorted(path for path in (folder / "archive" / part).rglob("*") if path.is_file() and path.name != ".lock")


def _log(folder: Path) -> tuple[Path, list[bytes]]:
    [path] = _files(folder, "log")
    return path, path.read_bytes().splitlines(keepends=True)


def _two_different(rng: random.Random, values: list[bytes] | list[str]) -> tuple[int, int]:
    while True:
        one, two = rng.sample(range(len(values)), 2)
        if values[one] != values[two]:
            return one, two


def _cell(database: sqlite3.Connection, rng: random.Random, table: str, column: str) -> tuple[str, str]:
    """A row's key as a condition, and the text in one of its columns."""
    keys = {"changes": ("count_id", "seq", "n"), "change_sets": ("count_id", "seq"), "heads": ("count_id", "size")}
    names = keys.get(table, ("id",))
    rows = database.execute(
        f"SELECT {', '.join(names)}, {column} FROM {table} WHERE length({column}) > 0"  # noqa: S608 - our own names
    ).fetchall()
    *key, text = rng.choice(rows)
    return " AND ".join(f"{name} = {value}" for name, value in zip(names, key, strict=True)), text


def _set_cell(database: sqlite3.Connection, table: str, column: str, where: str, text: str) -> None:
    database.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (text,))  # noqa: S608 - our own names
