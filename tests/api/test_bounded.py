"""What a public question may cost: nothing heavy on the loop, and no answer twice for a junk parameter."""

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

from api.http.answers import Representation
from api.http.errors import AtCapacity, Departed
from api.http.making import Makings
from api.http.pieces import PiecedAnswers
from api.http.workers import Turns, Workers, check_wanted, showing
from api.main import create_app
from api.routes import results
from dashboard.app import build
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize(
    "path",
    [
        "/elections", BASE.removeprefix("/api/v1"), "/state?topic=nation", "/results?level=mesa", "/areas/nation",
        "/queue", "/corrections", "/why?key=nation", "/heads", "/search?q=lima", "/incidents", "/timeline?key=nation",
    ],
)  # fmt: skip
def test_a_parameter_that_means_nothing_is_refused(client: httpx.Client, path: str) -> None:
    path = f"/api/v1{path}" if path.startswith("/elections") else BASE + path
    good = client.get(path)
    assert good.status_code == 200, good.text
    answer = client.get(f"{path}{'&' if '?' in path else '?'}utm_source=x")
    assert answer.status_code == 400
    assert "a parameter that it does not know" in answer.json()["detail"]
    assert "utm_source" not in answer.json()["detail"]


def test_rows_are_chosen_by_a_worker_and_once_a_version(
    client: httpx.Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str]()

    def chosen(*arguments: Any) -> Any:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        made.append(str(arguments[0].seq))
        return select_keys(*arguments)

    select_keys = results.select_keys
    monkeypatch.setattr(results, "select_keys", chosen)
    bodies = [client.get(f"{BASE}/results?level=mesa{more}").content for more in ("", "&format=json", "")]
    assert len(set(bodies)) == 1
    assert len(made) == 1
    country.count(country.mesas[-1:], minute(9))
    later = country.writer.seq
    while client.get(f"{BASE}/results?level=mesa").json()["seq"] < later:
        pass
    assert len(set(made)) == len(made) == 2


@pytest.mark.parametrize("path", ["/", "/area/department/14", "/place/1401011", "/queue", "/corrections?kind=hold"])
def test_a_shared_link_is_the_same_page(store: Store, country: Country, path: str) -> None:
    made = list[str]()

    def counted(read: Any, **about: Any) -> Any:
        pages = build(lambda address: made.append(address) or read(address), **about)
        return pages

    with client_of(create_app(store, ELECTIONS, dashboard=counted, options=QUICK)) as client:
        first = client.get(path)
        assert first.status_code == 200
        reads = len(made)
        shared = client.get(f"{path}{'&' if '?' in path else '?'}fbclid=x&utm_source=y&lang=es&lang=en")
        same = client.get(f"{path}{'&' if '?' in path else '?'}lang=es")
        assert shared.content == same.content
        assert {"fbclid", "utm_source"}.isdisjoint(re.findall(r"\w+", shared.text))
        assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        assert len(made) == 2 * reads  # "/" and "/?lang=es", each once
        country.count(country.mesas[-1:], minute(9))
        while client.get(path).headers["etag"] == first.headers["etag"]:
            pass


def test_pages_of_the_past_hold_up_none_of_the_present(store: Store, country: Country) -> None:
    gate, hours = threading.Event(), range(10, 20)

    class Pages:
        """Those of the past take as long as they like."""

        @staticmethod
        def server(environ: dict[str, Any], start: Any) -> list[bytes]:
            if "at=" in environ["QUERY_STRING"]:
                gate.wait(PATIENCE_S)
            start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [b"a page"]

    app = create_app(store, ELECTIONS, dashboard=lambda *_, **__: Pages, options=QUICK)
    with client_of(app) as client, ThreadPoolExecutor(len(hours)) as others:
        try:
            asked = [others.submit(client.get, f"/?at=2021-06-06T{hour}:00:00Z") for hour in hours]
            assert client.get("/queue").text == "a page"
            assert not any(one.done() for one in asked)
        finally:
            gate.set()
        assert {one.result().status_code for one in asked} == {200}


def test_the_past_gives_way_to_what_is_shown_now_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.workers._MOST_S", PATIENCE_S)

    async def work(workers: Workers, seconds: float) -> bool:
        worked = threading.Event()
        with showing:
            working = asyncio.ensure_future(workers.run(worked.set, ""))
            has_worked = await asyncio.to_thread(worked.wait, seconds)
        await working
        return has_worked

    assert asyncio.run(work(Workers(1), PATIENCE_S))
    assert not asyncio.run(work(Workers(1, is_last=True), 0.02))


def test_every_address_has_its_turn_and_none_takes_all_places() -> None:
    async def line_up() -> tuple[list[str], list[str]]:
        turns, served, refused = Turns(1, places=4), list[str](), list[str]()
        await turns.take("busy")

        async def wait(address: str) -> None:
            try:
                await turns.take(address)
            except AtCapacity:
                refused.append(address)
                return
            served.append(address)
            turns.give_back()

        tasks = [asyncio.ensure_future(wait(address)) for address in ("a", "a", "a", "a", "a", "b", "c")]
        await asyncio.sleep(0)
        turns.give_back()
        await asyncio.gather(*tasks)
        return served, refused

    served, refused = asyncio.run(line_up())
    assert served == ["a", "b", "c", "a"]
    assert refused == ["a", "a", "a"]


def test_what_nobody_waits_for_is_given_up_and_its_worker_is_free_again() -> None:
    async def leave() -> str:
        makings, begun, ended = Makings[str](Workers(1), 4), threading.Event(), threading.Event()

        def endless() -> str:
            begun.set()
            try:
                while True:
                    check_wanted()
            finally:
                ended.set()

        asking = asyncio.ensure_future(makings.get("key", endless))
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        asking.cancel()
        assert await asyncio.to_thread(ended.wait, PATIENCE_S)
        with suppress(asyncio.CancelledError):
            await asking
        return await makings.get("key", lambda: "made")

    assert asyncio.run(leave()) == "made"


def test_a_large_answer_grows_once_for_all_and_is_given_up_with_its_last_reader() -> None:
    async def read() -> tuple[list[bytes], bool]:
        pieced, made, gate, ended = PiecedAnswers(Workers(1)), list[int](), threading.Event(), threading.Event()

        def write() -> Any:
            made.append(1)
            yield b"x" * 10
            gate.wait(PATIENCE_S)
            yield b"y"

        answer = pieced.make("key", Representation(b"", None, "1"), write)
        readers = [asyncio.ensure_future(_all(answer)) for _ in range(3)]
        await asyncio.sleep(0)
        assert pieced.find("key", "2") is answer  # a newer version waits for the one that is being made
        gate.set()
        bodies = await asyncio.gather(*readers)
        assert (len(made), pieced.find("key", "1")) == (1, answer)

        def endless() -> Any:
            try:
                while True:
                    check_wanted()
                    yield b""
            except Departed:
                ended.set()
                raise

        given_up = pieced.make("other", Representation(b"", None, "1"), endless)
        reader = asyncio.ensure_future(_all(given_up))
        await asyncio.sleep(0.01)
        reader.cancel()
        return bodies, await asyncio.to_thread(ended.wait, PATIENCE_S)

    async def _all(answer: Any) -> bytes:
        return b"".join([piece async for piece in answer.read()])

    bodies, was_ended = asyncio.run(read())
    assert len(set(bodies)) == 1
    assert was_ended
