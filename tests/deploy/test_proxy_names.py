"""deploy/replicas-by-name.conf: a name nobody knows stops nothing, and whoever is found under it serves."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, served
from tests.api.country import Country
from tests.api.live.replicas import deployed, free_port, running_nginx
from tests.deploy.name_server import name_server
from tests.waiting import wait_until

pytestmark = pytest.mark.nginx
# Nobody serves there.
_DEAD = "127.0.0.2"


class Named:
    """A replica, the name it may be found under, and the proxy that looks for it."""

    def __init__(self, store: Store, nginx: str, folder: Path, stack: ExitStack) -> None:
        Country(store)
        self._app, self._port, self._replica = create_app(store, ELECTIONS, options=QUICK), free_port(), ExitStack()
        self.names = stack.enter_context(name_server())
        resolver = {"127.0.0.11 valid=2s": f"127.0.0.1:{self.names.port} valid=1s", "api:8000": f"api:{self._port}"}
        files = {"replicas.conf": deployed("replicas-by-name.conf", resolver)}
        self.folder, self.site = folder, folder / "site"
        self.address = stack.enter_context(running_nginx(nginx, folder, files))
        stack.callback(self._replica.close)
        self._nginx = nginx

    def start_replica(self) -> None:
        self._replica.enter_context(served(self._app, port=self._port, trusted_proxies=["127.0.0.1"]))

    def reload(self) -> None:
        """Raises: CalledProcessError: it would not take its configuration again."""
        extra = f"pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;"
        command = [self._nginx, "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", extra, "-s", "reload"]
        subprocess.run(command, check=True, capture_output=True)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://{self.address}{path}")


@pytest.fixture
def named(store: Store, nginx: str, tmp_path: Path) -> Iterator[Named]:
    with ExitStack() as stack:
        yield Named(store, nginx, tmp_path, stack)


def test_a_name_nobody_knows_stops_neither_start_nor_reload_and_its_replicas_serve_once_it_is_known(
    named: Named,
) -> None:
    for page, file in (("index.html", "the copy"), ("away.html", "no copy")):
        named.site.mkdir(exist_ok=True)
        (named.site / page).write_text(file)
    named.reload()
    assert (named.get("/").text, named.get("/").headers["x-copy"]) == ("the copy", "frozen")
    assert (named.get("/timeline").status_code, named.get("/timeline").text) == (503, "no copy")
    assert named.get(f"{BASE}/state").json()["status"] == 503
    named.start_replica()
    named.names.addresses = ["127.0.0.1"]
    wait_until(lambda: named.get(f"{BASE}/state").json().get("seq") == 1)


def test_of_the_addresses_of_a_name_those_serve_that_answer(named: Named) -> None:
    named.start_replica()
    named.names.addresses = [_DEAD, "127.0.0.1"]
    wait_until(lambda: named.get("/healthz").status_code == 200)
    for _ in range(8):
        assert named.get("/healthz").status_code == 200
        # What may not be sent a second time is sent on where the first address takes nothing.
        sent = httpx.post(f"http://{named.address}/api/v1/mission/session", json={})
        assert sent.status_code in (404, 422), sent.text


def test_what_was_kept_is_still_shown_when_the_name_is_gone(named: Named) -> None:
    named.start_replica()
    named.names.addresses = ["127.0.0.1"]
    wait_until(lambda: named.get("/healthz").status_code == 200)
    kept = named.get(f"{BASE}/state").raise_for_status()
    named.names.addresses = []
    wait_until(lambda: named.get("/healthz").status_code == 503)
    wait_until(lambda: named.get(f"{BASE}/state").headers["x-cache"] == "STALE")
    assert named.get(f"{BASE}/state").json() == kept.json()
    assert named.get(f"{BASE}/areas/department/14").json()["status"] == 503
