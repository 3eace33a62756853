"""The program that published, as a wheel, with the versions of all that it ran with."""

import base64
import hashlib
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution, distributions, version
from pathlib import Path

from tally.errors import ArchiveError

_NAME = "escrutinio"
_PROJECT = Path(__file__).parents[3]
# What an installation adds to a wheel.
_ADDED = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def keep_program(folder: Path) -> None:
    """Write the wheel, its locks where they are known, and every installed version.

    Raises: ArchiveError: the program cannot be built from its sources.
    """
    folder.mkdir()
    installed = sorted(f"{one.name}=={one.version}" for one in distributions())
    (folder / "installed.txt").write_text("\n".join(dict.fromkeys(installed)) + "\n")
    if (_PROJECT / "pyproject.toml").is_file():
        _build(folder)
        for lock in sorted(_PROJECT.glob("requirements*.lock")):
            shutil.copy(lock, folder)
    else:
        _pack_again(distribution(_NAME), folder)


def _build(folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise ArchiveError(f"the program's wheel cannot be built: {done.stderr.strip()[-300:]}")


def _pack_again(installed: Distribution, folder: Path) -> None:
    """The wheel out of the files that it was installed as."""
    wheel = folder / f"{_NAME}-{version(_NAME)}-py3-none-any.whl"
    record, rows = "", []
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(installed.files or (), key=str):
            if file.name == "RECORD":
                record = str(file)
            if file.name in _ADDED or file.parts[0] == ".." or "__pycache__" in file.parts:
                continue
            data = file.read_binary()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            rows.append(f"{file},sha256={digest},{len(data)}")
            target.writestr(zipfile.ZipInfo(str(file), _EPOCH), data, zipfile.ZIP_DEFLATED)
        target.writestr(zipfile.ZipInfo(record, _EPOCH), "\n".join([*rows, f"{record},,"]) + "\n", zipfile.ZIP_DEFLATED)
