"""How large an audit may get: data (mission/audit.toml), not code."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

_FILE = Path(__file__).parent.with_suffix(".toml")


class AuditLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    reserve: int
    most_draws: int
    least_risk: float
    most_risk: float


@cache
def load_limits() -> AuditLimits:
    """The limits that ship with this version."""
    return msgspec.toml.decode(_FILE.read_bytes(), type=AuditLimits)
