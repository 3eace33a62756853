"""A client made by openapi-python-client asks every address that answers, and reads every answer whole."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.api.generated.conftest import HOME, LiveServer

_GENERATOR = Path(sys.executable).with_name("openapi-python-client")
_CONFIG = Path(__file__).parents[3] / "docs" / "clients" / "openapi-python-client.yml"
_PACKAGE = "escrutinio_client"
# Of these there is nothing here: no audit, no flag, no photo, nobody's place to be; and a stream does not end.
_NOT_THERE = {"read_incident", "export_audit", "read_audit", "read_flag", "read_photo"}
# No set of files was made, and no election before is here.
_NOT_THERE |= {"read_file", "read_map_changes", "read_previous", "read_previous_of_contest"}
# No quick count was drawn, and nobody answered a form.
_NOT_THERE |= {"read_quick_count", "list_units", "read_mesa_copies", "read_comparisons", "read_arrival"}
_NOT_THERE |= {"read_estimate", "read_copy_photo", "read_frame_mesas", "read_response_of", "read_response_photo"}
_NOT_THERE |= {"read_published", "read_published_of_contest", "read_guide"}
_ENDLESS = {"read_stream", "read_stream_of_contest", "stream_contests"}
_ENDLESS |= {"stream_lead_changes", "stream_lead_changes_of_contest"}


@pytest.fixture(scope="module")
def generated(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The client's package."""
    folder = tmp_path_factory.mktemp("generated")
    made = subprocess.run(
        [_GENERATOR, "generate", "--path", live_server.path, "--config", _CONFIG, "--output-path", folder / "client"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder / "client"))
    yield importlib.import_module(_PACKAGE)
    sys.path.remove(str(folder / "client"))
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]


def operations(package: ModuleType) -> Iterator[ModuleType]:
    """The module of each operation."""
    for found in pkgutil.walk_packages(importlib.import_module(f"{package.__name__}.api").__path__, f"{_PACKAGE}.api."):
        if not found.ispkg:
            yield importlib.import_module(found.name)


def known(server: LiveServer) -> dict[str, Any]:
    """A good value of every parameter that has to be given."""
    election = server.get("/api/v1/elections").json()[0]["id"]
    base = f"/api/v1/elections/{election}"
    meta, heads = server.get(base).json(), server.get(f"{base}/heads").json()["heads"]
    place = server.get(f"{base}/results?level=polling_place").json()["rows"][0]
    layer = server.get("/api/v1/geometry").json()["layers"]["department"]["low"].rpartition("/")[2].split(".")
    return {
        "election_id": election,
        "contest_id": meta["contest"]["id"],
        "epoch": meta["epoch"],
        "seq": meta["seq"],
        "key": "nation",
        "code": place["code"],
        "within": f"district/{place['ubigeo']}",
        "mesa": "000001",
        "q": "lima",
        "from_": heads[0]["size"],
        "to": heads[-1]["size"],
        "name": layer[0],
        "digest": layer[1],
        "form": "opening",
        "view": "map",
        "url_query": f"{HOME}/",
    }


def arguments(name: str, module: ModuleType, values: dict[str, Any]) -> dict[str, Any]:
    """What an operation has to be given; of what is not known, something that is nowhere."""
    asked = inspect.signature(module._get_kwargs).parameters
    given = {one: values.get(one, "1") for one, about in asked.items() if about.default is inspect.Parameter.empty}
    if "from_" in given and "to" not in given:
        given["from_"] = values["seq"]  # a version; with another end it is a size of the archive's log
    if "level" in given:
        given["level"] = asked["level"].annotation("district")
    return given


def written(parsed: Any) -> Any:
    """What the client read, as JSON again."""
    return [written(one) for one in parsed] if isinstance(parsed, list) else parsed.to_dict()


def test_every_get_of_the_description_is_called_and_its_answer_read_whole(
    live_server: LiveServer, generated: ModuleType
) -> None:
    values, called = known(live_server), set[str]()
    with generated.Client(base_url=live_server.base, cookies={"escrutinio_session": live_server.session}) as client:
        for module in operations(generated):
            name = module.__name__.rpartition(".")[2]
            if '"method": "get"' in inspect.getsource(module._get_kwargs) and name not in _ENDLESS:
                answer = module.sync_detailed(client=client, **arguments(name, module, values))
                called.add(name)
                assert answer.status_code in ((404, 422) if name in _NOT_THERE else (200, 204)), (name, answer.content)
                if answer.headers.get("content-type", "").partition(";")[0].endswith("json"):
                    assert written(answer.parsed) == json.loads(answer.content), name
    gets = {told["get"]["operationId"] for told in live_server.description["paths"].values() if "get" in told}
    assert called == gets - _ENDLESS
