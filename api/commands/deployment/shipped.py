"""Where the files are that an installation takes along: units, the proxy's configuration."""

import sys
from pathlib import Path

_BESIDE = Path(__file__).parents[3] / "deploy"


def shipped_files() -> Path:
    """The folder `deploy`: of the checkout we run from, or as the wheel brought it (share/escrutinio)."""
    return _BESIDE if _BESIDE.is_dir() else Path(sys.prefix) / "share" / "escrutinio" / "deploy"
