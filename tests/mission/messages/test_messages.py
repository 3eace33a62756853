"""Messages: sent once to whom they reach then, read once by each, answered by whom they reached, in bounds."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from mission.incidents.incident import Member
from mission.messages.book import LIMITS, Audience, AudienceKind, MessageDraft
from mission.messages.message_log import MessageLog, message_journals
from mission.messages.receivers import Addressee, choose_receivers
from mission.people.roles import Role
from tally.errors import InvalidInput, NotFound, TooMany
from tests.mission.people import NOW

BOSS, ANA, LUZ = Member("boss-1", Role.COORDINATOR), Member("garza-12", Role.OBSERVER), Member("puma-3", Role.OBSERVER)
ALL = Audience(AudienceKind.ALL)


def a_log(engine: Engine, election: str = "an-election") -> MessageLog:
    return MessageLog(message_journals(engine).of(election), election)


def to(*members: Member, text: str = "Cierren a las 17:00", key: str | None = None) -> MessageDraft:
    return MessageDraft(ALL, text, frozenset(member.pseudonym for member in members), key=key)


def test_a_message_is_numbered_and_reaches_whom_it_was_sent_to(engine: Engine) -> None:
    log = a_log(engine)
    first, second = log.send(BOSS, to(ANA, LUZ), NOW)[0], log.send(BOSS, to(ANA), NOW)[0]
    book = message_journals(engine).of("an-election").read()
    assert (first.id, second.id) == (1, 2)
    assert [one.id for one in book.to("garza-12")] == [2, 1]
    assert [one.id for one in book.to("puma-3")] == [1]
    assert book.messages[1].unread_by == ["garza-12", "puma-3"]


def test_to_read_twice_is_to_read_once_at_the_first_time(engine: Engine) -> None:
    log = a_log(engine)
    log.send(BOSS, to(ANA, LUZ), NOW)
    log.mark(ANA, 1, NOW)
    message = log.mark(ANA, 1, NOW + timedelta(hours=1))
    assert message.read_at == {"garza-12": "2030-01-06T12:00:00Z"}
    assert message.unread_by == ["puma-3"]


def test_whoever_answers_has_read_it_and_the_same_words_again_are_one_answer(engine: Engine) -> None:
    log = a_log(engine)
    log.send(BOSS, to(ANA), NOW)
    log.answer(ANA, 1, "Hecho", NOW)
    message = log.answer(ANA, 1, "Hecho", NOW + timedelta(seconds=5))
    assert [(answer.by, answer.text) for answer in message.answers] == [("garza-12", "Hecho")]
    assert message.unread_by == []


def test_a_message_to_others_does_not_exist(engine: Engine) -> None:
    log = a_log(engine)
    log.send(BOSS, to(ANA), NOW)
    with pytest.raises(NotFound):
        log.mark(LUZ, 1, NOW)
    with pytest.raises(NotFound):
        log.answer(LUZ, 1, "Hecho", NOW)
    with pytest.raises(NotFound):
        log.mark(ANA, 2, NOW)


def test_a_message_with_a_key_that_was_seen_is_the_same_one(engine: Engine) -> None:
    log = a_log(engine)
    first, is_new = log.send(BOSS, to(ANA, key="k"), NOW)
    again, is_new_again = log.send(BOSS, to(ANA, LUZ, key="k"), NOW)
    assert (is_new, is_new_again, again) == (True, False, first)
    with pytest.raises(InvalidInput, match="another message"):
        log.send(BOSS, to(ANA, text="Otra cosa", key="k"), NOW)


def test_a_message_to_nobody_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        a_log(engine).send(BOSS, to(), NOW)


def test_a_coordinator_sends_so_many_within_an_hour(engine: Engine) -> None:
    log = a_log(engine)
    for n in range(LIMITS.per_coordinator):
        log.send(BOSS, to(ANA), NOW + timedelta(seconds=n))
    with pytest.raises(TooMany) as refused:
        log.send(BOSS, to(ANA), NOW + timedelta(minutes=1))
    assert refused.value.retry_s == 59 * 60
    log.send(BOSS, to(ANA), NOW + LIMITS.window)


def test_an_observer_answers_so_often_within_an_hour(engine: Engine) -> None:
    log = a_log(engine)
    log.send(BOSS, to(ANA), NOW)
    for n in range(LIMITS.per_observer):
        log.answer(ANA, 1, f"Hecho {n}", NOW)
    with pytest.raises(TooMany):
        log.answer(ANA, 1, "Una más", NOW)


HERE = Addressee("garza-12", team="Norte", prefix="140101", answered=frozenset({"opening"}))
THERE = Addressee("puma-3", team="Sur", prefix="0801")
NOWHERE = Addressee("zorro-7")


@pytest.mark.parametrize(
    ("audience", "reached"),
    [
        (ALL, [HERE, THERE, NOWHERE]),
        (Audience(AudienceKind.TEAM, "Norte"), [HERE]),
        (Audience(AudienceKind.REGION, "department/14"), [HERE]),
        (Audience(AudienceKind.REGION, "district/140101"), [HERE]),
        (Audience(AudienceKind.REGION, "district/140102"), []),
        (Audience(AudienceKind.WITHOUT_FORM, "opening"), [THERE]),
        (Audience(AudienceKind.WITHOUT_FORM, "closing"), [HERE, THERE]),
        (Audience(AudienceKind.PERSON, "zorro-7"), [NOWHERE]),
        (Audience(AudienceKind.PERSON, "zorro-8"), []),
    ],
)
def test_an_audience_is_whom_it_names(audience: Audience, reached: list[Addressee]) -> None:
    assert choose_receivers(audience, [HERE, THERE, NOWHERE]) == reached


@pytest.mark.parametrize(
    "audience",
    [
        Audience(AudienceKind.ALL, "x"),
        Audience(AudienceKind.TEAM),
        Audience(AudienceKind.REGION, "Lima"),
        Audience(AudienceKind.PERSON),
    ],
)
def test_an_audience_that_cannot_be_is_refused(audience: Audience) -> None:
    with pytest.raises(InvalidInput, match="to:"):
        choose_receivers(audience, [HERE])
