"""Sets of files in the tools that people have: frictionless, DuckDB over HTTP, Datasette."""

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import httpx

from api.tables.sets.index import PublishedSet

# Both run in processes of their own: what its libraries warn of is not ours to answer for.
_VALIDATE = """
import json, sys
from frictionless import Package, system

for path in sys.argv[1:]:
    with system.use_context(trusted=True):
        print(json.dumps(Package(path).validate().to_descriptor()))
"""
_ASK = """
import asyncio, json, sys
from datasette.app import Datasette

async def ask():
    found = Datasette([sys.argv[1]])
    await found.invoke_startup()
    for path in sys.argv[2:]:
        answer = await found.client.get(path, follow_redirects=True)
        print(answer.status_code, answer.text.replace(chr(10), " "))

asyncio.run(ask())
"""


def folder_of(root: Path, found: PublishedSet) -> Path:
    return root / found.address.removeprefix("/data/")


def test_a_package_and_all_its_tables_are_valid_and_a_planted_fault_is_not(
    root: Path, published: list[PublishedSet], tmp_path: Path
) -> None:
    own = folder_of(root, published[0])
    shutil.copytree(own, tmp_path, dirs_exist_ok=True)
    text = (own / "mesas.csv").read_text()
    assert text.count(",61,") > 0
    (tmp_path / "mesas.csv").write_text(text.replace(",61,", ",sixty,", 1))
    packages = [str(folder / "datapackage.json") for folder in (own, tmp_path)]
    done = subprocess.run([sys.executable, "-c", _VALIDATE, *packages], capture_output=True, text=True, check=True)
    sound, planted = (json.loads(line) for line in done.stdout.splitlines())
    assert (sound["valid"], sound["stats"]["errors"]) == (True, 0), done.stdout
    assert sound["stats"]["tasks"] == len(published[0].files) - 1
    found = {error["type"] for task in planted["tasks"] for error in task["errors"]}
    assert {"hash-count", "type-error"} <= found


def test_a_package_says_what_its_columns_are_in_both_languages(root: Path, published: list[PublishedSet]) -> None:
    package = json.loads((folder_of(root, published[0]) / "datapackage.json").read_text())
    [votes] = [
        field
        for resource in package["resources"]
        if resource["name"] == "mesas-csv"
        for field in resource["schema"]["fields"]
        if field["name"] == "published_red"
    ]
    assert votes["descriptions"]["es"] == "Votos de ROJO, como lo publica la fuente"
    assert (votes["type"], votes["unit"], votes["units"]["es"]) == ("integer", "votes", "votos")
    assert package["escrutinio"]["checkpoint"] == "100"
    assert package["sources"][0]["title"] == "Test"


def test_duckdb_reads_columns_over_http_in_ranges(client: httpx.Client, published: list[PublishedSet]) -> None:
    base = f"{client.base_url}".rstrip("/")
    with duckdb.connect() as database:
        extension = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
        database.execute(f"LOAD '{extension / 'httpfs.duckdb_extension'}'")

        def ask(text: str) -> Any:
            return database.execute(text.replace("SET", f"{base}{published[0].address}")).fetchall()

        assert ask("SELECT sum(published_red), sum(published_blue) FROM 'SETmesas.parquet'") == ask(
            "SELECT published_red, published_blue FROM 'SETareas.parquet' WHERE key = 'nation'"
        )
        assert ask("SELECT count(*) FROM read_csv('SETmesas.csv')") == [(40,)]
        assert ask("SELECT max(changed_seq) FROM read_csv('SETchanges.csv.gz')") == [(published[0].seq,)]
        assert ask("SELECT count(*) FROM 'SET../latest/queue.parquet' WHERE resolved_state = 'counted'") == [(2,)]
        assert ask(
            "SELECT min(changed_at) > TIMESTAMPTZ '2030-01-06 00:00:00Z', bool_or(is_test) FROM 'SETareas.parquet'"
        ) == [(True, False)]
        joined = ask("SELECT count(*) FROM 'SETqueue.parquet' q JOIN 'SETmesas.parquet' m ON q.mesa = m.name")
        assert joined == [(2,)]


def test_the_database_opens_in_datasette_as_it_is(root: Path, published: list[PublishedSet]) -> None:
    asked = [
        "/count.json",
        "/count/places.json?_search=canete&_shape=array",
        "/count/areas/department~2F14.json?_shape=array",
        f"/count.json?sql={quote(_QUERY)}&_shape=array",
        "/count/votos_por_lista.json?clave=nation&_shape=array",
        "/count/mesas/mesa~2F000001.json?_shape=array",
    ]
    command = [sys.executable, "-c", _ASK, str(folder_of(root, published[0]) / "count.sqlite"), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answers = [line.split(" ", 1) for line in done.stdout.splitlines()]
    assert [status for status, _ in answers] == ["200"] * len(asked), done.stdout[-2000:]
    about, places, area, queried, votes, mesa = (json.loads(text) for _, text in answers)
    tables = {table["name"]: table for table in about["tables"]}
    assert tables["places"]["fts_table"] == "places_fts"
    assert tables["mesas"]["primary_keys"] == ["key"]
    assert {view["name"] for view in about["views"]} >= {"resultados", "results", "cola_abierta", "open_queue"}
    assert {place["ubigeo"] for place in places} == {"140201"}
    assert area[0]["name"] == "LIMA"
    assert [row["departamento"] for row in queried] == ["AMÉRICA", "CALLAO", "LIMA"]
    assert [row["lista"] for row in votes] == ["ROJO", "AZUL"]
    assert mesa[0]["published_red"] == 10


_QUERY = "SELECT departamento, sum(emitidos) AS e FROM mesas_con_nombres GROUP BY 1 ORDER BY 1"
