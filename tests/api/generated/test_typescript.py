"""A program on the types that openapi-typescript makes compiles, and understands a live server."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.api.generated.conftest import LiveServer

pytestmark = pytest.mark.node
_HERE, _TOOLS = Path(__file__).parent, Path(__file__).parents[3] / "node_modules"
_COMPILER = _TOOLS / "typescript-native" / "bin" / "tsc"
_OPTIONS = (
    "--strict",
    "--target",
    "es2022",
    "--module",
    "es2022",
    "--moduleResolution",
    "bundler",
    "--lib",
    "es2022,dom",
)


def run(*command: str | Path) -> str:
    """What a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def types(live_server: LiveServer, node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the types, for programs beside them."""
    folder = tmp_path_factory.mktemp("types")
    run(node, _TOOLS / "openapi-typescript" / "bin" / "cli.js", live_server.path, "-o", folder / "api.d.ts")
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def test_a_program_of_typed_questions_and_answers_compiles_and_runs(
    live_server: LiveServer, node: str, types: Path
) -> None:
    program = (_HERE / "program.ts").read_text()
    (types / "program.ts").write_text(f"declare const process: {{ argv: string[] }};\n{program}")
    run(node, _COMPILER, *_OPTIONS, "--outDir", types, types / "program.ts")
    election = live_server.get("/api/v1/elections").json()[0]["id"]
    told = json.loads(run(node, types / "program.js", live_server.base, election))
    nation = live_server.get(f"/api/v1/elections/{election}/areas/nation").json()
    assert (told["votes"], told["lists"]) == (nation["published"]["votes"], len(nation["published"]["votes"]))
    assert told["at"] == nation["published"]["source_at"]
    assert told["first"]["key"].startswith("mesa/")


def test_a_question_that_the_description_does_not_know_does_not_compile(node: str, types: Path) -> None:
    wrong = 'import type { operations } from "./api";\n'
    wrong += 'export const query: operations["read_results"]["parameters"]["query"] = { level: "county" };\n'
    (types / "wrong.ts").write_text(wrong)
    done = subprocess.run(
        [node, _COMPILER, "--noEmit", *_OPTIONS, types / "wrong.ts"], capture_output=True, check=False
    )
    assert b"'\"county\"' is not assignable" in done.stdout
