"""The thresholds of every flag: data (mission/flags.toml), not code."""

from msgspec import Struct

from mission.limits import read_limits


class WithinPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """When a mesa differs from the rest of its polling place."""

    least_mesas: int
    false_discovery: float
    firm_discovery: float
    least_points: float
    least_votes: int


class TestedLists(Struct, frozen=True, forbid_unknown_fields=True):
    """Which lists are tested by their votes."""

    least_share: float


class Swap(Struct, frozen=True, forbid_unknown_fields=True):
    """When two columns look exchanged."""

    least_log_ratio: float
    least_points: float


class Identical(Struct, frozen=True, forbid_unknown_fields=True):
    """When equal actas are beyond what chance explains."""

    least_chance: float


class Checkpoints(Struct, frozen=True, forbid_unknown_fields=True):
    """When flags are frozen: at shares of actas counted, and after so many actas came back from the juries."""

    percent: tuple[int, ...]
    jee_batch: int


class Ledger(Struct, frozen=True, forbid_unknown_fields=True):
    """How far back corrections are read."""

    most_lines: int


class Thresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    within_place: WithinPlace
    lists: TestedLists
    swap: Swap
    identical: Identical
    checkpoints: Checkpoints
    ledger: Ledger


def load_thresholds() -> Thresholds:
    """The thresholds that ship with this version."""
    return read_limits("flags", Thresholds)
