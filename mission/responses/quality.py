"""What looks odd in a response as it comes in: out of range, illogical, at impossible times, too fast, said before.

Each is looked at by a person. Distances are told between polling places whose own point is known; between others
nothing is.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from mission.forms.answers import FaultKind
from mission.forms.model import FormMoment
from mission.responses.limits import load_limits
from mission.responses.response import FormResponse, QualityIssue, QualityKind, Sent
from mission.thresholds import THRESHOLDS
from tally import moments

_EARTH_KM = 6371.0


class FormTime(Struct, frozen=True):
    """The day that is observed, where, and the moment of the form that was answered."""

    day: date
    zone: ZoneInfo
    moment: FormMoment


def find_issues(
    sent: Sent, form_time: FormTime, now: datetime, own: Iterable[FormResponse]
) -> tuple[QualityIssue, ...]:
    """What looks odd in it by itself, and beside the observer's `own` others."""
    return (*_faults(sent), *_times(sent, form_time, now), *_speed(sent), *_distances(sent, own))


def print_of(sent: Sent) -> str | None:
    """What two responses with the same answers have in common; None: there are too few to wonder."""
    limits = load_limits().quality
    compared = {name: answer for name, answer in sent.answers.items() if name not in sent.uncompared}
    telling = [one for one in compared.values() if isinstance(one, int) or (isinstance(one, str) and one[2:3] == ":")]
    if len(compared) < limits.least_alike or len(telling) < limits.least_telling:
        return None
    written = msgspec.json.encode([sent.form, compared], order="sorted")
    return hashlib.sha256(written).hexdigest()[:32]


def _faults(sent: Sent) -> Iterator[QualityIssue]:
    kinds = {FaultKind.RANGE: (QualityKind.RANGE, "question"), FaultKind.CHECK: (QualityKind.LOGIC, "check")}
    for fault in sent.faults:
        if fault.kind in kinds:
            kind, name = kinds[fault.kind]
            yield QualityIssue(kind, {name: fault.id})


def _times(sent: Sent, form_time: FormTime, now: datetime) -> Iterator[QualityIssue]:
    started, finished = moments.read(sent.started_at), moments.read(sent.finished_at)
    if finished < started:
        yield QualityIssue(QualityKind.BACKWARDS, {"minutes": _minutes(started - finished)})
    if finished > now + timedelta(minutes=THRESHOLDS.reports.future_minutes):
        yield QualityIssue(QualityKind.FUTURE, {"minutes": _minutes(finished - now)})
    hours, ahead = load_limits().hours_of(form_time.moment), sent.clock_off
    off = max(_on(form_time, hours.earliest) - (started - ahead), finished - ahead - _on(form_time, hours.latest))
    if sent.is_timed and off > timedelta(0):
        figures: dict[str, str | int] = {"minutes": _minutes(off), "moment": form_time.moment.value}
        yield QualityIssue(QualityKind.OUTSIDE_MOMENT, figures)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _on(form_time: FormTime, text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime.combine(form_time.day, time(), form_time.zone) + timedelta(hours=hours, minutes=minutes)


def _speed(sent: Sent) -> Iterator[QualityIssue]:
    """What comes by text is timed once: of that nothing is told."""
    limits, answered = load_limits().quality, len(sent.answers)
    seconds = (moments.read(sent.finished_at) - moments.read(sent.started_at)).total_seconds()
    if answered >= limits.least_questions and 0 < seconds < answered * limits.least_seconds_a_question:
        yield QualityIssue(QualityKind.TOO_FAST, {"seconds": round(seconds), "questions": answered})


def _distances(sent: Sent, own: Iterable[FormResponse]) -> Iterator[QualityIssue]:
    limits = load_limits().quality
    for other in own:
        km = _km(sent.point, other.sent.point)
        if km is None or km < limits.least_km:
            continue
        first, then = sorted((sent, other.sent), key=lambda one: one.started_at)
        hours = (moments.read(then.started_at) - moments.read(first.finished_at)).total_seconds() / 3600
        if km > limits.most_kmh * max(hours, 0):
            figures: dict[str, str | int] = {
                "km": round(km),
                "minutes": round(max(hours, 0) * 60),
                "response": other.id,
            }
            yield QualityIssue(QualityKind.TOO_FAR, figures)
            return


def _km(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Between two points, along the earth; None: one of them is not known."""
    if one is None or other is None:
        return None
    (east, north), (far_east, far_north) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((far_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(far_north) * math.sin((far_east - east) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))
