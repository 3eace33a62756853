"""CI's second question to browser tests: asked of few, of nothing else, and only after a run that came to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
# Each fails unless what it names stands in the folder.
_TEST = """
import pathlib
import pytest

{marks}
def test_{name}():
    assert pathlib.Path("{name}").exists()
"""


def _run(folder: Path, failing: dict[str, bool], mended: tuple[str, ...] = (), ended: int | None = None) -> int:
    """What the script says after a run in which these failed (name → whether it is a browser's), and some hold now."""
    text = "".join(_TEST.format(name=name, marks="@pytest.mark.browser" * browser) for name, browser in failing.items())
    (folder / "test_some.py").write_text(text)
    (folder / "conftest.py").write_text("from tests.ended import pytest_sessionfinish as pytest_sessionfinish\n")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\naddopts = --disable-plugin-autoload -p xdist\n")
    (folder / ".venv/bin").mkdir(parents=True)
    python = folder / ".venv/bin/pytest"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -m pytest "$@"\n')
    python.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "VENV": ".venv"}
    environment.pop("PYTEST_ADDOPTS", None)
    first = subprocess.run([python, "-q"], cwd=folder, env=environment, capture_output=True, check=False)
    assert first.returncode == (1 if failing else 5), first.stdout.decode()
    for name in mended:
        (folder / name).touch()
    if ended is not None:
        (folder / ".pytest_cache/v/escrutinio/exit").write_text(str(ended))
    said = subprocess.run([_ROOT / "scripts/once-more"], cwd=folder, env=environment, capture_output=True, check=False)
    if said.returncode == 0:
        assert "UNSTEADY" in said.stderr.decode()
        assert all(f"test_some.py::test_{name}" in said.stderr.decode() for name in failing)
    return said.returncode


@pytest.mark.parametrize(
    ("failing", "mended", "ended", "code"),
    [
        ({"page": True}, ("page",), None, 0),
        ({"page": True, "map": True}, ("page",), None, 1),
        ({"page": True, "sum": False}, ("page", "sum"), None, 1),
        ({"a": True, "b": True, "c": True, "d": True}, ("a", "b", "c", "d"), None, 1),
        ({"page": True}, ("page",), 3, 1),
        ({}, (), None, 1),
    ],
    ids=["passes-alone", "fails-again", "no-browser", "too-many", "not-to-the-end", "none-failed"],
)
def test_a_browser_test_is_asked_once_more_and_nothing_else_is(
    tmp_path: Path, failing: dict[str, bool], mended: tuple[str, ...], ended: int | None, code: int
) -> None:
    assert _run(tmp_path, failing, mended, ended) == code
