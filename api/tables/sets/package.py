"""The data package beside a set (Frictionless Data Package, version 2): what each file holds, in words and in types."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.tables.sets.fields import Fields, plainly
from api.tables.sets.index import CSV, PACKED_CSV, PARQUET, PublishedSet, SetFile
from api.tables.sets.tables import SetTable
from tally.election import Contest, Election

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
# Of the collection; the figures in it are the source's, which is named.
LICENSE = {
    "name": "ODC-By-1.0",
    "title": "Open Data Commons Attribution License v1.0",
    "path": "https://opendatacommons.org/licenses/by/1-0/",
}


def make_package(
    election: Election, contest: Contest, tables: Mapping[str, SetTable], found: PublishedSet
) -> dict[str, Any]:
    """The package of a set whose files are all there but those that describe it."""
    fields = Fields(contest.lists)
    titles, described = {}, {}
    for code, words in fields.languages.items():
        named = {"election": words.of(election.name), "contest": words.of(contest.name), "seq": found.seq}
        titles[code] = words("file_package.title", **named)
        rehearsal = words("file_package.rehearsal") if found.is_test else ""
        described[code] = rehearsal + words("file_package.description", as_of=found.as_of)
    page = {} if election.result_page is None else {"path": election.result_page}
    return {
        "$schema": _PROFILE,
        "name": f"{election.id}-{contest.id}",
        "id": found.address,
        "version": found.version,
        "created": found.made_at,
        **plainly("title", titles),
        **plainly("description", described),
        "licenses": [LICENSE],
        "sources": [{"title": plainly("title", election.credit)["title"], **page}],
        "resources": [_resource(fields, tables, file) for file in found.files],
        "escrutinio": _without_files(found),
    }


def _resource(fields: Fields, tables: Mapping[str, SetTable], file: SetFile) -> dict[str, Any]:
    own: dict[str, Any] = {
        "name": file.name.lower().replace(".", "-"),
        "path": file.name,
        "format": file.format.removesuffix(".gz"),
        "mediatype": file.media_type.partition(";")[0],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.table is None:
        return own
    table = tables[file.table]
    own |= {
        "$schema": _RESOURCE,
        **plainly("title", fields.words(f"file_titles.{table.name}")),
        **plainly("description", fields.words(f"file_tables.{table.name}")),
    }
    # Types and keys stand with the plain form; the other has its own types, and is to be taken as a file.
    if file.format == PARQUET:
        return {**own, "type": "file"}
    packed = {"compression": "gz"} if file.format == PACKED_CSV else {}
    return {**own, **packed, "type": "table", "rows": file.rows, "encoding": "utf-8", "schema": _schema(fields, table)}


def _schema(fields: Fields, table: SetTable) -> dict[str, Any]:
    key = {"primaryKey": list(table.key)} if table.key else {}
    return {
        "$schema": _SCHEMA,
        "fields": [fields.field(name, kind) for name, kind in table.columns.items()],
        "missingValues": [""],
        **key,
        "foreignKeys": [
            {
                "fields": [one.column],
                "reference": {
                    "resource": "" if one.table == table.name else f"{one.table}-{CSV}",
                    "fields": [one.field],
                },
            }
            for one in table.references
        ],
    }


def _without_files(found: PublishedSet) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    return {name: value for name, value in told.items() if name != "files"}
