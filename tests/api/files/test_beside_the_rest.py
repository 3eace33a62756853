"""Files where they are used: behind the shipped proxy, and made by a child of `escrutinio run`."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import msgspec
import pytest

from api.commands.files import child
from api.commands.files.pace import ChildPace, load_limits
from api.http.answers import IMMUTABLE
from api.main import create_app
from api.tables.sets.index import PublishedSet
from tally.settings import load_settings
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, served
from tests.api.live.replicas import free_port, proxy


class Fronted:
    """A replica that has the files, and the shipped proxy before it, which has them too or not."""

    def __init__(self, store: Store, root: Path, nginx: str, folder: Path, stack: ExitStack) -> None:
        app = create_app(store, ELECTIONS, options=msgspec.structs.replace(QUICK, files=root))
        self._replica = ExitStack()
        stack.callback(self._replica.close)
        replica = self._replica.enter_context(served(app, trusted_proxies=["127.0.0.1"]))
        self.direct = httpx.Client(base_url=f"http://{replica}")
        stack.callback(self.direct.close)
        address = stack.enter_context(proxy(nginx, folder, [replica, f"127.0.0.1:{free_port()}"]))
        self.client = httpx.Client(base_url=f"http://{address}")
        stack.callback(self.client.close)

    def stop_replica(self) -> None:
        self._replica.close()


@pytest.fixture
def fronted(counted: Store, root: Path, nginx: str, tmp_path: Path) -> Iterator[Fronted]:
    with ExitStack() as stack:
        yield Fronted(counted, root, nginx, tmp_path, stack)


@pytest.mark.nginx
def test_the_proxy_gives_files_from_its_disk_as_a_replica_would(
    fronted: Fronted, published: list[PublishedSet], root: Path, tmp_path: Path
) -> None:
    preflight = {"Origin": "https://news.example", "Access-Control-Request-Method": "GET"}
    for file in (published[0].files[0], published[0].files[-2], published[0].files[-1]):
        address = published[0].address + file.name
        by_replica = fronted.client.get(address)
        assert by_replica.headers["x-program"], "the proxy has no such folder yet"
        assert fronted.client.options(address, headers=preflight).status_code == 204
    (tmp_path / "files").symlink_to(root)
    for file in published[0].files:
        address = published[0].address + file.name
        own, other = fronted.client.get(address), fronted.direct.get(address)
        assert "x-program" not in own.headers
        assert own.content == other.content
        for name in ("etag", "content-type", "cache-control", "access-control-allow-origin", "last-modified"):
            assert own.headers[name] == other.headers[name], (file.name, name)
        assert own.headers["cache-control"] == IMMUTABLE
        part = fronted.client.get(address, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, other.content[:4])
        again = fronted.client.get(address, headers={"If-None-Match": other.headers["etag"]})
        assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, "*")
    led = fronted.client.get("/data/2030-01-06-mayor/mayor/latest/mesas.csv")
    assert (led.status_code, led.headers["location"]) == (307, f"{published[0].address}mesas.csv")
    assert fronted.client.options(published[0].address + "mesas.csv", headers=preflight).status_code == 204
    absent = fronted.client.get(f"{published[0].address}nothing.csv")
    assert (absent.status_code, absent.headers["content-type"]) == (404, "application/problem+json")
    hidden = fronted.client.get("/data/2030-01-06-mayor/mayor/.1-ab.part/mesas.csv")
    assert hidden.status_code == 404
    fronted.stop_replica()
    assert fronted.client.get(published[0].address + "mesas.parquet").status_code == 200
    for never_asked in ("index.json", "2030-01-06-mayor/mayor/latest/areas.csv"):
        away = fronted.client.get(f"/data/{never_asked}")
        assert (away.headers["content-type"], away.json()["status"]) == ("application/problem+json", 503)
    kept = fronted.client.get("/data/2030-01-06-mayor/mayor/latest/mesas.csv", follow_redirects=True)
    assert (kept.status_code, str(kept.url.path)) == (200, f"{published[0].address}mesas.csv")


def test_a_maker_that_ends_is_begun_again_and_ends_with_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = msgspec.structs.replace(load_limits(), child=ChildPace(first_s=0.0, again_s=0.0))
    monkeypatch.setattr(child, "load_limits", lambda: limits)
    told = tmp_path / "told"
    program = (
        "import os, sys, time; from pathlib import Path; told = Path(sys.argv[1]);"
        "told.open('a').write(f'{os.getpid()} {os.environ[\"ESCRUTINIO_DATABASE_URL\"]}\\n');"
        "time.sleep(0 if len(told.read_text().splitlines()) < 2 else 600)"
    )

    async def run() -> int:
        settings = load_settings(database_url="sqlite:///secret.db")
        task = asyncio.create_task(child.keep_making(settings, ("-c", program, str(told))))
        while not told.exists() or len(told.read_text().splitlines()) < 2:
            await asyncio.sleep(0.01)
        number = int(told.read_text().splitlines()[-1].split()[0])
        assert Path(f"/proc/{number}").exists()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return number

    number = asyncio.run(asyncio.wait_for(run(), 60))
    assert not Path(f"/proc/{number}").exists()
    assert {line.split()[1] for line in told.read_text().splitlines()} == {"sqlite:///secret.db"}


def test_a_server_loads_nothing_of_what_only_files_drawings_cards_and_rosters_need() -> None:
    # Each replica would hold eighty megabytes of it for nothing.
    heavy = {"pyarrow", "xlsxwriter", "scipy.spatial", "scipy.sparse", "segno", "rapidfuzz"}
    program = f"import sys, api.main, api.commands.serve; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"
