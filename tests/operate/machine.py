"""A machine for the documents: its folders below one temporary root, its units processes of the tests' own."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api.live.replicas import free_port
from tests.operate.documents import PROJECT, Block

_LIMIT_S = 240
_BIN = Path(sys.executable).parent


class Machine:
    """Folders, settings and two replicas' ports; what it lends to documents are the variables of the convention."""

    def __init__(self, root: Path) -> None:
        self.root, self.ports = root, (free_port(), free_port())
        for name in ("etc", "state", "site", "backups", "bin", "units"):
            (root / name).mkdir(parents=True)
        for program in ("systemctl",) if shutil.which("curl") else ("systemctl", "curl"):
            stand_in = root / "bin" / program
            stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.operate.{program} "$@"\n')
            stand_in.chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": os.pathsep.join((str(root / "bin"), str(_BIN), os.environ.get("PATH", "/usr/bin:/bin"))),
            "PYTHONPATH": str(PROJECT),
            "MACHINE": str(root),
            "ROOT": str(root / "root"),
            "ETC": str(root / "etc"),
            "STATE": str(root / "state"),
            "SITE": str(root / "site"),
            "BACKUPS": str(root / "backups"),
            "SOURCE": str(PROJECT),
            "AS": "",
            "REPLICAS": " ".join(map(str, self.ports)),
        }

    def settle(self, **settings: object) -> None:
        """Write the settings file."""
        kept = {
            "ARCHIVE": self.root / "state" / "archive",
            "PHOTOS": self.root / "state" / "photos",
            "CACHE": os.environ.get("ESCRUTINIO_CACHE", self.root / "cache"),
            **settings,
        }
        lines = [f"ESCRUTINIO_{name}={shlex.quote(str(value))}\n" for name, value in kept.items()]
        (self.root / "etc" / "escrutinio.env").write_text("".join(lines))

    def run(self, blocks: list[Block], **variables: str) -> str:
        """Run a document's blocks in one shell; what it printed.

        Raises: AssertionError: a command failed; which block, and what was said.
        """
        at = self.root / "at"
        parts = [f"echo {block.place} > {at}\n{block.text}" for block in blocks]
        done = subprocess.run(
            ["sh", "-eu", "-c", "".join(parts)],
            cwd=self.root,
            env={**self._environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"{at.read_text().strip()} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def unit_log(self, unit: str) -> str:
        """What a unit printed."""
        return (self.root / "units" / f"{unit}.log").read_text()

    def _end(self) -> None:
        for path in (self.root / "units").glob("*.pid"):
            os.kill(int(path.read_text()), signal.SIGKILL)


@contextmanager
def machine(root: Path) -> Iterator[Machine]:
    """A machine; when the block ends, so does whatever its units run."""
    made = Machine(root)
    try:
        yield made
    finally:
        made._end()
