"""How large an audit may get: data (mission/audit.toml), not code."""

from msgspec import Struct

from mission.limits import read_limits


class AuditLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    reserve: int
    most_draws: int
    usual_risk: float
    least_risk: float
    most_risk: float


def load_limits() -> AuditLimits:
    """The limits that ship with this version."""
    return read_limits("audit", AuditLimits)
