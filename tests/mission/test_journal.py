"""The observation's journal: one decision at a time, in order, of one room and one election; nothing is taken back."""

import threading
from collections.abc import Iterable, Sequence

import msgspec
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mission.incidents.incident import Member
from mission.journal import Entry, Journal, NewEntry
from mission.people.roles import Role
from tally.errors import Conflict, StoreMismatch
from tests.mission.people import NOW, before_the_upgrade

ANA = Member("garza-12", Role.OBSERVER)


def fold(state: tuple[str, ...], entries: Iterable[Entry]) -> tuple[str, ...]:
    return (*state, *(entry.subject for entry in entries))


def a_journal(engine: Engine, room: str = "forms", election: str = "an-election") -> Journal[tuple[str, ...]]:
    return Journal(engine, election, room, (), fold)


def enter(journal: Journal[tuple[str, ...]], *subjects: str) -> tuple[str, ...]:
    return journal.write(ANA, NOW, lambda _, __: [NewEntry(subject, "add") for subject in subjects])


def test_what_one_writes_another_reads_and_no_other_room_or_election_does(engine: Engine) -> None:
    one, other = a_journal(engine), a_journal(engine)
    assert enter(one, "a", "b") == ("a", "b")
    assert enter(other, "c") == ("a", "b", "c")
    assert one.read() == ("a", "b", "c")
    assert a_journal(engine, room="messages").read() == a_journal(engine, election="another").read() == ()


def test_a_decision_that_raises_enters_nothing(engine: Engine) -> None:
    journal = a_journal(engine)

    def refuse(_: Connection, state: tuple[str, ...]) -> Sequence[NewEntry]:
        raise Conflict(f"there are {len(state)}")

    enter(journal, "a")
    with pytest.raises(Conflict, match="there are 1"):
        journal.write(ANA, NOW, refuse)
    assert journal.read() == ("a",)


def test_what_cannot_be_folded_is_not_entered_so_that_the_room_stays_open(engine: Engine) -> None:
    def strict(state: tuple[str, ...], entries: Iterable[Entry]) -> tuple[str, ...]:
        return fold(state, [entry for entry in entries if msgspec.json.decode(entry.data, type=dict[str, str]) == {}])

    journal = Journal(engine, "an-election", "forms", (), strict)
    enter(journal, "a")
    with pytest.raises(msgspec.ValidationError):
        journal.write(ANA, NOW, lambda _, __: [NewEntry("b", "add", b"[1]")])
    assert journal.read() == Journal(engine, "an-election", "forms", (), strict).read() == ("a",)


def test_each_decision_sees_all_that_were_made_before_it(engine: Engine) -> None:
    journals = [a_journal(engine) for _ in range(4)]

    def count(journal: Journal[tuple[str, ...]]) -> None:
        for _ in range(5):
            journal.write(ANA, NOW, lambda _, state: [NewEntry(str(len(state)), "add")])

    threads = [threading.Thread(target=count, args=(journal,)) for journal in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert a_journal(engine).read() == tuple(str(n) for n in range(20))


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_change_or_remove_an_entry(engine: Engine, statement: str) -> None:
    journal = a_journal(engine)
    enter(journal, "a")
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    assert a_journal(engine).read() == ("a",)


def test_before_the_upgrade_that_makes_the_table_nothing_was_done(engine: Engine) -> None:
    with before_the_upgrade(engine, "journal"):
        assert a_journal(engine).read() == ()
        with pytest.raises(StoreMismatch):
            enter(a_journal(engine), "a")
