"""What the orders of text messages do, each the way the web's form does it, and how that is answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from api.mission.case import Case
from api.mission.places import locate
from api.mission.report_form import PlaceForm, ReportForm, Sending, read_report
from api.mission.response_form import ResponseForm, read_response
from mission.forms.model import Form
from mission.incidents.incident import Member
from mission.incidents.location import Location
from mission.messages.alphabet import fit
from mission.messages.codes import CATEGORY_NUMBERS, SEVERITY_NUMBERS
from mission.messages.form_answers import read_answers
from mission.messages.orders import FormOrder, HelpOrder, Misread, Order, ReadOrder, ReportOrder, Why
from mission.messages.text_book import LIMITS, TakenText
from mission.responses.response import FormResponse, ResponseState
from mission.responses.response_log import ResponseLog
from tally.errors import Conflict, IntakeStopped, NotFound, TooMany
from tally.keys import area_key, code_of, mesa_key
from texts.language import Language

# Kinds of what came in.
REFUSED, _MISREAD, _REPORT, _FORM, _READ, _HELP = "refused", "misread", "report", "form", "read", "help"
_MOST = {"categories": len(CATEGORY_NUMBERS), "severities": len(SEVERITY_NUMBERS)}
_MINUTE_S = 60


class IncomingText(Struct):
    """A text message as the gateway hands it over; what else it says is not read. `at`: when it was sent."""

    sender: Annotated[str, Meta(min_length=1, max_length=40)] = field(name="from")
    text: Annotated[str, Meta(max_length=20_000, pattern=r"^[^\u0000]*$")]
    id: Annotated[str, Meta(min_length=1, max_length=200)]
    at: Annotated[str, Meta(min_length=10, max_length=40)]


class AskedText(Struct, frozen=True):
    """A text of a member of the mission. `name`: the keyed hash of its id. `forms`: those that are asked, by code."""

    case: Case
    by: Member
    sent: IncomingText
    name: str
    now: datetime
    forms: Mapping[str, Form]


def carry_out(asked: AskedText, order: Order, said: Language) -> TakenText:
    """Do what a text asks for; what became of it, with the answer.

    Raises: InvalidInput: the text's time is none. StoreUnavailable.
    """
    try:
        if isinstance(order, ReportOrder):
            return _file(asked, order, said)
        if isinstance(order, FormOrder):
            return _answer(asked, order, said)
        if isinstance(order, ReadOrder):
            return _mark(asked, order, said)
        return _help(asked, said) if isinstance(order, HelpOrder) else _misread(asked, order, said)
    except IntakeStopped:
        return TakenText(REFUSED, say(said, "stopped"))
    except TooMany as error:
        minutes = -(-(error.retry_s or _MINUTE_S) // _MINUTE_S)
        return TakenText(REFUSED, say(said, "too_many", minutes=minutes))


def say(said: Language, name: str, **values: object) -> str:
    """A sentence of the answers, as it fits into two text messages."""
    return fit(said(f"text_reply.{name}", **values), LIMITS.longest_reply)


def _file(asked: AskedText, order: ReportOrder, said: Language) -> TakenText:
    case = asked.case
    location = locate(mesa_key(order.mesa), case.live.view)
    if location is None:
        return _misread(asked, Misread(Why.MESA), said)
    form = ReportForm(
        category=order.category,
        severity=order.severity,
        place=PlaceForm(mesa=order.mesa),
        occurred_at=asked.sent.at,
        device_at=asked.sent.at,
        text=order.text,
    )
    report = read_report(form, _sending(asked), case.live.view)
    # Nobody can be asked back whether a time is right: it is the network's, and not the sender's.
    incident, _ = case.incident_log().file(asked.by, report, is_time_confirmed=True)
    reply = say(said, "filed", id=incident.id.upper(), where=_where(case, location, said))
    return TakenText(_REPORT, reply, incident.id)


def _answer(asked: AskedText, order: FormOrder, said: Language) -> TakenText:
    case, form, at = asked.case, asked.forms[order.code], asked.sent.at
    location = locate(mesa_key(order.mesa), case.live.view)
    if location is None:
        return _misread(asked, Misread(Why.MESA), said)
    own = case.responses.read().own(asked.by.pseudonym)
    read = read_answers(form, order.answers, _said_before(asked, own, form, location))
    if not read.answers:
        return _misread(asked, Misread(Why.FORM, order.code), said)
    sent = ResponseForm(
        form=form.id,
        version=form.version,
        place=PlaceForm(mesa=order.mesa),
        started_at=at,
        finished_at=at,
        device_at=at,
        answers=dict(read.answers),
    )
    taken = read_response(sent, form, _sending(asked), case.live.view)
    log, form_time = ResponseLog(case.responses, asked.now), case.form_time(form.moment, asked.now)
    try:
        response, _ = log.file(asked.by, taken, form_time, is_time_confirmed=True, upon=len(own))
    except Conflict:  # another text of theirs was quicker: this one completes it
        return _answer(asked, order, said)
    reply = say(
        said,
        "answered_wrong" if read.wrong else "answered_partly" if read.missing else "answered",
        id=response.id.upper(),
        form=order.code,
        where=_where(case, location, said),
        wrong=_listed(read.wrong),
        missing=_listed(read.missing),
    )
    return TakenText(_FORM, reply, response.id)


def _said_before(asked: AskedText, own: Sequence[FormResponse], form: Form, location: Location) -> Mapping[str, object]:
    """What the sender answered last to that form there: who is told what is missing sends that alone.

    A form that is filled in again and again begins anew once it is whole. Of a text that is taken again, what it was
    then made of: its answers are the same.
    """
    same = next((one for one in own if one.sent.key == _sending(asked).key), None)
    at = (form.id, form.version, location.key)
    there = [one for one in own if (one.sent.form, one.sent.version, one.sent.location.key) == at]
    standing = [one for one in there if one.state is not ResponseState.DOUBTFUL][-1:]
    found = [same] if same is not None else [one for one in standing if form.is_once or one.is_partial]
    return found[0].sent.answers if found else {}


def _mark(asked: AskedText, order: ReadOrder, said: Language) -> TakenText:
    try:
        asked.case.message_log().mark(asked.by, order.number, asked.now)
    except NotFound:
        return TakenText(REFUSED, say(said, "read_missing", n=order.number))
    return TakenText(_READ, say(said, "read_done", n=order.number), str(order.number))


def _help(asked: AskedText, said: Language) -> TakenText:
    codes = list(asked.forms)
    forms = said("text_reply.help_forms", codes=", ".join(codes), code=codes[0]) if codes else ""
    return TakenText(_HELP, say(said, "help", forms=forms, **_MOST))


def _misread(asked: AskedText, order: Misread, said: Language) -> TakenText:
    return TakenText(_MISREAD, say(said, order.why, code=order.code, **_MOST), None, asked.sent.text)


def _sending(asked: AskedText) -> Sending:
    return Sending(f"text-{asked.name}", None)


def _where(case: Case, location: Location, said: Language) -> str:
    """A mesa and its district, as far as the count knows it."""
    mesa, district = code_of(location.key or ""), location.district
    name = None if district is None else case.live.names.names.get(area_key(district))
    return said("text_reply.mesa_unknown" if name is None else "text_reply.mesa_known", mesa=mesa, district=name)


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
