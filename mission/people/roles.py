"""Roles of the mission: a ladder. No role may edit a vote, and nothing of the mission can."""

from enum import StrEnum


class Role(StrEnum):
    """From the lowest step to the highest; every step may do what those below it may."""

    OBSERVER = "observer"
    VERIFIER = "verifier"
    COORDINATOR = "coordinator"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what that one may."""
        return _STEPS.index(self) >= _STEPS.index(other)


_STEPS = tuple(Role)
