"""What is complete, missing, late or in conflict of the forms of a day, out of who is assigned; and who is silent."""

from datetime import timedelta

from sqlalchemy import Engine

from mission.forms.answers import AnswerFault, FaultKind
from mission.forms.library import load_forms, offered
from mission.incidents.incident import Member
from mission.incidents.location import Location
from mission.people.roles import Role
from mission.people.teams import Membership
from mission.responses.completeness import AssignedObservers, Completeness, FormProgress, complete
from mission.responses.response import ResponseState
from tally import moments
from tests.mission.people import NOW
from tests.mission.responses.sending import ANA, EVA, LUZ, OPENING, Desk, sent

FORMS = [form for form in offered(load_forms()) if form.id in ("opening", "voting")]
NOEL = Member("jilguero-9", Role.OBSERVER)
LIMA, CALLAO = "department/14", "department/24"
MEMBERS = {
    ANA.pseudonym: Membership("norte", region=LIMA),
    LUZ.pseudonym: Membership("norte", region=LIMA),
    EVA.pseudonym: Membership("sur", region=CALLAO),
    NOEL.pseudonym: Membership(region=CALLAO),
}
# The opening is due at 08:00 in Lima, 13:00 UTC.
DUE = NOW + timedelta(hours=1)


def told(desk: Desk, minutes_after: int = 60, aside: tuple[str, ...] = (), **heard: str) -> Completeness:
    now = DUE + timedelta(minutes=minutes_after)
    return complete(desk.journal.read(), FORMS, AssignedObservers(MEMBERS, heard, aside), OPENING, now)


def test_every_assigned_observer_is_one_expected_form_once_it_is_due(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA)
    desk.file(LUZ, sent("000002", faults=(AnswerFault("present", FaultKind.REQUIRED),)))
    desk.now = DUE + timedelta(minutes=45)
    desk.file(EVA, sent("000003", ago=-100))
    opening, voting = told(desk).total.forms
    assert opening == FormProgress("opening", 4, complete=1, late=1, partial=1, conflicting=0, missing=1)
    assert voting == FormProgress("voting", None, complete=0, late=0, partial=0, conflicting=0, missing=0)


def test_late_is_by_our_clock_and_nothing_is_late_abroad(engine: Engine) -> None:
    desk = Desk(engine)
    desk.now = DUE + timedelta(minutes=70)
    # An hour after it was due by the phone, whose clock is ahead by that hour.
    desk.file(ANA, sent(ago=-120, clock_ahead_s=3600))
    desk.file(LUZ, sent("000002", ago=-60, clock_ahead_s=-3600))
    desk.file(EVA, sent("000003", ago=-120, location=Location("mesa/000003", "place-of-00000", "930101")))
    opening = told(desk, minutes_after=80).total.forms[0]
    assert (opening.complete, opening.late) == (2, 1)


def test_before_it_is_due_nothing_is_missing_and_what_came_early_counts(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA)
    opening = told(desk, minutes_after=-1).total.forms[0]
    assert (opening.expected, opening.complete, opening.missing) == (None, 1, 0)


def test_teams_and_regions_have_their_own_lines_and_who_is_in_none_the_last(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA)
    found = told(desk)
    assert [(one.group, one.observers, one.forms[0].missing) for one in found.teams] == [
        ("norte", 2, 1),
        ("sur", 1, 1),
        (None, 1, 1),
    ]
    assert [(one.group, one.forms[0].complete) for one in found.regions] == [(LIMA, 1), (CALLAO, 0)]


def test_an_undecided_conflict_is_neither_complete_nor_missing_until_somebody_chose(engine: Engine) -> None:
    desk = Desk(engine)
    ana, _ = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    assert told(desk).teams[0].forms[0].conflicting == 2
    desk.choose({"present": ana.id}, "hay foto")
    assert told(desk).teams[0].forms[0].complete == 2


def test_what_is_doubtful_is_missing_and_who_is_set_aside_is_not_expected(engine: Engine) -> None:
    desk = Desk(engine)
    response = desk.file(ANA)
    desk.review(response.id, ResponseState.DOUBTFUL, "era otra mesa")
    assert told(desk).total.forms[0].missing == 4
    assert told(desk, aside=(ANA.pseudonym,)).total.forms[0].expected == 3


def test_who_was_never_heard_of_is_silent_once_the_day_began_and_the_longest_comes_first(engine: Engine) -> None:
    now = DUE + timedelta(minutes=60)
    long_ago, of_late = moments.write(now - timedelta(hours=3)), moments.write(now - timedelta(minutes=5))
    heard = {EVA.pseudonym: long_ago, ANA.pseudonym: of_late}
    found = told(Desk(engine), **heard).silent
    assert [(one.observer, one.last_at) for one in found] == [
        (LUZ.pseudonym, None),
        (NOEL.pseudonym, None),
        (EVA.pseudonym, long_ago),
    ]
    assert told(Desk(engine), minutes_after=-1).silent == []
