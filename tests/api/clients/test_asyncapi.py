"""The description of the sockets: sound by AsyncAPI's own parser, and the same as what the protocol is held to."""

import json
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from api.routes.asyncapi import describe_sockets

_HERE = Path(__file__).parent
_ERROR = 0


@pytest.mark.node
def test_the_parser_of_asyncapi_takes_it_and_finds_every_message(node: str, untouched: httpx.Client) -> None:
    answer = untouched.get("/api/v1/asyncapi.json")
    assert answer.status_code == 200
    told = json.loads(
        subprocess.run(
            [node, _HERE / "parse_asyncapi.mjs"], input=answer.text, capture_output=True, text=True, check=True
        ).stdout
    )
    assert [one for one in told["complaints"] if one["severity"] == _ERROR] == []
    assert [one for one in told["complaints"] if "unused" in one["message"].lower()] == []
    found = {(one["address"], one["action"]): set(one["messages"]) for one in told["found"]}
    for path, name in (
        ("", "rt1"),
        ("/contests/{contest}", "rt1"),
        ("/contests", "contests1"),
        ("/lead-changes", "leads1"),
        ("/contests/{contest}/lead-changes", "leads1"),
    ):
        whole = json.loads((files("api.schemas") / f"{name}.json").read_text())
        kinds = {one["$ref"].rpartition("/")[2] for one in whole["oneOf"]}
        address = f"/api/v1/elections/{{election_id}}{path}/live"
        assert found[address, "receive"] == {"sub"}
        assert found[address, "send"] == kinds - {"sub"}
    assert len(found) == 10


def test_every_message_that_the_protocol_allows_its_description_allows_too() -> None:
    described = describe_sockets()
    for message, is_good in (
        ({"t": "bye", "code": 4001, "retry_ms": [1, 2], "reason": "x"}, True),
        ({"t": "bye", "code": 4001, "retry_ms": [1], "reason": "x"}, False),
        ({"t": "bye", "code": 4001, "retry_ms": ["a", 2], "reason": "x"}, False),
        ({"t": "hello", "v": 1, "epoch": "a", "seq": 0, "hb": 10, "is_test": True}, True),
        ({"t": "hello", "v": 1, "epoch": "", "seq": 0, "hb": 10, "is_test": True}, False),
        ({"t": "sub", "topics": ["nation"]}, True),
        ({"t": "sub", "topics": ["planet"]}, False),
    ):
        reference = {"$ref": f"#/components/schemas/rt1.{message['t']}", "components": described["components"]}
        assert Draft7Validator(_whole(reference)).is_valid(message) is is_good, message


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [{"$ref": schema["$ref"]}], "components": schema["components"]}
