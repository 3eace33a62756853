"""How often files are made and how many are kept: data (pace.toml), not code."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Pace(Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds between looks, between newest versions, and until actas are waited for no more.

    `rest`: of the time that a newest version took.
    """

    look_s: float
    newest_s: float
    without_actas_s: float
    rest: float


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """Which sets stay, and how much of the disk is left to others."""

    newest: int
    least_free_mb: int


class ChildPace(Struct, frozen=True, forbid_unknown_fields=True):
    """When `escrutinio run` begins a maker, and begins it again."""

    first_s: float
    again_s: float


class ManyContests(Struct, frozen=True, forbid_unknown_fields=True):
    """When there are too many contests for files of each checkpoint."""

    most: int


class FilesLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    pace: Pace
    kept: Kept
    child: ChildPace
    contests: ManyContests


@cache
def load_limits() -> FilesLimits:
    """The limits that hold."""
    text = (files("api.commands.files") / "pace.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=FilesLimits)
