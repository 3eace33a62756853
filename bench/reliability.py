"""RELIABILITY.md: one section per soak, each replaced by its newest run."""

import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).parents[1] / "RELIABILITY.md"
_HEAD = """# Reliability, as measured

Written by `make soak`; the seed makes the same run again. Every bar is the one that was set before the measurement.
"""


class SoakSection(Struct, frozen=True):
    """What one soak found: `lines` of Markdown under `title`; `name` is its marker in the file."""

    name: str
    title: str
    seed: int
    lines: list[str]

    def text(self) -> str:
        """The section, with when and of what it was measured."""
        today, machine = (
            datetime.now(UTC).date().isoformat(),
            f"{platform.machine()}, Python {platform.python_version()}",
        )
        measured = f"Seed {self.seed}, {today}, commit {_commit()}, {machine}."
        return "\n".join([f"## {self.title}", "", *self.lines, "", measured])


def write_section(section: SoakSection, path: Path = FILE) -> None:
    """Put the section in the place of its earlier run, or at the end."""
    page = path.read_text() if path.exists() else _HEAD
    begin, end = f"<!-- soak:{section.name} -->", f"<!-- /soak:{section.name} -->"
    block = f"{begin}\n{section.text()}\n{end}"
    known = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page = known.sub(lambda _: block, page) if known.search(page) else f"{page.rstrip()}\n\n{block}\n"
    path.write_text(page)


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, check=False, capture_output=True, text=True, cwd=FILE.parent).stdout.strip() or "unknown"
