"""What the builder adds to a wheel or a source distribution: the commit it is made of (tally/commit.txt), if known."""

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_COMMIT = re.compile("[0-9a-f]{40}")
_HOME = "tally/commit.txt"


class Built(BuildHookInterface[Any]):
    """Hatch's hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file. An editable install has none: the checkout it runs from is asked."""
        root = Path(self.root)
        commit = find_commit(root)
        if version == "editable" or commit is None or (root / _HOME).exists():
            return
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name) / "commit.txt"
        file.write_text(f"{commit}\n")
        build_data["force_include"][str(file)] = _HOME


def find_commit(root: Path) -> str | None:
    """The commit of a folder: as whoever builds says, as git says, or as an archive that git made says of itself."""
    told = (os.environ.get("ESCRUTINIO_COMMIT", ""), _ask_git(root), _read_archival(root))
    return next((found for one in told if (found := one.strip()) and _COMMIT.fullmatch(found)), None)


def _ask_git(root: Path) -> str:
    if not (root / ".git").exists():
        return ""
    try:
        asked = ["git", "-C", str(root), "rev-parse", "HEAD"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        return ""


def _read_archival(root: Path) -> str:
    path = root / ".git_archival.txt"
    return path.read_text().partition("node: ")[2].partition("\n")[0] if path.exists() else ""
