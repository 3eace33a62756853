"""Dash's own addresses asked for what no page of ours asks: a refusal, never an error of the server."""

import json
from typing import Any

import pytest

UPDATES = "/_dash-update-component"
ROUTE = {"path": "/", "search": "", "language": "es"}
ASKED = {
    "output": "view.data",
    "outputs": {"id": "view", "property": "data"},
    "inputs": [{"id": "route", "property": "data", "value": ROUTE}],
    "changedPropIds": ["route.data"],
}
INPUT = ASKED["inputs"][0]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        5,
        {**ASKED, "output": "x.y"},
        {**ASKED, "outputs": []},
        {**ASKED, "outputs": {"id": "x", "property": "y"}},
        {**ASKED, "inputs": []},
        {**ASKED, "inputs": [INPUT, INPUT]},
        {**ASKED, "inputs": [{**INPUT, "id": "other"}]},
        {**ASKED, "inputs": [{**INPUT, "value": 5}]},
        {**ASKED, "inputs": [{**INPUT, "value": {**ROUTE, "path": 5}}]},
        {**ASKED, "inputs": [{**INPUT, "value": {**ROUTE, "more": 5}}]},
        {**ASKED, "inputs": [{**INPUT, "value": {**ROUTE, "at": "now"}}]},
        {**ASKED, "changedPropIds": 5},
        {**ASKED, "changedPropIds": ["x"]},
        {**ASKED, "state": 5},
    ],
)
def test_an_update_that_no_page_asks_for_is_refused(client: Any, body: Any) -> None:
    assert client.post(UPDATES, data=json.dumps(body), content_type="application/json").status_code == 400


@pytest.mark.parametrize("body", [b"", b"\xff", b"[[[", b'{"output": "\\ud800"}'])
def test_what_is_not_json_is_refused(client: Any, body: bytes) -> None:
    assert client.post(UPDATES, data=body, content_type="application/json").status_code == 400


def test_what_is_far_too_long_is_refused(client: Any) -> None:
    body = json.dumps({**ASKED, "output": "x" * 100_000})
    assert client.post(UPDATES, data=body, content_type="application/json").status_code == 413


@pytest.mark.parametrize("path", ["/", "/\0", "/../../x", "/areas/" + "9" * 5000, "/?at=x", "//", "/%"])
def test_what_a_page_asks_for_is_answered_whatever_its_path(client: Any, path: str) -> None:
    asked = {**ASKED, "inputs": [{**INPUT, "value": {**ROUTE, "path": path, "search": "?at=\0&lang=xx"}}]}
    assert client.post(UPDATES, data=json.dumps(asked), content_type="application/json").status_code == 200


def test_a_page_that_asks_in_place_says_when(client: Any) -> None:
    asked = {**ASKED, "inputs": [{**INPUT, "value": {**ROUTE, "at": 1_795_977_685_980}}]}
    assert client.post(UPDATES, data=json.dumps(asked), content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    "path", ["dash/x.js", "no/x.js", "dash/../x", "dash/deps/x.js.map", "dash_html/%00", "dash/.js"]
)
def test_a_file_that_is_not_there_is_not_found(client: Any, path: str) -> None:
    assert client.get(f"/_dash-component-suites/{path}").status_code == 404
