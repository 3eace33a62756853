"""When a quick count says anything, and how it is drawn: data (mission/quickcount.toml), not code."""

from msgspec import Struct

from mission.limits import read_limits


class SamplingLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How few units a stratum, and how many a sample usually has and may have."""

    least_drawn: int
    usual_units: int
    most_units: int


class ResponseLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What must have arrived before anything is estimated."""

    least_share: float
    least_copied: int
    least_units: int


class BesideLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """After how many seconds a given list is set beside the count again: while it names mesas, and once it does not."""

    pause_s: float
    settled_s: float


class IntervalLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How sure an interval is."""

    confidence: float


class SettlingLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How fine the series is."""

    most_points: int


class ArrivalLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """From where on those who reported are said to be unlike those who were drawn."""

    unlike: float
    chances: float


class DisclosureLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """In which steps the public is told shares, finest first, and what part of a unit's weight a step is at least."""

    steps: tuple[float, ...]
    least_part: float


class QuickCountLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    sampling: SamplingLimits
    response: ResponseLimits
    beside: BesideLimits
    interval: IntervalLimits
    settling: SettlingLimits
    arrival: ArrivalLimits
    disclosure: DisclosureLimits


LIMITS = read_limits("quickcount", QuickCountLimits)
