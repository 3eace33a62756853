"""A store that does not answer: whoever asks it waits, and nobody else does."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, LEISURELY, served
from tests.api.country import Country, minute
from tests.waiting import PATIENCE_S, wait_until

# Each is answered out of the log, or out of the mission's.
_STORED = (
    *(f"/{name}?key=nation" for name in ("timeline", "moments", "why")),
    *(f"/{name}" for name in ("queue", "corrections", "heads", "consistency?from=1&to=2", "incidents", "quick-count")),
    *("/bulletin", "/bulletins", "/mesas/000001", "/state?at=2030-01-06T20:00:30Z", "/lead-changes?level=department"),
    "/nist.json?at=2030-01-06T20:00:30Z",
)
# And these of what a replica has in memory.
_KNOWN = (
    *(f"{BASE}/state?topic={topic}" for topic in ("provinces", "districts")),
    *(f"{BASE}/results?level={level}" for level in ("department", "district")),
    *(f"{BASE}/reconciliation", f"{BASE}/search?q=lima", f"{BASE}/areas/department/14", f"{BASE}/contests"),
    *("/embed/v1/bar", "/embed/v1/map.svg", "/cards/nation.png", "/metrics", f"{BASE}/nist.json"),
)


class _Gate:
    """What statements wait behind while it is shut."""

    def __init__(self) -> None:
        self.waiting = 0
        self._opened = threading.Event()
        self._opened.set()

    def pass_through(self, *_: Any) -> None:
        self.waiting += 1
        self._opened.wait(2 * PATIENCE_S)
        self.waiting -= 1

    @contextmanager
    def shut(self) -> Iterator[None]:
        self._opened.clear()
        try:
            yield
        finally:
            self._opened.set()


@pytest.mark.parametrize("often", [1, 40])
def test_what_is_in_memory_is_told_while_the_store_does_not_answer(store: Store, often: int) -> None:
    gate, country = _Gate(), Country(store)
    country.count(country.mesas[:3], minute(1))
    country.count(country.mesas[3:5], minute(2))
    event.listen(store.engine, "before_cursor_execute", gate.pass_through)
    app = create_app(store, ELECTIONS, options=LEISURELY)
    with served(app) as address, ThreadPoolExecutor(len(_STORED) * often) as visitors:

        def ask(path: str) -> int:
            return httpx.get(f"http://{address}{path}", timeout=2 * PATIENCE_S).status_code

        with gate.shut():
            asked = [visitors.submit(ask, f"{BASE}{path}") for path in _STORED * often]
            wait_until(lambda: gate.waiting >= 3)
            told = {path: ask(path) for path in _KNOWN}
            assert gate.waiting >= 3
        assert told == dict.fromkeys(_KNOWN, 200)
        assert all(one.result() in (200, 404, 503) for one in asked)
