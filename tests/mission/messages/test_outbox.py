"""Text messages on their way out: none lost, none sent to who may not be written to, no more than the budget."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from mission.incidents.incident import Member
from mission.messages.book import Audience, AudienceKind, MessageDraft
from mission.messages.message_log import MessageLog, message_journals
from mission.messages.outbox import LIMITS, TextDelivery, read_progress, settle_text, take_texts
from mission.messages.strangers import note_stranger
from mission.messages.tables import text_strangers
from mission.people.accounts import revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.retention import purge
from mission.people.roles import Role
from mission.people.tables import accounts, contacts, suspensions
from mission.transactions import exclusive
from tests.mission.people import NOW, add

BOSS = Member("boss-1", Role.COORDINATOR)
ELECTION = "an-election"


def with_phones(engine: Engine, n: int) -> list[str]:
    """Pseudonyms of observers, each with a number; the last has none."""
    for name in range(n + 1):
        add(engine, f"observer{name}", Role.OBSERVER)
    with exclusive(engine) as connection:
        rows = connection.execute(select(accounts.c.id, accounts.c.pseudonym).order_by(accounts.c.id)).all()
        for row in rows[:n]:
            connection.execute(insert(contacts).values(account_id=row.id, phone=f"+5198765432{row.id}"))
    return [row.pseudonym for row in rows]


def send(engine: Engine, receivers: Sequence[str]) -> None:
    draft = MessageDraft(Audience(AudienceKind.ALL), "Cierren", frozenset(receivers), is_by_text=True)
    MessageLog(message_journals(engine).of(ELECTION), ELECTION).send(BOSS, draft, NOW)


def take(engine: Engine, now: datetime = NOW, **limits: int) -> list[TextDelivery]:
    return take_texts(engine, now, **limits)


def test_a_message_is_lined_up_for_those_with_a_number_and_taken_once(engine: Engine) -> None:
    send(engine, with_phones(engine, 2))
    taken = take(engine)
    assert [(one.message, one.tries) for one in taken] == [(1, 1), (1, 1)]
    assert len({one.phone for one in taken}) == len({one.id for one in taken}) == 2
    assert take(engine) == []


def test_one_that_nobody_settled_is_taken_again_under_the_same_id(engine: Engine) -> None:
    send(engine, with_phones(engine, 1))
    [first] = take(engine)
    [again] = take(engine, NOW + timedelta(minutes=2))
    assert (again.id, again.tries) == (first.id, 2)


def test_one_that_failed_waits_longer_each_time_and_is_given_up_at_last(engine: Engine) -> None:
    send(engine, with_phones(engine, 1))
    now, waits = NOW, list[float]()
    for _ in range(LIMITS.most_tries):
        [delivery] = take(engine, now)
        settle_text(engine, delivery, now, is_good=False)
        assert take(engine, now + timedelta(seconds=4)) == []
        waits.append(5.0 * 2 ** (delivery.tries - 1))
        now += timedelta(seconds=min(waits[-1], 3600))
    assert take(engine, now + timedelta(days=1)) == []
    assert read_progress(engine, ELECTION)[1].given_up == 1


def test_one_that_was_sent_is_done_with_and_counted(engine: Engine) -> None:
    send(engine, with_phones(engine, 2))
    first, _ = take(engine)
    settle_text(engine, first, NOW, is_good=True)
    progress = read_progress(engine, ELECTION)[1]
    assert (progress.lined_up, progress.sent, progress.given_up) == (2, 1, 0)


def test_a_minute_has_a_budget_for_all_servers(engine: Engine) -> None:
    send(engine, with_phones(engine, 5))
    assert len(take(engine, per_minute=3)) == 3
    assert take(engine, NOW + timedelta(seconds=59), per_minute=3) == []
    assert len(take(engine, NOW + timedelta(seconds=61), per_minute=3)) == 2


@pytest.mark.parametrize("way", ["revoked", "suspended", "purged"])
def test_who_may_not_be_written_to_any_more_is_given_up_without_a_number(engine: Engine, way: str) -> None:
    send(engine, with_phones(engine, 1))
    if way == "revoked":
        revoke_account(engine, "observer0", COMMAND_LINE, NOW)
    with exclusive(engine) as connection:
        if way == "suspended":
            account = connection.execute(select(accounts.c.id).where(accounts.c.name == "observer0")).scalar_one()
            connection.execute(insert(suspensions).values(account_id=account, at="2030-01-06T12:00:00Z", reason="x"))
        if way == "purged":
            connection.execute(contacts.delete())
    [delivery] = take(engine)
    settle_text(engine, delivery, NOW, is_good=False)
    assert delivery.phone is None
    assert read_progress(engine, ELECTION)[1].given_up == 1


def test_nothing_that_is_logged_of_a_text_has_its_number(engine: Engine) -> None:
    send(engine, with_phones(engine, 1))
    [delivery] = take(engine)
    assert delivery.phone is not None
    assert delivery.phone not in repr(delivery)


def test_a_stranger_is_answered_once_a_day_and_forgotten_the_day_after(engine: Engine) -> None:
    assert [note_stranger(engine, "a", NOW) for _ in range(3)] == [True, False, False]
    assert note_stranger(engine, "b", NOW + timedelta(days=1))
    with engine.begin() as connection:
        assert connection.execute(select(text_strangers.c.sender, text_strangers.c.count)).all() == [("b", 1)]
    assert purge(engine, NOW + timedelta(days=2)) == 1
    assert note_stranger(engine, "a", NOW + timedelta(days=2))
