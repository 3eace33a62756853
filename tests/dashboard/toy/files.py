"""An index of sets of files, and the data package of each, in the shapes of the API; there are no files behind them."""

import hashlib
from typing import Any

from tests.dashboard.toy.count import ELECTION

INDEX = "/data/index.json"
_TABLES = ("lists", "areas", "places", "mesas", "acta_states", "queue", "corrections", "changes")
_WHOLE = {
    "count.sqlite": "application/vnd.sqlite3",
    "datapackage.json": "application/json",
}


def toy_index(*sets: dict[str, Any], making: bool = False) -> dict[str, Any]:
    """Those sets of the toy's only contest, newest first."""
    contest = {
        "contest": "president",
        "name": {"es": "Presidencia", "en": "Presidency"},
        "latest": f"/data/{ELECTION}/president/latest/",
        "sets": list(sets),
    }
    own = {
        "election": ELECTION,
        "name": {"es": "Segunda vuelta", "en": "Run-off"},
        "credit": {"es": "ONPE", "en": "ONPE"},
        "contests": [contest],
    }
    at = {"as_of": "2026-06-13T19:05:00Z", "checkpoint": None, "began_at": "2026-06-13T19:05:30Z"}
    return {
        "format": 1,
        "written_at": "2026-06-13T19:06:00Z",
        "elections": [own] if sets else [],
        "making": {"election": ELECTION, "contest": "president", "seq": 99, **at} if making else None,
    }


def toy_set(seq: int, as_of: str, checkpoint: str | None) -> dict[str, Any]:
    """A set of one version."""
    address = f"/data/{ELECTION}/president/{seq}-e1/"
    files = [_file(name, None, name.rpartition(".")[2].lower(), kind) for name, kind in _WHOLE.items()]
    for table in _TABLES:
        packed = ".gz" if table == "changes" else ""
        files.append(_file(f"{table}.csv{packed}", table, f"csv{packed}", "text/csv; charset=utf-8"))
        files.append(_file(f"{table}.parquet", table, "parquet", "application/vnd.apache.parquet"))
    return {
        "version": f"{seq}-e1",
        "epoch": "e1",
        "seq": seq,
        "as_of": as_of,
        "checkpoint": checkpoint,
        "progress": {"counted": 90_000, "at_jee": 1439, "pending": 1327, "total": 92_766},
        "is_test": True,
        "made_at": as_of,
        "address": address,
        "bytes": sum(file["bytes"] for file in files),
        "head": {"size": 12_345, "root": 64 * "a", "at": as_of},
        "files": files,
    }


def toy_package() -> dict[str, Any]:
    """What the tables hold, for a contest of the toy's lists."""
    return {
        "licenses": [
            {"name": "ODC-By-1.0", "title": "ODC-By 1.0", "path": "https://opendatacommons.org/licenses/by/1-0/"}
        ],
        "resources": [
            {
                "path": f"{table}.csv",
                "titles": {"es": f"Tabla {table}", "en": f"Table {table}"},
                "descriptions": {"es": "Una fila por ámbito.", "en": "One row an area."},
                "schema": {
                    "fields": [
                        _field("key", "string"),
                        *(_field(f"published_{one}", "integer", "actas") for one in ("counted", "total")),
                        *(_field(f"published_{one}", "integer", "votes") for one in ("norte", "sur", "l2", "l3")),
                        _field("changed_at", "datetime"),
                    ]
                },
            }
            for table in _TABLES
        ],
    }


def _field(name: str, kind: str, unit: str | None = None) -> dict[str, Any]:
    said = {"name": name, "type": kind, "descriptions": {"es": f"Qué es {name}", "en": f"What {name} is"}}
    return said if unit is None else {**said, "unit": unit, "units": {"es": unit, "en": unit}}


def _file(name: str, table: str | None, kind: str, media_type: str) -> dict[str, Any]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    size = 1000 + int(digest[:6], 16)
    rows = None if table is None else 92_766
    return {
        "name": name, "table": table, "format": kind, "media_type": media_type,
        "bytes": size, "sha256": digest, "rows": rows,
    }  # fmt: skip
