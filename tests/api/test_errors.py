"""What cannot be answered is answered with a problem document that says why."""

import json
from typing import Any

import httpx
import msgspec
import pytest

from api.http.errors import STATUS, Problem, status_of
from api.http.listening import bind
from api.main import create_app
from tally import errors
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country
from tests.waiting import wait_until


def problem(answer: httpx.Response) -> Any:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body == msgspec.to_builtins(msgspec.json.decode(answer.content, type=Problem))
    assert body["status"] == answer.status_code
    assert "Traceback" not in answer.text
    return body


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/elections/2001-01-01-nobody",
        BASE + "/areas/department/99",
        BASE + "/areas/mesa/000001",
        BASE + "/areas/nonsense",
        BASE + "/places/none",
        BASE + "/mesas/999999",
        BASE + "/state?topic=everything",
        BASE + "/state/99",
        BASE + "/state/0",
        BASE + "/timeline?key=district/999999",
        BASE + "/results?level=mesa&within=district/999999",
        BASE + "/places?within=place/1401011",
        "/api/v1/unknown",
        "/api",
        "/unknown",
        "/",
    ],
)
def test_what_does_not_exist_is_404(untouched: httpx.Client, path: str) -> None:
    answer = untouched.get(path)
    assert answer.status_code == 404
    assert problem(answer)["instance"] == path.partition("?")[0]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("/results?level=street", "'nation', 'scope', 'department'"),
        ("/results", "level"),
        ("/results?level=nation&format=xml", "'json', 'csv' or 'spreadsheet'"),
        ("/results?level=nation&at=yesterday", "2026-06-13T19:05:18Z"),
        ("/results?level=nation&within=mesa/000001", "area or a polling place"),
        ("/search?q=", "q"),
        ("/search?q=a&limit=1000", "limit"),
        ("/state/abc", "seq"),
        ("/changes?epoch=x", "from"),
        ("/timeline?key=mesa/000001", "mesas/000001"),
        ("/state?" + "&".join(f"topic=mesa/{n:06}" for n in range(17)), "at most 16"),
    ],
)
def test_what_cannot_be_read_is_422_and_says_what_can(untouched: httpx.Client, query: str, says: str) -> None:
    answer = untouched.get(BASE + query)
    assert answer.status_code == 422
    assert says in problem(answer)["detail"]


def test_a_wrong_method_is_405(untouched: httpx.Client) -> None:
    answer = untouched.post("/api/v1/elections")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert "GET" in problem(answer)["detail"]


def test_head_is_a_get_without_its_body(untouched: httpx.Client) -> None:
    got, asked = untouched.get(BASE + "/state"), untouched.head(BASE + "/state")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["etag"] == got.headers["etag"]


def test_every_answer_carries_the_plain_headers(untouched: httpx.Client) -> None:
    for path in (BASE, "/healthz", "/unknown", BASE + "/state/99"):
        headers = untouched.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_public_data_may_be_read_by_any_page_and_only_read(untouched: httpx.Client) -> None:
    assert untouched.get(BASE).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in untouched.post(BASE).headers
    assert "access-control-allow-origin" not in untouched.get("/healthz").headers


def test_an_unexpected_failure_shows_nothing_of_itself(store: Store) -> None:
    Country(store)
    app = create_app(store, ELECTIONS, options=QUICK)

    @app.get("/api/v1/broken")
    async def broken() -> None:
        raise ValueError("secret")

    with client_of(app) as client:
        answer = client.get("/api/v1/broken")
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert problem(answer)["title"] == "Internal Server Error"


def test_every_known_error_has_a_number() -> None:
    assert status_of(errors.LeaseLost("x")) == STATUS[errors.StoreError] == 503
    assert status_of(errors.UnknownElection("x")) == 404
    assert status_of(errors.InvalidInput("x")) == 422
    assert status_of(errors.CountInconsistent("x")) == 500


@pytest.mark.parametrize(
    "path", ["/corrections?before={}", "/heads?after={}", "/state/{}", "/why?before={}", "/changes?epoch=x&from={}"]
)
def test_a_number_no_database_can_hold_is_refused(untouched: httpx.Client, path: str) -> None:
    assert problem(untouched.get(BASE + path.format(2**70)))["status"] == 422


def test_the_description_has_a_shape_for_every_answer(untouched: httpx.Client) -> None:
    document = untouched.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                bodies = answer.get("content", {}).values()
                assert bodies or status == "204", (method, path, status)
                assert all(one.get("schema") for one in bodies) or path.startswith("/api/v1/geometry/"), (method, path)
    assert "http" not in json.dumps(document.get("servers", []))


def test_a_taken_port_is_one_sentence() -> None:
    taken = bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(errors.PortTaken, match=f"port {port} on 127.0.0.1 is in use"):
        bind("127.0.0.1", port)
    taken.close()
    with pytest.raises(errors.InvalidInput, match="cannot serve on"):
        bind("203.0.113.1", 0)


def test_a_store_without_a_count_serves_but_is_not_ready(store: Store) -> None:
    with client_of(create_app(store, ELECTIONS, options=QUICK), is_ready=False) as client:
        assert client.get("/healthz").status_code == 200
        assert problem(client.get("/readyz"))["status"] == 503
        wait_until(lambda: client.get(BASE).status_code == 404)
        assert client.get("/api/v1/elections").json() == []
        Country(store)  # a count that appears later is noticed
        wait_until(lambda: client.get("/readyz").status_code == 200)
        assert client.get(BASE).json()["id"] in ELECTIONS
