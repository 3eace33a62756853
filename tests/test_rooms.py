"""Rooms that a stranger can take in: no folder of ours holds more modules than a page lists."""

import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.history
_MOST = 30
_WRITTEN = {".py", ".js", ".mjs", ".css"}


def test_no_folder_holds_more_than_thirty_modules() -> None:
    project = Path(__file__).parents[1]
    listed = subprocess.run(["git", "ls-files"], cwd=project, capture_output=True, text=True, check=True).stdout
    paths = [PurePosixPath(line) for line in listed.splitlines()]
    modules = Counter(path.parent for path in paths if path.suffix in _WRITTEN)
    assert modules
    built = PurePosixPath("dashboard/built")
    assert {str(room): n for room, n in modules.items() if n > _MOST and not room.is_relative_to(built)} == {}
