"""Whatever strangers send to pages, to Dash and to the API: no answer fails, and none tells where we live."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from api.main import create_app
from dashboard.app import build
from dashboard.refusals import UPDATES
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of
from tests.api.country import ELECTION, Country, minute
from tests.databases import sqlite_in

_PAGES = (
    "/",
    "/queue",
    "/timeline",
    "/corrections",
    "/methods",
    "/mission",
    "/area/{key}",
    "/place/{code}",
    "/mesa/{mesa}",
)
_DASH = (
    UPDATES, "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/_dash-component-suites/{name}/{name}",
    "/_favicon.ico", "/assets/{name}", "/bundle/{name}", "/vendor/{name}",
)  # fmt: skip
# A stream has no end; metrics are the operator's.
_ASIDE = ("/stream", "/metrics", "/live")
_KNOWN = {
    "election_id": ELECTION.id, "key": "department/14", "code": "1401011", "mesa": "000001", "seq": "2", "view": "map",
    "name": "dash", "digest": "0", "level": "mesa", "topic": "districts", "within": "department/14", "lang": "en",
    "at": minute(5), "format": "csv", "epoch": "x", "from": "1", "to": "2", "limit": "5", "before": "3", "q": "lima",
    "kind": "hold", "state": "at_jee", "reason": "no_signatures", "theme": "dark", "area": "nation", "url": "/",
    "most": "5", "after": "0", "v": "x", "incidents": "1", "utm_source": "x",
}  # fmt: skip
_ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "9" * 30,
        "nation",
        "../../etc/passwd",
        "%00",
        "\x00",
        "'",
        '"><script>',
        "ñ漢🙂",
        "a" * 300,
        "2030-13-01",
    ]
) | st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)


@st.composite
def _questions(draw: DrawFn, paths: list[str]) -> tuple[str, str, str]:
    path, named = draw(st.sampled_from(paths)), dict(_KNOWN)
    for name in draw(st.lists(st.sampled_from(sorted(_KNOWN)), max_size=3)):
        named[name] = draw(_ODD)
    for name, value in named.items():
        for form in (f"{{{name}}}", f"{{{name}:path}}"):
            path = path.replace(form, quote(value, safe="/" if form.endswith(":path}") else ""))
    asked = draw(st.lists(st.sampled_from(sorted(_KNOWN)), max_size=4))
    method = draw(st.sampled_from(["GET", "GET", "GET", "POST"]))
    return method, f"{path}?{urlencode([(name, named[name]) for name in asked])}", draw(_ODD)


@pytest.fixture(scope="module")
def asked(
    tmp_path_factory: pytest.TempPathFactory, geometry: Geometry
) -> Iterator[tuple[httpx.Client, list[str], Path]]:
    """A client of everything we serve, all its public addresses, and where its data lie."""
    folder = tmp_path_factory.mktemp("strangers")
    store = Store.open(sqlite_in(folder))
    country = Country(store)
    country.count(country.mesas[:20], minute(5))
    country.count(country.mesas[:2], minute(6), (70, 60))
    app = create_app(store, ELECTIONS, geometry=geometry, dashboard=build, options=QUICK)
    routes = {route.path_format or "" for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ())}
    paths = sorted(path for path in routes if "/mission" not in path and not path.endswith(_ASIDE))
    with client_of(app) as client:
        yield client, [*paths, *_PAGES, *_DASH], folder
    store.close()


def test_no_answer_fails_and_none_tells_where_we_live(asked: tuple[httpx.Client, list[str], Path]) -> None:
    client, paths, folder = asked
    secrets = [str(folder), str(Path.cwd()), "site-packages", "Traceback", "sqlite:", "postgresql:", "127.0.0.1"]
    seen = set[int]()

    @settings(max_examples=250, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(_questions(paths))
    def ask(question: tuple[str, str, str]) -> None:
        method, address, body = question
        answer = client.request(method, address, content=body.encode() if method == "POST" else None)
        seen.add(answer.status_code)
        # Of a form that nobody speaks the specification of oEmbed wants 501.
        assert answer.status_code < 500 or (answer.status_code, address[:7]) == (501, "/oembed"), answer.text
        told = answer.text + str(answer.headers)
        assert not [secret for secret in secrets if secret in told], (address, told[:500])

    ask()
    assert {200, 400, 404, 422} <= seen
