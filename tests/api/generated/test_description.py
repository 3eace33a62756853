"""The description is whole: valid, typed, each operation of one name, and with what is no plain request in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from texts.language import LANGUAGES

# What the mission's records hold, by the kind of the record; and GeoJSON, which has a standard of its own.
_OPEN = {"OpenValue", "features"}


def operations(description: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in description["paths"].items():
        for told in methods.values():
            yield path, told


def parts(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema in a schema, each with the name it stands under."""
    if isinstance(node, dict):
        yield name, node
        for key, below in node.items():
            if key not in ("default", "enum", "const", "required", "example"):
                yield from parts(below, name if key in ("items", "additionalProperties", "anyOf") else key)
    elif isinstance(node, list):
        for below in node:
            yield from parts(below, name)


def test_it_is_a_valid_description(description: Any) -> None:
    OpenAPIV31SpecValidator(description).validate()


def test_every_operation_has_a_short_name_of_its_own(description: Any) -> None:
    names = [told["operationId"] for _, told in operations(description)]
    assert len(names) == len(set(names)) > 100
    assert all(name.isidentifier() and len(name) < 40 for name in names)


def test_every_field_and_every_parameter_has_a_type(description: Any) -> None:
    said = {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const", "properties"}
    for name, schema in description["components"]["schemas"].items():
        for field, told in parts(schema.get("properties", {})):
            if name not in _OPEN and field not in ("properties", "") and isinstance(told, dict) and "title" not in told:
                assert told.keys() & said, (name, field, told)
            if isinstance(told, dict) and told.get("type") == "object" and "properties" not in told:
                assert isinstance(told["additionalProperties"], dict), (name, field)
    for path, told in operations(description):
        for parameter in told.get("parameters", ()):
            assert "$ref" in parameter or parameter["schema"].keys() & said, (path, parameter)
        for status, answer in told["responses"].items():
            for kind, content in answer.get("content", {}).items():
                assert content["schema"].keys() & said, (path, status, kind)


def test_no_two_schemas_have_one_name(description: Any) -> None:
    titles = [schema["title"] for schema in description["components"]["schemas"].values() if "title" in schema]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/elections/{election_id}/stream", "text/event-stream"),
        ("/api/v1/elections/{election_id}/contests/{contest_id}/stream", "text/event-stream"),
        ("/api/v1/elections/{election_id}/contests/stream", "text/event-stream"),
        ("/api/v1/elections/{election_id}/lead-changes/stream", "text/event-stream"),
        ("/embed/v1/{view}", "text/html"),
        ("/cards/{key}.png", "image/png"),
        ("/oembed", "application/json"),
        ("/data/index.json", "application/json"),
        ("/data/catalog.jsonld", "application/ld+json"),
        ("/prove.py", "text/x-python"),
        ("/llms.txt", "text/markdown"),
    ],
)
def test_streams_embeds_and_files_are_in_it_with_their_types(description: Any, path: str, kind: str) -> None:
    assert kind in description["paths"][path]["get"]["responses"]["200"]["content"]


def test_feeds_and_sockets_are_in_it_with_their_messages(description: Any) -> None:
    for path in ("/news.atom", "/contests/{contest_id}/news.atom"):
        told = description["paths"][path]["get"]
        assert told["parameters"][-1]["schema"]["enum"] == [*LANGUAGES]
        assert "application/atom+xml" in told["responses"]["200"]["content"]
    sockets = description["x-websockets"]
    assert {path.rpartition("/")[0] for path in sockets} == {
        "/api/v1/elections/{election_id}",
        "/api/v1/elections/{election_id}/contests/{contest_id}",
        "/api/v1/elections/{election_id}/contests",
        "/api/v1/elections/{election_id}/lead-changes",
        "/api/v1/elections/{election_id}/contests/{contest_id}/lead-changes",
    }
    for told in sockets.values():
        messages = description["x-messages"][told["messages"]["$ref"].rpartition("/")[2]]
        assert {"sub", "hello", "hb", "bye"} <= messages["$defs"].keys()
