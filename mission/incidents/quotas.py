"""How much one device, and all of them, may send within a window: a stolen token cannot bury the mission."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import TooMany

LIMITS = THRESHOLDS.quotas
_MB = 1024 * 1024


class Taken(Struct, frozen=True):
    """What was taken in: when, whose, and how many bytes if it is a picture; None: a report, or a note on one."""

    at: str
    by: str
    picture_bytes: int | None = None


T = TypeVar("T", bound=Taken)


def recent(taken: Iterable[T], at: str) -> tuple[T, ...]:
    """What still counts at a moment."""
    since = moments.write(moments.read(at) - LIMITS.window)
    return tuple(one for one in taken if one.at > since)


def check_quota(taken: Sequence[Taken], by: Member, now: datetime, picture_bytes: int | None = None) -> None:
    """Return if one more report or note, or a picture of that size, is taken of an observer; the team has no quota.

    Raises: TooMany: of this device, or of the mission; `retry_s` is when the oldest that counts does so no more.
    """
    if by.role is not Role.OBSERVER:
        return
    counted = recent(taken, moments.write(now))
    own = [one for one in counted if one.by == by.pseudonym]
    for whose, sent, quota in (("this device", own, LIMITS.device), ("the mission", counted, LIMITS.mission)):
        alike = [one for one in sent if (one.picture_bytes is None) is (picture_bytes is None)]
        most = quota.reports if picture_bytes is None else quota.pictures
        held = sum(one.picture_bytes or 0 for one in alike) + (picture_bytes or 0)
        if len(alike) >= most or held > quota.picture_mb * _MB:
            oldest = moments.read(min(one.at for one in alike)) if alike else now
            wait = max(1, round((oldest + LIMITS.window - now).total_seconds()))
            raise TooMany(f"{whose} has sent all that is taken in {LIMITS.window_minutes} minutes; send it later", wait)
