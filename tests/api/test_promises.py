"""The tests' own client notices whatever is not as the API describes it."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.openapi.utils import get_openapi
from jsonschema import ValidationError

from api.http.components import make_components
from api.main import create_app
from api.routes.description import answers_of
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS
from tests.api.promises import promises


def lose(body: Any) -> None:
    del body["computed"]["votes"]


def add(body: Any) -> None:
    body["computed"]["more"] = 1


def add_beside(body: Any) -> None:
    body["more"] = 1


def break_number(body: Any) -> None:
    body["changed_seq"] = 1.0


def misname(body: Any) -> None:
    body["level"] = "county"


@pytest.mark.parametrize("harm", [lose, add, add_beside, break_number, misname])
def test_an_answer_with_another_member_or_value_is_noticed(
    untouched: httpx.Client, harm: Callable[[Any], None]
) -> None:
    answer = untouched.get(f"{BASE}/areas/department/14")
    body = answer.json()
    promises().hold(httpx.Response(200, json=body, request=answer.request))
    harm(body)
    with pytest.raises(ValidationError):
        promises().hold(httpx.Response(200, json=body, request=answer.request))


def test_a_value_may_be_of_a_log_that_an_older_program_wrote(untouched: httpx.Client) -> None:
    answer = untouched.get(f"{BASE}/areas/department/14")
    for issue in ({"en": "no", "es": "no", "rule": "negative"}, {"figures": {"n": 1}, "rule": "negative"}):
        body = {**answer.json(), "held": [issue]}
        promises().hold(httpx.Response(200, json=body, request=answer.request))


def test_an_answer_of_another_type_is_noticed(untouched: httpx.Client) -> None:
    request = untouched.get(f"{BASE}/areas/nation").request
    with pytest.raises(AssertionError, match="says nothing of application/problem"):
        promises().hold(
            httpx.Response(200, text="{}", headers={"Content-Type": "application/problem+json"}, request=request)
        )


def test_every_schema_is_named_once_closed_and_whole(untouched: httpx.Client) -> None:
    document = untouched.get("/openapi.json").text
    schemas = json.loads(document)["components"]["schemas"]
    for name, schema in schemas.items():
        assert name.isidentifier(), "two classes of one name"
        assert f'"#/components/schemas/{name}"' in document, f"nothing answers with a {name}"
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) <= schema["properties"].keys()
        assert schema["description"]
    assert "x-any-of" not in document
    assert "x-beside" not in document


def test_a_vocabulary_is_the_same_in_questions_and_answers(store: Store) -> None:
    app = create_app(store, ELECTIONS)
    asked = get_openapi(title="", version="", routes=app.routes)["components"]["schemas"]
    _, told = make_components(dict(answers_of(app)).values())
    shared = asked.keys() & told.keys()
    assert {"Level", "State", "Severity", "Category"} <= shared
    for name in shared:
        assert sorted(asked[name]["enum"]) == sorted(told[name]["enum"])
