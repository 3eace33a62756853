"""The program that published, as a wheel, with the versions of all that it ran with."""

import base64
import hashlib
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PackagePath, distribution, distributions, version
from pathlib import Path

from tally.errors import ArchiveError

_NAME = "escrutinio"
_PROJECT = Path(__file__).parents[3]
# What an installation adds to a wheel.
_ADDED = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"}
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
            name = _in_wheel(file)
            if name is None:
                continue
            data = file.read_binary()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            rows.append(f"{name},sha256={digest},{len(data)}")
            target.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        target.writestr(zipfile.ZipInfo(record, _EPOCH), "\n".join([*rows, f"{record},,"]) + "\n", zipfile.ZIP_DEFLATED)


def _in_wheel(file: PackagePath) -> str | None:
    """Where an installed file lies in the wheel; None: it came with the installation.

    What belongs beside the packages (share/escrutinio) was put above them, as programs were, which are made anew.
    """
    if file.name in _ADDED or "__pycache__" in file.parts:
        return None
    if file.parts[0] != "..":
        return str(file)
    own = [part for part in file.parts if part != ".."]
    return "/".join((f"{_NAME}-{version(_NAME)}.data", "data", *own)) if own[0] == "share" else None
