"""Pages and data files of a closed count, as a replica gives them that serves nothing but its copy."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx

from api.commands.backups.bar import progress
from api.commands.backups.database import sqlite_file
from api.commands.copies.following import Order, follow
from api.commands.rehearsal_mission import end
from dashboard.routes import root_of
from tally.errors import StoreUnavailable
from tally.keys import Level

_LONGEST_START_S, _LOOK_S, _TIMEOUT_S = 120.0, 0.1, 600.0
_TABLES = (
    *((f"{level}.{form}", f"/results?level={level}&format={form}") for level in Level for form in ("csv", "json")),
    ("corrections.csv", "/corrections?format=csv"),
    ("queue.csv", "/queue?format=csv"),
    ("count.json", ""),
)


@contextmanager
def replica(database: Path, election_id: str) -> Iterator[str]:
    """The address of a server of its own over a copy of that SQLite file, which stays as it is.

    Raises: StoreUnavailable: it does not start.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        copy = Path(shutil.copy(database, scratch / "count.db"))
        command = [sys.executable, "-m", "api.cli", "serve", "--database", sqlite_file(copy), "--election", election_id]
        command += ["--host", "127.0.0.1", "--port", "0"]
        # It tells nobody anything.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("ESCRUTINIO_ALERT_")}
        with (scratch / "said").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 - our own program with our own options
                command, stdout=said, stderr=subprocess.STDOUT, env=ours
            )
        try:
            yield _address(process, scratch / "said")
        finally:
            end(process)


def write_data(address: str, folder: Path, election_id: str, contests: Sequence[str]) -> None:
    """Write every table that the API gives, of each contest; a folder each where there are several.

    Raises: StoreUnavailable: the replica refuses one.
    """
    base = f"/api/v1/elections/{election_id}"
    wanted = [
        (folder / name if len(contests) == 1 else folder / contest / name, f"{base}{root}{path}")
        for contest in contests
        for root in [root_of(contest if len(contests) > 1 else None)]
        for name, path in _TABLES
    ]
    with httpx.Client(base_url=address, timeout=_TIMEOUT_S) as client, progress(len(wanted), "data files") as advance:
        for path, asked in wanted:
            answer = client.get(asked)
            if answer.status_code != HTTPStatus.OK:
                raise StoreUnavailable(f"{asked} was answered with {answer.status_code}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer.content)
            advance(1)


def write_pages(address: str, folder: Path, election_id: str, home: str) -> None:
    """Write every public page in every language, as `escrutinio export --site` does.

    Raises: StoreUnavailable.
    """
    follow(Order([address], election_id, folder, home, is_once=True), share=1.0)


def _address(process: "subprocess.Popen[bytes]", said: Path) -> str:
    """Where it serves, once the count is loaded."""
    ends = time.monotonic() + _LONGEST_START_S
    with closing(httpx.Client()) as client:
        while time.monotonic() < ends and process.poll() is None:
            told = said.read_text(errors="replace").split()
            address = next((word for word in told if word.startswith("http://127.0.0.1:")), None)
            if address is not None and _is_ready(client, address):
                return address
            time.sleep(_LOOK_S)
    raise StoreUnavailable(f"a server over the closed count did not start: {said.read_text(errors='replace')[-300:]}")


def _is_ready(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(f"{address}/readyz").status_code == HTTPStatus.OK
    except httpx.HTTPError:
        return False
