"""What looks odd in a response, and how much of them is taken: data (mission/responses.toml), not code."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from mission.forms.model import FormMoment

_FILE = Path(__file__).parent.with_suffix(".toml")


class IntakeLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Responses that are taken within the window of the mission's quotas."""

    device: int
    mission: int


class QualityLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    least_seconds_a_question: float
    least_questions: int
    most_kmh: float
    least_km: float
    least_alike: int
    least_telling: int


class DueLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    late_minutes: int
    silent_minutes: int


class FormThresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them. `moments`: from when to when of the day (hours past 24: of the next) a form may be filled in."""

    quotas: IntakeLimits
    quality: QualityLimits
    due: DueLimits
    moments: Mapping[FormMoment, tuple[str, str]]


@cache
def load_limits() -> FormThresholds:
    """The limits that ship with this version."""
    return msgspec.toml.decode(_FILE.read_bytes(), type=FormThresholds)
