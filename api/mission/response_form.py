"""What an observer answers: the body of a response, checked against its form and the count."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from api.mission.report_form import (
    LIMITS,
    PlaceForm,
    PositionForm,
    Reason,
    Sending,
    SentMoment,
    read_moment,
    read_place,
)
from mission.forms.answers import check_answers
from mission.forms.conditions import is_answered
from mission.forms.model import Form, QuestionType
from mission.incidents.location import DevicePosition
from mission.responses.response import Given, ResponseState, Sent
from tally.errors import InvalidInput
from tally.keys import Level, level_of
from tally.view import View

_UNCOMPARED = (QuestionType.TEXT, QuestionType.PHOTO)
_Name = Annotated[str, Meta(min_length=1, max_length=100)]
Forms = Mapping[str, tuple[Form, ...]]


class ResponseForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """Answers to a version of a form, by question; unanswered ones are left out. `place`: a mesa or polling place."""

    form: _Name
    version: int
    place: PlaceForm
    started_at: SentMoment
    finished_at: SentMoment
    device_at: SentMoment
    answers: dict[str, Any]
    position: PositionForm | None = None
    is_time_confirmed: bool = False


class ReviewForm(Struct, forbid_unknown_fields=True):
    """What a response is worth, and why; `seen`: the `revision` that was read."""

    state: ResponseState
    reason: Reason
    seen: int


class RulingForm(Struct, forbid_unknown_fields=True):
    """Whose answer (the id of a response) stands for which question, and why; `seen`: the `revision` that was read."""

    choose: dict[str, str]
    reason: Reason
    seen: int


def find_form(forms: Forms, name: str, version: int) -> Form:
    """That version of that form.

    Raises: InvalidInput: there is none.
    """
    versions = {form.version: form for form in forms.get(name, ())}
    if not versions:
        raise InvalidInput(f"form: this mission has no form {name[:40]!r}")
    if version not in versions:
        raise InvalidInput(f"version: the form {name!r} has {', '.join(map(str, versions))}, and no {version}")
    return versions[version]


def read_response(sent: ResponseForm, form: Form, sending: Sending, view: View) -> Sent:
    """What was sent, with all that is wrong with it and can still be read.

    Raises: InvalidInput: a time that is none, a place that this count does not have, answers that cannot be read.
    """
    location = read_place(sent.place, view)
    if level_of(location.key or "") is Level.DISTRICT:
        raise InvalidInput("place: answers are of a mesa or a polling place")
    given = {name: answer for name, answer in sent.answers.items() if is_answered(answer)}
    if any(isinstance(answer, str) and len(answer) > LIMITS.longest_text for answer in given.values()):
        raise InvalidInput(f"answers: a text has {LIMITS.longest_text} characters at most")
    faults = check_answers(form, given)
    for fault in faults:
        if fault.is_blocking:
            raise InvalidInput(f"answers: {fault.id!r} cannot be read ({fault.kind.value}) in {form.id} {form.version}")
    said = {name: value for name, value in asdict(sent).items() if name != "is_time_confirmed"}
    position = sent.position
    return Sent(
        form=form.id,
        version=form.version,
        location=location,
        started_at=read_moment("started_at", sent.started_at),
        finished_at=read_moment("finished_at", sent.finished_at),
        device_at=read_moment("device_at", sent.device_at),
        answers={name: _normal(answer) for name, answer in given.items()},
        uncompared=tuple(name for name, question in form.questions.items() if question.type in _UNCOMPARED),
        faults=tuple(faults),
        position=None if position is None else DevicePosition(position.lon, position.lat, position.accuracy),
        clock_ahead_s=sending.clock_ahead_s,
        key=sending.key,
        digest=hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest(),
    )


def _normal(answer: Any) -> Given:
    """What was chosen, whatever the order it was chosen in."""
    return sorted(answer) if isinstance(answer, list) else answer
