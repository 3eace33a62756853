"""A response: one observer's answers to one form at one place, and what became of it. The fold of its entries."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

from mission.forms.answers import AnswerFault, FaultKind
from mission.incidents.incident import Photo
from mission.incidents.location import DevicePosition, Location
from mission.thresholds import THRESHOLDS
from tally.keys import is_abroad

# A choice, a time or a text; a number; the ids of several choices.
Given = str | int | list[str]


class ResponseState(StrEnum):
    """What a verifier says of a response. One that is doubtful stands aside: it is in no table and no conflict."""

    OPEN = "open"
    VERIFIED = "verified"
    DOUBTFUL = "doubtful"


class QualityKind(StrEnum):
    """In which way a response looks odd. The words are in `texts/`."""

    RANGE = "range"
    LOGIC = "logic"
    BACKWARDS = "backwards"
    FUTURE = "future"
    OUTSIDE_MOMENT = "outside_moment"
    TOO_FAST = "too_fast"
    TOO_FAR = "too_far"
    IDENTICAL = "identical"


class QualityIssue(Struct, frozen=True):
    """One thing that looks odd, and the figures its sentence needs."""

    kind: QualityKind
    figures: Mapping[str, str | int | float] = {}


class Sent(Struct, frozen=True, kw_only=True):
    """What an observer sent. Times are the device's, ISO UTC.

    `clock_ahead_s`: by how much its clock was ahead of ours; None: it did not say. `uncompared`: questions answered in
    the observer's own words or pictures, which no two answer alike. `point`: degrees (lon, lat) of the polling place,
    where that is known exactly. `key` and `digest` make a retry known.
    """

    form: str
    version: int
    location: Location
    started_at: str
    finished_at: str
    device_at: str
    answers: Mapping[str, Given]
    uncompared: tuple[str, ...] = ()
    faults: tuple[AnswerFault, ...] = ()
    position: DevicePosition | None = None
    point: tuple[float, float] | None = None
    clock_ahead_s: int | None = None
    key: str = ""
    digest: str = ""

    @property
    def clock_off(self) -> timedelta:
        """By how much its clock was ahead of ours, where that is more than the way of a message takes."""
        ahead = timedelta(seconds=self.clock_ahead_s or 0)
        return ahead if abs(ahead) >= timedelta(minutes=THRESHOLDS.reports.clock_off_minutes) else timedelta(0)

    @property
    def is_timed(self) -> bool:
        """Whether the day's hours are those of its place: abroad nothing tells what time it is there."""
        return not is_abroad(self.location.district or "")


class Filed(Struct, frozen=True):
    """Data of the entry that takes a response in: what was sent, and what looked odd then. `alike`: see `print_of`."""

    sent: Sent
    issues: tuple[QualityIssue, ...] = ()
    alike: str | None = None


class Review(Struct, frozen=True, omit_defaults=True):
    """What a verifier said of a response, and why. Who and when says the entry."""

    state: ResponseState
    reason: str
    by: str = ""
    at: str = ""


class FormResponse(Struct, frozen=True, kw_only=True):
    """A response as its entries have left it. `by`: the observer's pseudonym. `photos`: by question."""

    id: str
    by: str
    received_at: str
    sent: Sent
    issues: tuple[QualityIssue, ...] = ()
    reviews: tuple[Review, ...] = ()
    photos: Mapping[str, tuple[Photo, ...]] = {}

    @property
    def state(self) -> ResponseState:
        """What was said of it last."""
        return self.reviews[-1].state if self.reviews else ResponseState.OPEN

    @property
    def needs_look(self) -> bool:
        """Whether something looks odd and nobody has said what it is."""
        return bool(self.issues) and self.state is ResponseState.OPEN

    @property
    def is_partial(self) -> bool:
        """Whether a question that must be answered is not."""
        return any(fault.kind is FaultKind.REQUIRED for fault in self.sent.faults)

    @property
    def asked(self) -> Mapping[str, Given]:
        """The answers to what the form asks after the others; an answer to what it does not ask counts nothing."""
        unasked = {fault.id for fault in self.sent.faults if fault.kind is FaultKind.UNASKED}
        return {name: answer for name, answer in self.sent.answers.items() if name not in unasked}
