"""What looks odd in a response, and how much of them is taken: data (mission/responses.toml), not code."""

from msgspec import Struct

from mission.forms.model import FormMoment
from mission.limits import read_limits


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


class MomentHours(Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when a form of a moment may be filled in; hours past 24: of the next day."""

    moment: FormMoment
    earliest: str
    latest: str


class FormThresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    quotas: IntakeLimits
    quality: QualityLimits
    due: DueLimits
    hours: tuple[MomentHours, ...]

    def hours_of(self, moment: FormMoment) -> MomentHours:
        """The hours of a moment."""
        return next(one for one in self.hours if one.moment is moment)


def load_limits() -> FormThresholds:
    """The limits that ship with this version."""
    return read_limits("responses", FormThresholds)
