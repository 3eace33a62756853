"""Which program this is: its version, of the nearest tag, and the commit it is made of."""

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

_HERE = Path(__file__).parent


class Program(Struct, frozen=True):
    """`commit` is None where nobody knows it: built without the history, and not from an archive that git made."""

    version: str
    commit: str | None

    def __str__(self) -> str:
        return self.version if self.commit is None else f"{self.version} ({self.commit[:12]})"


@cache
def this_program() -> Program:
    """The one that is at work."""
    return Program(version("escrutinio"), find_commit(_HERE))


def find_commit(package: Path) -> str | None:
    """The commit of an installed package, as its builder wrote it; of a checkout we run from, as git says."""
    written = package / "commit.txt"
    if written.exists():
        return written.read_text().strip()
    if not (package.parent / ".git").exists():
        return None
    try:
        asked = ["git", "-C", str(package), "rev-parse", "HEAD"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - no shell
    except (OSError, subprocess.CalledProcessError):
        return None
