"""What the API's description promises, held against every answer a test is given."""

import re
from contextlib import closing
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from tally.storage.store import Store
from tests.api.mission.messages import gateway as texts

_KINDS = ("application/json", "application/problem+json")


def _is_whole(_: TypeChecker, value: Any) -> bool:
    """Whether it is written as a whole number; "3.0" is none."""
    return isinstance(value, int) and not isinstance(value, bool)


_Strict = extend(Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole))


class Promises:
    """The schemas of a description, by method, path and status."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._components = description["components"]
        found = [
            (method.upper(), re.compile(re.sub(r"\\{[^}]*\\}", ".+", re.escape(path))), operation["responses"])
            for path, methods in description["paths"].items()
            for method, operation in methods.items()
        ]
        # What a path names itself goes before what it only allows.
        self._operations = sorted(found, key=lambda one: -len(one[1].pattern.replace(".+", "")))
        self.schema = cache(self._schema)

    def hold(self, answer: httpx.Response) -> None:
        """Return if the answer is as described, or is none that is.

        Raises: ValidationError: its body is not of the schema. AssertionError: it is of another type.
        """
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind in _KINDS and answer.request.method != "HEAD":
            validator = self.schema(answer.request.method, answer.request.url.path, str(answer.status_code), kind)
            if validator is not None:
                validator.validate(answer.json())

    def _schema(self, method: str, path: str, status: str, kind: str) -> Validator | None:
        """What is promised there; None where nothing is described."""
        for known, pattern, responses in self._operations:
            if known == method and pattern.fullmatch(path):
                content = (responses.get(status) or responses["default"])["content"]
                assert kind in content, f"{method} {path} says nothing of {kind} at {status}"
                return _Strict({**content[kind]["schema"], "components": self._components})
        return None


class HoldingClient(httpx.Client):
    """A client that takes no answer but what is promised; what it streams is not looked at."""

    def request(self, *args: Any, **options: Any) -> httpx.Response:
        """The answer."""
        answer = super().request(*args, **options)
        promises().hold(answer)
        return answer


@cache
def promises() -> Promises:
    """The promises of an application that has every route."""
    with closing(Store.open("sqlite://")) as store:
        return Promises(
            create_app(
                store, {}, options=ServeOptions(relay_token="x" * 16, mission=MissionOptions(**texts.options()))
            ).openapi()
        )
