"""The count's thresholds: data (tally/thresholds.toml), not code."""

from pathlib import Path

import msgspec
from msgspec import Struct


class GateLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How often in a row a value must be read before it replaces a higher or newer one, and which stamps order."""

    lower_looks: int
    older_looks: int
    skew_minutes: int


class LeaseLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds that a writer's lease lasts, and for which one in doubt is watched."""

    lasts_s: float
    watch_s: float


class ClockLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds by which a machine's clock may differ from the database's."""

    most_s: float


class ActaLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """By how many actas an area's number of them may move before the value is held: the larger of both.

    `roll_slack`: how many times the voters of so many of the largest mesas a stated turnout may be of.
    """

    moved: int
    moved_percent: float
    roll_slack: float


class CountThresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    lease: LeaseLimits
    clock: ClockLimits
    gate: GateLimits
    actas: ActaLimits


THRESHOLDS = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=CountThresholds)
