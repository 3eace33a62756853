"""What strangers may send to Dash's own addresses: the one update our pages ask for, and files that are there.

Dash answers anything else with an error of the server and a traceback in the log.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from dash.exceptions import DashException
from flask import Flask, Response, abort, request
from msgspec import Struct

from dashboard import ids

UPDATES = "/_dash-update-component"
_SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
# An update names a path and its query.
_MOST_BYTES = 64 * 1024
_DATA = "data"


class _Route(Struct, forbid_unknown_fields=True):
    path: str
    search: str
    language: str
    at: float | None = None  # when the same page was asked for once more


class _Target(Struct, forbid_unknown_fields=True, rename={"of": "property"}):
    id: str
    of: str

    @property
    def name(self) -> str:
        """As Dash writes it."""
        return f"{self.id}.{self.of}"


class _Input(_Target, forbid_unknown_fields=True):
    value: _Route


class _Update(Struct, forbid_unknown_fields=True, rename="camel"):
    """The body of an update as dash-renderer writes it."""

    output: str
    outputs: _Target
    inputs: tuple[_Input]
    changed_prop_ids: list[str]
    parsed_changed_props_ids: list[str] = []

    def is_ours(self) -> bool:
        """Whether it asks for a page by a route, which is all there is to ask for."""
        page, route = f"{ids.VIEW}.{_DATA}", f"{ids.ROUTE}.{_DATA}"
        given = {*self.changed_prop_ids, *self.parsed_changed_props_ids, self.inputs[0].name}
        return self.output == self.outputs.name == page and given == {route}


def add_refusals(server: Flask) -> None:
    """Answer 400 to what no page of ours sends, and 404 where no such file is."""
    server.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    server.before_request(_check_update)
    server.view_functions[_SUITES] = _missing_is_404(server.view_functions[_SUITES])


def _check_update() -> None:
    if request.path != UPDATES or request.method != "POST":
        return
    try:
        update = msgspec.json.decode(request.get_data(), type=_Update)
    except msgspec.DecodeError:
        abort(400)
    if not update.is_ours():
        abort(400)


def _missing_is_404(serve: Callable[..., Any]) -> Callable[..., Any]:
    def answer(package_name: str, fingerprinted_path: str) -> Response:
        try:
            found: Response = serve(package_name, fingerprinted_path)
        except (DashException, OSError, ValueError):
            abort(404)
        return found

    return answer
