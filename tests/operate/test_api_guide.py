"""docs/api-guide.md: every example of it that a machine with Python, Node, R and curl runs, against a live server."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.main import create_app
from api.options import ServeOptions
from bench.soaks.archive import make_evidence
from ingest.registry import known_elections
from tally.storage.store import Store
from tests.api.conftest import served
from tests.operate.documents import PROJECT, Block, blocks_of

_GUIDE = PROJECT / "docs" / "api-guide.md"
_HOME = "http://127.0.0.1:8000"
_PROGRAMS = {
    "sh": (shutil.which("bash") or "bash", "-euo", "pipefail", "-c"),
    "python": (sys.executable, "-c"),
    "js": ("node", "--input-type=module", "-e"),
    "r": ("Rscript", "--vanilla", "-e"),
}
# The fixture and the mark of what not every machine has.
_NEEDED = {"js": ("node", pytest.mark.node), "r": ("rscript", pytest.mark.r)}
_BLOCKS = [
    pytest.param(block, id=f"{block.mark}-{block.line}", marks=_NEEDED.get(block.mark, ())[1:])
    for block in blocks_of(_GUIDE)
    if block.mark in _PROGRAMS
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a server that follows a small count of the election that the guide names."""
    folder = make_evidence(tmp_path_factory.mktemp("guide") / "whole", 10, (3, 720))
    with closing(Store.open(f"sqlite:///{folder / 'count.db'}")) as store:
        options = ServeOptions(poll_s=0.02, archive=folder / "archive")
        with served(create_app(store, known_elections(), options=options)) as found:
            yield f"http://{found}"


@pytest.mark.parametrize("block", _BLOCKS)
def test_an_example_runs_as_it_stands_and_says_something(
    address: str, block: Block, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if block.mark in _NEEDED:
        request.getfixturevalue(_NEEDED[block.mark][0])
    code = block.text.replace(_HOME, address)
    assert code != block.text
    done = subprocess.run(
        [*_PROGRAMS[block.mark], code], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, ""), block.place
    assert done.stdout.strip() != ""
    assert '"status":4' not in done.stdout


def test_the_guide_has_examples_in_every_language_that_it_promises() -> None:
    assert {block.mark for block in blocks_of(_GUIDE)} == {"sh", "python", "js", "r", "sql"}
