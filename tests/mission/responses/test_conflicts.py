"""Answers of several to one form at one place: kept apart, decided by a person, never by their number."""

import pytest
from sqlalchemy import Engine

from mission.forms.answers import AnswerFault, FaultKind
from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.responses.conflicts import StandingAnswers
from mission.responses.response import ResponseState
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.mission.responses.sending import ANA, ANSWERS, EVA, LUZ, SECOND, TEAM, Desk, sent

AT = ("opening", "mesa/000001")


def weighed(desk: Desk) -> StandingAnswers:
    return desk.journal.read().weigh(AT)


def test_what_observers_say_alike_stands_and_what_they_differ_in_is_undecided(engine: Engine) -> None:
    desk = Desk(engine)
    ana, luz = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    found = weighed(desk)
    assert found.answers == {**ANSWERS, "present": None}
    assert found.differences == {"present": {ana.id: 3, luz.id: 2}}
    assert found.undecided == ["present"]


def test_two_against_one_decide_nothing(engine: Engine) -> None:
    desk = Desk(engine)
    for who, number in ((ANA, 3), (LUZ, 2), (EVA, 2)):
        desk.answer(who, present=number)
    assert weighed(desk).answers["present"] is None


def test_what_only_one_answered_is_no_conflict(engine: Engine) -> None:
    desk = Desk(engine)
    desk.answer(ANA, queue="yes")
    desk.answer(LUZ)
    assert weighed(desk).answers["queue"] == "yes"
    assert weighed(desk).differences == {}


def test_own_words_are_never_compared(engine: Engine) -> None:
    desk = Desk(engine)
    for who, words in ((ANA, "sin novedad"), (LUZ, "todo en orden")):
        desk.file(who, sent(answers={**ANSWERS, "notes": words}, uncompared=("notes",)))
    assert weighed(desk).differences == {}
    assert weighed(desk).answers["notes"] == "todo en orden"


def test_the_newest_response_of_an_observer_counts(engine: Engine) -> None:
    desk = Desk(engine)
    desk.answer(ANA, present=1)
    desk.answer(ANA, present=3)
    assert weighed(desk).answers["present"] == 3
    assert weighed(desk).differences == {}


def test_a_verifier_chooses_field_by_field(engine: Engine) -> None:
    desk = Desk(engine)
    ana, luz = desk.answer(ANA, present=3, installed="yes"), desk.answer(LUZ, present=2, installed="no")
    desk.choose({"present": luz.id}, "se la llamó por teléfono")
    assert weighed(desk).answers["present"] == 2
    assert weighed(desk).undecided == ["installed"]
    desk.choose({"installed": ana.id, "present": ana.id}, "hay foto")
    assert weighed(desk).undecided == []
    assert weighed(desk).answers["present"] == 3
    [first, then] = desk.journal.read().rulings[AT]
    assert (first.by, first.reason) == (TEAM.pseudonym, "se la llamó por teléfono")
    assert then.reason == "hay foto"


def test_who_disagrees_later_opens_the_question_again_and_who_agrees_does_not(engine: Engine) -> None:
    desk = Desk(engine)
    ana, _ = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    desk.choose({"present": ana.id}, "hay foto")
    desk.answer(EVA, present=3)
    assert weighed(desk).answers["present"] == 3
    desk.answer(EVA, present=1)
    assert weighed(desk).answers["present"] is None


def test_what_is_doubtful_or_set_aside_counts_nothing(engine: Engine) -> None:
    desk = Desk(engine)
    ana, _ = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    assert desk.journal.read().weigh(AT, {LUZ.pseudonym}).answers["present"] == 3
    desk.review(ana.id, ResponseState.DOUBTFUL, "no estuvo ahí")
    assert weighed(desk).answers["present"] == 2
    assert list(desk.journal.read().standing({LUZ.pseudonym})) == []


def test_where_an_observers_newest_is_doubted_the_one_before_it_counts(engine: Engine) -> None:
    desk = Desk(engine)
    desk.answer(ANA, present=3)
    wrong = desk.answer(ANA, present=9)
    desk.review(wrong.id, ResponseState.DOUBTFUL, "era otra mesa")
    assert weighed(desk).answers["present"] == 3


def test_an_answer_to_what_is_not_asked_counts_nothing(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA, sent(faults=(AnswerFault("booth", FaultKind.UNASKED),)))
    assert "booth" not in weighed(desk).answers


def test_nobody_chooses_where_an_answer_is_their_own(engine: Engine) -> None:
    desk = Desk(engine)
    both = Member(TEAM.pseudonym, Role.VERIFIER)
    own, _ = desk.answer(both, present=3), desk.answer(LUZ, present=2)
    with pytest.raises(Forbidden, match="your own"):
        desk.choose({"present": own.id}, "lo vi")


@pytest.mark.parametrize(
    ("choose", "reason", "said"),
    [({"present": "ana"}, " ", "reason"), ({}, "x", "at least one"), ({"access": "ana"}, "x", "no question on which"),
     ({"present": "nobody"}, "x", "no question on which")],
)  # fmt: skip
def test_a_choice_that_says_nothing_is_refused(engine: Engine, choose: dict[str, str], reason: str, said: str) -> None:
    desk = Desk(engine)
    ana, _ = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    with pytest.raises(InvalidInput, match=said):
        desk.choose({q: ana.id if one == "ana" else one for q, one in choose.items()}, reason)


def test_of_two_who_choose_at_once_the_second_is_told_and_may_choose_upon_the_first(engine: Engine) -> None:
    desk = Desk(engine)
    ana, luz = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    seen = desk.journal.read().revision(AT)
    desk.log.choose(TEAM, AT, {"present": luz.id}, "se la llamó por teléfono", seen)
    with pytest.raises(Conflict, match="decided anew since you looked"):
        desk.log.choose(SECOND, AT, {"present": ana.id}, "hay foto", seen)
    assert weighed(desk).chosen == {"present": luz.id}
    desk.choose({"present": ana.id}, "hay foto", SECOND)
    assert weighed(desk).chosen == {"present": ana.id}


@pytest.mark.parametrize("meanwhile", ["answered", "judged"])
def test_a_choice_upon_less_than_is_there_by_now_is_refused(engine: Engine, meanwhile: str) -> None:
    desk = Desk(engine)
    ana, luz = desk.answer(ANA, present=3), desk.answer(LUZ, present=2)
    seen = desk.journal.read().revision(AT)
    if meanwhile == "answered":
        desk.answer(EVA, present=3)
    else:
        desk.review(luz.id, ResponseState.VERIFIED, "hay foto")
    with pytest.raises(Conflict, match="since you looked"):
        desk.log.choose(TEAM, AT, {"present": ana.id}, "lo dicen dos", seen)


def test_where_nobody_answered_there_is_nothing_to_choose(engine: Engine) -> None:
    with pytest.raises(NotFound, match="nobody answered"):
        Desk(engine).choose({"present": "x"}, "x")
