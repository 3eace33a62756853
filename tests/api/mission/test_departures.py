"""Whoever leaves in the middle of a request: nobody is to be told, and nothing of ours has failed."""

import asyncio
from typing import Any

from mission.people.roles import Role
from tally.storage.store import Store
from tests.api.country import Country
from tests.api.mission.conftest import MISSION, add, make_app


def test_half_a_sign_in_is_no_failure_of_ours(store: Store, country: Country) -> None:
    add(store.engine, "root", Role.ADMIN)
    app, path = make_app(store), f"{MISSION}/session"
    headers = [
        (b"host", b"localhost"),
        (b"origin", b"http://localhost"),
        (b"content-length", b"900"),
        (b"content-type", b"application/json"),
    ]
    begun = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope = {**begun, "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 9), "headers": headers}
    messages = iter([{"type": "http.request", "body": b'{"na', "more_body": True}, {"type": "http.disconnect"}])
    sent: list[int] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message.get("status", 0))

    asyncio.run(app(scope, receive, send))
    assert sent[0] == 408
