"""The clients to copy: against a live server that goes away in the middle and comes back with more."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, served
from tests.api.country import ELECTION, Country, minute
from tests.waiting import wait_until

_CLIENTS = Path(__file__).parents[3] / "docs" / "clients"
# A server whose states are all too large for a message.
_FETCHED = ServeOptions(poll_s=0.02, inline_bytes=1)
_SHOW = """
import { follow } from %s;
const [home, election] = process.argv.slice(2);
follow(home, election, (version, { nation }) => console.log(version, JSON.stringify(nation.computed.votes)));
"""

_SHOW_IN_R = """
source(%s)
given <- commandArgs(TRUE)
tell <- function(version, state) {
  cat(version, jsonlite::toJSON(state$nation$computed$votes), "\n")
  flush(stdout())
}
follow(given[1], given[2], tell, every = 0)
"""


@pytest.fixture(
    params=["python", pytest.param("javascript", marks=pytest.mark.node), pytest.param("r", marks=pytest.mark.r)]
)
def command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """What runs a client, but for where the count is."""
    if request.param == "python":
        return [sys.executable, str(_CLIENTS / "follow.py")]
    if request.param == "r":
        told = tmp_path / "show.R"
        told.write_text(_SHOW_IN_R % json.dumps(str(_CLIENTS / "follow.R")))
        return [request.getfixturevalue("rscript"), "--vanilla", str(told)]
    node = request.getfixturevalue("node")
    shown = tmp_path / "show.mjs"
    shown.write_text(_SHOW % json.dumps((_CLIENTS / "follow.mjs").as_uri()))
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    # Before Node 22 sockets have to be asked for.
    return [node, *(["--experimental-websocket"] if int(version[1:].split(".")[0]) < 22 else []), str(shown)]


@contextmanager
def told(command: list[str]) -> Iterator[list[str]]:
    """What a client has written, line by line, while it runs."""
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as client:
        assert client.stdout is not None
        reader = Thread(target=lambda out: lines.extend(iter(out.readline, "")), args=(client.stdout,), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            client.kill()
            reader.join()


def newest(lines: list[str]) -> int:
    """The version of the last line."""
    return int(lines[-1].split()[0])


@pytest.mark.parametrize("options", [QUICK, _FETCHED])
def test_a_client_goes_on_where_it_stood_after_the_server_was_away(
    store: Store, command: list[str], options: ServeOptions
) -> None:
    country = Country(store)
    country.count(country.mesas[:4], minute(1))
    with ExitStack() as stack:
        with served(create_app(store, ELECTIONS, options=options)) as address:
            lines = stack.enter_context(told([*command, f"http://{address}", ELECTION.id]))
            wait_until(lambda: lines and newest(lines) == country.writer.seq)
            country.count(country.mesas[4:6], minute(2))
            wait_until(lambda: newest(lines) == country.writer.seq)
        country.count(country.mesas[6:8], minute(3))
        port = int(address.rpartition(":")[2])
        with served(create_app(store, ELECTIONS, options=options), port=port):
            wait_until(lambda: newest(lines) == country.writer.seq)
            country.count(country.mesas[8:9], minute(4))
            wait_until(lambda: newest(lines) == country.writer.seq)
            nation = httpx.get(f"http://{address}{BASE}/state?topic=nation").json()["state"]["nation"]
    seen = [int(line.split()[0]) for line in lines]
    assert seen == sorted(set(seen))
    assert json.loads(lines[-1].partition(" ")[2]) == nation["computed"]["votes"]
