"""Every answer with figures of a count says at its head when we published them and of when the source says they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.http.policy import COUNTS, INTAKE, MISSION

_CLOCKS = {"as_of", "source_at"}
_NONE = "no figure of the count"
_OWN = "figures of the mission's, not of the source's, with their own clock"
_SEAL = "the archive's: a seal has a clock of its own"
# Why an answer has not both. Of counts by what comes after the count's address; a route that is new stands with its
# clocks, or here.
_WITHOUT: Mapping[str, str] = {
    "/search": _NONE,
    "/places": _NONE,
    "/changes": "each change has its `at`, and its values the source's stamp",
    "/nist.json": "NIST SP 1500-100 says when: GeneratedDate",
    "/proof": "the log's line that it proves has the version's moment, and the source's bytes theirs",
    "/head": _SEAL,
    "/heads": _SEAL,
    "/consistency": _SEAL,
    "/incidents": _OWN,
    "/quick-count": _OWN,
    "/api/v1": _NONE,
    "/api/v1/elections": _NONE,
    "/api/v1/geometry": _NONE,
    "/api/v1/geometry/{name}.{digest}.json": _NONE,
    "/api/v1/geometry/outlines/{key}": _NONE,
    "/healthz": _NONE,
    "/readyz": _NONE,
    "/oembed": "oEmbed has no such fields; what it embeds says both",
    "/data/index.json": "each set has its `as_of`; the source's stamps stand in the rows of its files",
    "/data/{election_id}/{contest_id}/{version}/{name}": "the manifest has `as_of`, rows the source's stamps",
}


def test_every_answer_with_figures_has_both_clocks_or_a_reason(description: Any) -> None:
    without, found = set[str](), 0
    for path, schema in _answers(description):
        heads = _heads(description, schema)
        assert heads, path
        if all(head.keys() >= _CLOCKS for head in heads):
            found += 1
        else:
            without.add(path)
    assert without == _WITHOUT.keys()
    assert found > 20


def _answers(description: Any) -> Iterator[tuple[str, Any]]:
    """What is answered in JSON to whoever asks; of the mission's own, which nobody else reads, nothing."""
    for path, methods in description["paths"].items():
        form = (
            methods.get("get", {"responses": {}})["responses"].get("200", {}).get("content", {}).get("application/json")
        )
        if form is not None and not path.startswith((f"{MISSION}/", INTAKE)):
            base = next((base for base in reversed(COUNTS) if path.startswith(f"{base}/")), "")
            yield path.removeprefix(base), form["schema"]


def _heads(description: Any, schema: Any) -> list[Mapping[str, Any]]:
    """The fields of an answer, of each form that it may have; of a list those of its items."""
    if "$ref" in schema:
        return _heads(description, description["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return [head for one in schema["anyOf"] for head in _heads(description, one)]
    return _heads(description, schema["items"]) if "items" in schema else [schema.get("properties", {})]
