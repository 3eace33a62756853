"""What an observer sends: the form of a report, checked against the count and turned into the mission's terms."""

import hashlib
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from api.mission.places import locate
from mission.incidents.incident import Facts, Report
from mission.incidents.location import DevicePosition, Location
from mission.incidents.rubric import Category, Severity
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import InvalidInput
from tally.keys import Level, mesa_key, place_key, start_of
from tally.view import View

LIMITS = THRESHOLDS.reports
# PostgreSQL's texts have no NUL.
_PLAIN = r"^[^\u0000]*$"
Code = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9-]+$")]
Text = Annotated[str, Meta(max_length=LIMITS.longest_text, pattern=_PLAIN)]
Reason = Annotated[str, Meta(max_length=LIMITS.longest_reason, pattern=_PLAIN)]
SentMoment = Annotated[str, Meta(min_length=10, max_length=40)]
_YEARS = range(2000, 2100)


class PlaceForm(Struct, forbid_unknown_fields=True):
    """Exactly one of them."""

    mesa: Code | None = None
    polling_place: Code | None = None
    district: Code | None = None


class PositionForm(Struct, forbid_unknown_fields=True):
    """Degrees, and metres of accuracy."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    accuracy: Annotated[float, Meta(ge=0, le=1_000_000)] | None = None


class ReportForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """A report; `place` null: not at a station."""

    category: Category
    severity: Severity
    place: PlaceForm | None
    occurred_at: SentMoment
    device_at: SentMoment
    text: Text
    position: PositionForm | None = None
    flag: Annotated[str, Meta(max_length=100, pattern=_PLAIN)] | None = None
    is_time_confirmed: bool = False


class CorrectionForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """What of a report is otherwise, and why; what is left out stays. `place` null: not at a station.

    `seen`: the `revision` that was read.
    """

    reason: Reason
    seen: int
    category: Category | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    place: PlaceForm | UnsetType | None = UNSET
    occurred_at: SentMoment | UnsetType = UNSET
    is_time_confirmed: bool = False


class Sending(Struct, frozen=True):
    """What stands beside a form: the key that names it, and by how much the device's clock is ahead of ours."""

    key: str
    clock_ahead_s: int | None


def read_ahead(device_time: str | None, now: datetime) -> int | None:
    """By how many seconds a device's clock is ahead of ours; None: it did not say.

    Raises: InvalidInput: no moment.
    """
    if device_time is None:
        return None
    return round((moments.read(read_moment("Device-Time", device_time)) - now).total_seconds())


def read_report(form: ReportForm, sending: Sending, view: View) -> Report:
    """The report in a form.

    Raises: InvalidInput: a time that is none, or a place that this count does not have.
    """
    position = form.position
    # What its sender confirms when asked is no other report.
    said = {name: value for name, value in asdict(form).items() if name != "is_time_confirmed"}
    return Report(
        category=form.category,
        severity=form.severity,
        location=read_place(form.place, view),
        occurred_at=read_moment("occurred_at", form.occurred_at),
        device_at=read_moment("device_at", form.device_at),
        text=form.text,
        position=None if position is None else DevicePosition(position.lon, position.lat, position.accuracy),
        flag=form.flag,
        clock_ahead_s=sending.clock_ahead_s,
        key=sending.key,
        digest=hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest(),
    )


def read_correction(form: CorrectionForm, view: View) -> Facts:
    """The facts in a form.

    Raises: InvalidInput: as `read_report`.
    """
    return Facts(
        category=None if form.category is UNSET else form.category,
        severity=None if form.severity is UNSET else form.severity,
        location=None if form.place is UNSET else read_place(form.place, view),
        occurred_at=None if form.occurred_at is UNSET else read_moment("occurred_at", form.occurred_at),
    )


def read_moment(name: str, sent: str) -> str:
    """A moment that was sent, as ISO UTC.

    Raises: InvalidInput: it is none, has no zone, or lies in no year of a mission.
    """
    try:
        moment, has_zone = moments.read(sent), datetime.fromisoformat(sent).tzinfo is not None
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"{name}: {sent!r} is not a moment like 2026-06-07T18:05:00Z") from error
    if not has_zone:
        raise InvalidInput(f"{name}: {sent!r} has no zone: write 2026-06-07T18:05:00Z or 2026-06-07T13:05:00-05:00")
    if moment.year not in _YEARS:
        raise InvalidInput(f"{name}: {sent!r} is no moment of a mission")
    return moments.write(moment)


def read_place(form: PlaceForm | None, view: View) -> Location:
    """Where a form says that it was.

    Raises: InvalidInput: it names not exactly one place, or one that this count does not have.
    """
    if form is None:
        return Location()
    named = {
        key
        for code, key in (
            (form.mesa, mesa_key(form.mesa or "")),
            (form.polling_place, place_key(form.polling_place or "")),
            (form.district, start_of(Level.DISTRICT) + (form.district or "")),
        )
        if code is not None
    }
    if len(named) != 1:
        raise InvalidInput("place: exactly one of mesa, polling_place and district; null if it was at no station")
    [key] = named
    location = locate(key, view)
    if location is None:
        raise InvalidInput(f"place: this count has no {key}")
    return location
