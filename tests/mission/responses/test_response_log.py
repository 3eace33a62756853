"""Responses: taken once, in bounds, judged by somebody else, given pictures; each is one entry of the journal."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from mission.incidents.drawings import Drawing, Drawings
from mission.incidents.incident import Photo
from mission.incidents.intake import turn_intake
from mission.people.auditlog import COMMAND_LINE
from mission.responses import response_log
from mission.responses.response import ResponseState
from mission.responses.response_log import ResponseLog
from mission.responses.responses import AddedPhoto
from tally.errors import Conflict, Forbidden, IntakeStopped, InvalidInput, NotFound, TooMany
from tests.mission.people import NOW, deeds
from tests.mission.responses.sending import ANA, LUZ, OPENING, SECOND, TEAM, Desk, sent

PHOTO = AddedPhoto("acta", Photo("a" * 64, 1000, 40, 30))


def test_the_same_key_and_answers_are_the_same_response(engine: Engine) -> None:
    desk, answers = Desk(engine), sent()
    (first, is_new), (again, is_new_again) = (desk.log.file(ANA, answers, OPENING) for _ in range(2))
    assert (is_new, is_new_again) == (True, False)
    assert first == again == desk.journal.read().find(first.id)
    assert desk.log.file(LUZ, answers, OPENING)[0].id != first.id


def test_a_key_that_named_other_answers_is_refused(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA, sent(key="mine"))
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        desk.file(ANA, sent(key="mine", digest="another"))


def test_a_stopped_intake_takes_no_answers_and_knows_those_it_has(engine: Engine) -> None:
    desk, answers = Desk(engine), sent()
    desk.file(ANA, answers)
    turn_intake(engine, COMMAND_LINE, "se revisa", NOW, is_stopped=True)
    assert desk.log.file(ANA, answers, OPENING)[1] is False
    with pytest.raises(IntakeStopped):
        desk.file(ANA)


def test_a_time_to_come_is_asked_about_once(engine: Engine) -> None:
    desk, answers = Desk(engine), sent(ago=-60)
    with pytest.raises(InvalidInput, match="is_time_confirmed"):
        desk.log.file(ANA, answers, OPENING)
    assert desk.log.file(ANA, answers, OPENING, is_time_confirmed=True)[1] is True


@pytest.mark.parametrize(("device", "mission", "whose"), [(2, 99, "this device"), (99, 2, "the mission")])
def test_past_its_quota_a_device_waits_and_the_team_does_not(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, device: int, mission: int, whose: str
) -> None:
    quotas = SimpleNamespace(quotas=SimpleNamespace(device=device, mission=mission))
    monkeypatch.setattr(response_log, "load_limits", lambda: quotas)
    desk = Desk(engine)
    for _ in range(2):
        desk.file()
    desk.now += timedelta(minutes=10)
    with pytest.raises(TooMany, match=whose) as refused:
        desk.file()
    assert refused.value.retry_s == 50 * 60
    desk.file(TEAM)
    desk.now += timedelta(minutes=51)
    desk.file()


def test_a_verifier_says_what_a_response_is_worth_and_why(engine: Engine) -> None:
    desk = Desk(engine)
    response = desk.file()
    assert response.state is ResponseState.OPEN
    desk.review(response.id, ResponseState.VERIFIED, " hay foto ")
    changed = desk.review(response.id, ResponseState.DOUBTFUL, "era otra mesa")
    assert changed.state is ResponseState.DOUBTFUL
    assert [(one.by, one.reason) for one in changed.reviews] == [
        (TEAM.pseudonym, "hay foto"),
        (TEAM.pseudonym, "era otra mesa"),
    ]
    assert deeds(engine) == ["mission response verified", "mission response doubtful"]


def test_a_review_that_may_not_be_is_refused(engine: Engine) -> None:
    desk = Desk(engine)
    own, other = desk.file(TEAM), desk.file(ANA)
    with pytest.raises(Forbidden, match="your own"):
        desk.review(own.id, ResponseState.VERIFIED, "x")
    with pytest.raises(InvalidInput, match="state"):
        desk.review(other.id, ResponseState.OPEN, "x")
    with pytest.raises(InvalidInput, match="reason"):
        desk.review(other.id, ResponseState.VERIFIED, " ")
    with pytest.raises(NotFound):
        desk.review("nothing", ResponseState.VERIFIED, "x")
    desk.review(other.id, ResponseState.VERIFIED, "x")
    with pytest.raises(Conflict, match="verified already"):
        desk.review(other.id, ResponseState.VERIFIED, "x")


def test_of_two_who_judge_at_once_the_second_is_told(engine: Engine) -> None:
    desk = Desk(engine)
    response = desk.file()
    desk.log.review(TEAM, response.id, ResponseState.VERIFIED, "hay foto", 0)
    with pytest.raises(Conflict, match="since you looked"):
        desk.log.review(SECOND, response.id, ResponseState.DOUBTFUL, "era otra mesa", 0)
    assert desk.journal.read().find(response.id).state is ResponseState.VERIFIED


def test_a_picture_belongs_to_one_question_of_one_response(engine: Engine) -> None:
    desk = Desk(engine)
    first, other = desk.file(), desk.file()
    kept: list[str] = []
    assert desk.log.add_photo(ANA, first.id, PHOTO, lambda: kept.append("put")) is True
    assert desk.log.add_photo(ANA, first.id, PHOTO, lambda: kept.append("put")) is False
    assert desk.journal.read().find(first.id).photos == {"acta": (PHOTO.photo,)}
    assert len(kept) == 2
    with pytest.raises(Conflict, match="sent already"):
        desk.log.add_photo(ANA, other.id, PHOTO, lambda: kept.append("put"))


def test_pictures_of_reports_and_answers_have_one_quota(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(engine)
    response, drawing = desk.file(), Drawing("2030-01-06T12:00:00Z", ANA.pseudonym, 1000, incident_id="x", digest="d")
    quota = SimpleNamespace(reports=9, pictures=2, picture_mb=9)
    limits = SimpleNamespace(window=timedelta(hours=1), window_minutes=60, device=quota, mission=quota)
    monkeypatch.setattr("mission.incidents.quotas.LIMITS", limits)
    desk.log.add_photo(ANA, response.id, PHOTO, lambda: None)
    desk.log.check_photo(ANA, response, drawing, Drawings())
    with pytest.raises(TooMany):
        ResponseLog(desk.journal, NOW, (drawing,)).check_photo(ANA, response, drawing, Drawings())


def test_pictures_come_within_a_day_and_are_not_many(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(engine)
    response = desk.file()
    few = SimpleNamespace(reports=SimpleNamespace(most_photos=0, own_for_hours=24))
    with monkeypatch.context() as patched:
        patched.setattr(response_log, "THRESHOLDS", few)
        with pytest.raises(Conflict, match="at most"):
            desk.log.add_photo(ANA, response.id, PHOTO, lambda: None)
    desk.now += timedelta(hours=24)
    with pytest.raises(Forbidden, match="24 hours"):
        desk.log.add_photo(ANA, response.id, PHOTO, lambda: None)
