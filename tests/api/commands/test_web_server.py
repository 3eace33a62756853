"""When a server takes connections: once it has the counts that there are, and never on an address that is another's."""

import threading
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from api.commands.web_server import make_server, serve
from api.http.listening import bind
from api.live import counts
from api.live.count import Loaded, load
from api.main import create_app
from api.options import ServeOptions
from tally.errors import PortTaken, StoreUnavailable
from tally.storage.store import CountInfo, Store
from tests.api.conftest import ELECTIONS
from tests.api.country import Country
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

QUICK = ServeOptions(poll_s=0.02)


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Set when a count begins to load; and what lets it go on."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(store: Store, info: CountInfo) -> Loaded:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return load(store, info)

    monkeypatch.setattr(counts, "load", slow)
    yield begun, go_on
    go_on.set()


def test_whoever_comes_before_the_counts_are_loaded_is_refused(
    store: Store, held_back: tuple[threading.Event, threading.Event]
) -> None:
    Country(store)
    begun, go_on = held_back
    listener = bind("127.0.0.1", 0, is_open=False)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/readyz"
    server = make_server(create_app(store, ELECTIONS, options=QUICK))
    opened = threading.Event()
    server.on_open = opened.set
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
    thread.start()
    try:
        assert begun.wait(PATIENCE_S)
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)
        assert not opened.is_set()
        go_on.set()
        assert opened.wait(PATIENCE_S)
        assert httpx.get(url).status_code == 200
    finally:
        go_on.set()
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()


def test_a_database_that_is_away_keeps_nobody_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise StoreUnavailable("nobody answers")

    app = create_app(store, ELECTIONS, options=QUICK)
    monkeypatch.setattr(store, "check", away)
    with in_thread(make_server(app)) as address:
        assert httpx.get(f"http://{address}/healthz").status_code == 200
        assert httpx.get(f"http://{address}/readyz").status_code == 503


def test_an_address_that_another_opens_first_is_one_sentence(store: Store) -> None:
    first = bind("127.0.0.1", 0, is_open=False)
    port = first.getsockname()[1]
    with closing(first), closing(bind("127.0.0.1", port, is_open=False)) as second:
        first.listen()
        with pytest.raises(PortTaken, match=f"port {port} on 127.0.0.1 is in use"):
            serve(create_app(store, ELECTIONS, options=QUICK), second, [], lambda: None)
