"""The page of the files over real ones: every hash is there, and its examples run as they stand."""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import duckdb
import httpx
import msgspec
import pytest

from api.main import create_app
from api.tables.sets.index import PublishedSet
from dashboard.app import build
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, served

_EXAMPLE = re.compile(r"<pre[^>]*><code>(.*?)</code></pre>", re.DOTALL)


@pytest.fixture(scope="module")
def site(counted: Store, root: Path) -> Iterator[httpx.Client]:
    """A client of a server with pages."""
    app = create_app(counted, ELECTIONS, dashboard=build, options=msgspec.structs.replace(QUICK, files=root))
    with served(app) as address, httpx.Client(base_url=f"http://{address}") as client:
        yield client


@pytest.fixture(scope="module")
def examples(site: httpx.Client) -> dict[str, str]:
    """Each example of the page with this server's address in it, by its first word."""
    told = [html.unescape(text) for text in _EXAMPLE.findall(site.get("/data").text)]
    address = str(site.base_url).rstrip("/")
    return {text.split()[0]: text.replace("https://HOST", address) for text in told}


def test_the_page_has_every_hash_and_the_columns_of_every_table(
    site: httpx.Client, published: list[PublishedSet]
) -> None:
    page = site.get("/data").text
    assert [file.name for found in published for file in found.files if file.sha256 not in page] == []
    package = site.get(f"{published[0].address}datapackage.json").json()
    fields = {field["name"] for one in package["resources"] if "schema" in one for field in one["schema"]["fields"]}
    assert fields - set(re.findall(r'<th scope="row"><code>(\w+)</code></th>', page)) == set()
    catalog = site.get("/data/catalog.jsonld").json()
    assert len(catalog["dcat:dataset"]) == len(published) + 1


def test_the_examples_of_the_page_run_as_they_stand(examples: dict[str, str], tmp_path: Path) -> None:
    with duckdb.connect() as database:
        extension = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
        database.execute(f"LOAD '{extension / 'httpfs.duckdb_extension'}'")
        rows = database.execute(examples["SELECT"]).fetchall()
    assert [row[0] for row in rows] == sorted(row[0] for row in rows) != []
    for program, first in ((sys.executable, "import"), (shutil.which("bash") or "bash", "curl")):
        done = subprocess.run(
            [program, "-c", examples[first]], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() != ""
    assert (tmp_path / "count.sqlite").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.r
def test_the_example_in_r_needs_no_package(examples: dict[str, str], rscript: str) -> None:
    done = subprocess.run([rscript, "--vanilla", "-e", examples["areas"]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "LIMA" in done.stdout
