"""The workflow: every state, move and role; whatever no line of the specification allows is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from mission.incidents.book import Book
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Deed, Facts, Incident, Member, Photo, Report, SeenIncident, State
from mission.incidents.incident_log import Act, IncidentLog
from mission.incidents.location import Location
from mission.incidents.rubric import Basis, Category, Severity
from mission.incidents.similarity import find_similar
from mission.incidents.workflow import MOVES, RULES, check_move, end_of, legal_moves
from mission.people.roles import Role
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound
from tally.storage.store import Store

NOW = datetime(2026, 6, 7, 18, 0, tzinfo=UTC)
# The specification, word for word: docs of the mission, "States and legal moves".
LEGAL = {
    (State.DRAFT, State.REPORTED),
    (State.REPORTED, State.VERIFYING),
    (State.VERIFYING, State.VERIFIED),
    (State.VERIFYING, State.REJECTED),
    (State.VERIFYING, State.DUPLICATE),
    (State.VERIFIED, State.RESOLVED),
    (State.VERIFIED, State.ESCALATED),
    (State.ESCALATED, State.RESOLVED),
    (State.REJECTED, State.REOPENED),
    (State.RESOLVED, State.REOPENED),
    (State.REOPENED, State.VERIFYING),
}
NEEDS_REASON = {State.REJECTED, State.DUPLICATE, State.RESOLVED}
OBSERVER, VERIFIER, SECOND, COORDINATOR = (
    Member("garza-001", Role.OBSERVER),
    Member("loro-002", Role.VERIFIER),
    Member("pato-003", Role.VERIFIER),
    Member("ibis-004", Role.COORDINATOR),
)
PATHS: dict[State, tuple[Deed, ...]] = {
    State.REPORTED: (),
    State.VERIFYING: (Deed.TAKE,),
    State.VERIFIED: (Deed.TAKE, Deed.VERIFY),
    State.REJECTED: (Deed.TAKE, Deed.REJECT),
    State.DUPLICATE: (Deed.TAKE, Deed.MERGE),
    State.RESOLVED: (Deed.TAKE, Deed.VERIFY, Deed.RESOLVE),
    State.ESCALATED: (Deed.TAKE, Deed.VERIFY, Deed.ESCALATE),
    State.REOPENED: (Deed.TAKE, Deed.REJECT, Deed.REOPEN),
}


def make_report(key: str = "k", **changed: object) -> Report:
    """A report of a polling place."""
    values = {
        "category": Category.OPENING_DELAY,
        "severity": Severity.MINOR,
        "location": Location("place/1401011", "1401011", "140101"),
        "occurred_at": "2026-06-07T13:00:00Z",
        "device_at": "2026-06-07T13:01:00Z",
        "text": "Abrió tarde",
        "key": key,
        "digest": key,
    }
    return Report(**{**values, **changed})


@pytest.fixture
def casebook(any_store: Store) -> Casebook:
    return Casebook(any_store.engine, "2026-06-07-president-runoff")


@pytest.fixture
def sqlite_casebook(store: Store) -> Casebook:
    """For the rules themselves, which are the same whatever the database."""
    return Casebook(store.engine, "2026-06-07-president-runoff")


def seen(incident: Incident) -> SeenIncident:
    """As whoever has it on screen decides upon it."""
    return SeenIncident(incident.id, incident.revision)


def lead_to(desk: IncidentLog, state: State, key: str = "k", **changed: object) -> Incident:
    """An incident in that state, brought there by legal moves."""
    incident, _ = desk.file(OBSERVER, make_report(key, **changed))
    for deed in PATHS[state]:
        if deed is Deed.MERGE:
            other, _ = desk.file(OBSERVER, make_report(f"{key}-other"))
            incident = desk.merge(COORDINATOR, seen(incident), other.id, "el mismo")
        else:
            who = VERIFIER if RULES[deed].role is Role.VERIFIER else COORDINATOR
            incident = desk.move(who, seen(incident), Act(deed, "porque sí", Basis.DIRECT_OBSERVATION))
    assert incident.state is state
    return incident


def test_the_table_has_the_moves_of_the_specification_and_no_other() -> None:
    assert {(start, rule.end) for rule in MOVES for start in rule.start} == LEGAL
    assert {rule.end for rule in MOVES if rule.needs_reason} == NEEDS_REASON
    assert {rule.move for rule in MOVES if rule.is_for_others} == {Deed.TAKE, Deed.VERIFY, Deed.REJECT}


@pytest.mark.parametrize(("state", "rule"), list(product(PATHS, MOVES)), ids=lambda one: getattr(one, "move", one))
def test_every_state_and_move_is_either_in_the_table_or_refused(
    sqlite_casebook: Casebook, state: State, rule: object
) -> None:
    casebook, desk = sqlite_casebook, IncidentLog(sqlite_casebook, NOW)
    incident = lead_to(desk, state)
    assert rule in MOVES
    move = next(one for one in MOVES if one == rule)
    if state in move.start:
        check_move(incident, COORDINATOR, move, "motivo", Basis.MEDIA_ONLY)
        if move.move is not Deed.MERGE:
            moved = desk.move(COORDINATOR, seen(incident), Act(move.move, "motivo", Basis.MEDIA_ONLY))
            assert (moved.events[-1].before, moved.events[-1].after) == (state, move.end)
    else:
        with pytest.raises(Conflict):
            check_move(incident, COORDINATOR, move, "motivo", Basis.MEDIA_ONLY)
        before = casebook.read().seq
        with pytest.raises(Conflict):
            desk.move(COORDINATOR, seen(incident), Act(move.move, "motivo", Basis.MEDIA_ONLY))
        assert casebook.read().seq == before


@pytest.mark.parametrize(("role", "rule"), list(product(Role, MOVES)), ids=lambda one: getattr(one, "move", one))
def test_every_move_is_for_its_role_and_those_above(sqlite_casebook: Casebook, role: Role, rule: object) -> None:
    move = next(one for one in MOVES if one == rule)
    if move.move is Deed.REPORT:
        return
    incident = lead_to(IncidentLog(sqlite_casebook, NOW), move.start[0])
    member = Member("otra-009", role)
    offered = {one.move for one in legal_moves(incident, member)}
    assert (move.move in offered) is role.covers(move.role)
    if not role.covers(move.role):
        with pytest.raises(Forbidden, match="role"):
            check_move(incident, member, move, "motivo", Basis.MEDIA_ONLY)


@pytest.mark.parametrize("rule", [rule for rule in MOVES if rule.needs_reason], ids=lambda rule: rule.move)
def test_what_needs_a_reason_is_refused_without_one(sqlite_casebook: Casebook, rule: object) -> None:
    move = next(one for one in MOVES if one == rule)
    incident = lead_to(IncidentLog(sqlite_casebook, NOW), move.start[0])
    with pytest.raises(InvalidInput, match="reason"):
        check_move(incident, COORDINATOR, move, " \n", None)


def test_a_verification_rests_on_something(casebook: Casebook) -> None:
    incident = lead_to(IncidentLog(casebook, NOW), State.VERIFYING)
    for nothing in (None, Basis.NONE):
        with pytest.raises(InvalidInput, match="basis"):
            IncidentLog(casebook, NOW).move(VERIFIER, seen(incident), Act(Deed.VERIFY, "", nothing))


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.NONE])
def test_every_basis_of_the_rubric_is_taken_and_kept(casebook: Casebook, basis: Basis) -> None:
    incident = lead_to(IncidentLog(casebook, NOW), State.VERIFYING)
    verified = IncidentLog(casebook, NOW).move(VERIFIER, seen(incident), Act(Deed.VERIFY, "", basis))
    assert [voice.basis for voice in verified.voices] == [basis]


def test_a_critical_incident_takes_two_voices_and_reopening_forgets_them(casebook: Casebook) -> None:
    desk = IncidentLog(casebook, NOW)
    incident = lead_to(desk, State.VERIFYING, severity=Severity.CRITICAL)
    verify = Act(Deed.VERIFY, "", Basis.SECOND_OBSERVER)
    assert end_of(incident, VERIFIER, RULES[Deed.VERIFY]) is State.VERIFYING
    first = desk.move(VERIFIER, seen(incident), verify)
    assert (first.state, first.verified_at) == (State.VERIFYING, None)
    with pytest.raises(Forbidden, match="second person"):
        desk.move(VERIFIER, seen(first), verify)
    verified = desk.move(SECOND, seen(first), verify)
    assert verified.state is State.VERIFIED
    resolved = desk.move(COORDINATOR, seen(verified), Act(Deed.RESOLVE, "pasó"))
    again = desk.move(VERIFIER, seen(desk.move(COORDINATOR, seen(resolved), Act(Deed.REOPEN))), Act(Deed.TAKE))
    assert (again.voices, again.verified_at, again.outcome) == ((), None, None)
    assert desk.move(VERIFIER, seen(again), verify).state is State.VERIFYING


def _decisions(desk: IncidentLog, incident: Incident, other: Incident) -> dict[str, Callable[[], object]]:
    """Every decision there is, upon the incident as it was then."""
    then, severe = seen(incident), Facts(severity=Severity.CRITICAL)
    return {
        "move": lambda: desk.move(SECOND, then, Act(Deed.REJECT, "no pasó")),
        "correct": lambda: desk.correct(SECOND, then, severe, "fue peor"),
        "assign": lambda: desk.assign(COORDINATOR, then, SECOND.pseudonym),
        "merge": lambda: desk.merge(COORDINATOR, then, other.id, "lo mismo"),
    }


@pytest.mark.parametrize("first", ["move", "correct", "assign", "merge", "absorb"])
@pytest.mark.parametrize("second", ["move", "correct", "assign", "merge"])
def test_of_two_who_decide_upon_the_same_the_second_is_told_and_changes_nothing(
    sqlite_casebook: Casebook, first: str, second: str
) -> None:
    desk = IncidentLog(sqlite_casebook, NOW)
    incident, other = lead_to(desk, State.VERIFYING, "a"), lead_to(desk, State.VERIFYING, "b")
    then = _decisions(desk, incident, other)
    then["absorb"] = lambda: desk.merge(COORDINATOR, seen(other), incident.id, "lo mismo")
    then[first]()
    after = sqlite_casebook.read()
    with pytest.raises(Conflict, match=r"^seen:"):
        then[second]()
    assert sqlite_casebook.read() == after


@pytest.mark.parametrize("decision", ["move", "correct", "assign", "merge"])
def test_what_only_adds_to_a_report_leaves_what_was_seen_of_it(sqlite_casebook: Casebook, decision: str) -> None:
    desk = IncidentLog(sqlite_casebook, NOW)
    incident, other = lead_to(desk, State.VERIFYING, "a"), lead_to(desk, State.VERIFYING, "b")
    decisions = _decisions(desk, incident, other)
    desk.note(OBSERVER, incident.id, "sigue cerrado")
    desk.add_photo(OBSERVER, incident.id, Photo("ab" * 32, 9, 1, 1), lambda: None)
    decisions[decision]()
    assert sqlite_casebook.read().incidents[incident.id].revision == incident.revision + 1


def test_the_book_is_the_fold_of_the_log_wherever_it_is_read(casebook: Casebook) -> None:
    desk = IncidentLog(casebook, NOW)
    for n, state in enumerate(PATHS):
        lead_to(desk, state, f"k{n}")
    read_anew = Casebook(casebook._engine, casebook._election_id).read()
    assert read_anew == casebook.read()
    assert read_anew != Book()
    seqs = [event.seq for incident in read_anew.incidents.values() for event in incident.events]
    assert sorted(seqs) == list(range(1, read_anew.seq + 1))


def test_two_processes_write_one_log_without_a_gap(casebook: Casebook) -> None:
    other = Casebook(casebook._engine, casebook._election_id)
    for n in range(6):
        writer = (casebook, other)[n % 2]
        IncidentLog(writer, NOW).file(OBSERVER, make_report(f"k{n}"))
    assert casebook.read() == other.read()
    assert other.read().seq == 6


def test_the_log_never_goes_back_in_time(casebook: Casebook) -> None:
    incident = lead_to(IncidentLog(casebook, NOW), State.REPORTED)
    moved = IncidentLog(casebook, NOW - timedelta(hours=1)).move(VERIFIER, seen(incident), Act(Deed.TAKE))
    assert moved.events[-1].at == moved.events[0].at


def test_reports_of_one_place_and_category_within_ninety_minutes_are_similar(casebook: Casebook) -> None:
    desk = IncidentLog(casebook, NOW)
    one, _ = desk.file(OBSERVER, make_report("a"))
    near, _ = desk.file(VERIFIER, make_report("b", occurred_at="2026-06-07T14:30:00Z"))
    desk.file(VERIFIER, make_report("c", occurred_at="2026-06-07T14:30:01Z"))
    desk.file(VERIFIER, make_report("d", location=Location("place/1401012", "1401012", "140101")))
    desk.file(VERIFIER, make_report("e", category=Category.OTHER))
    book = casebook.read()
    assert [other.id for other in find_similar(one, book.incidents.values())] == [near.id]


def test_an_incident_is_not_merged_into_itself_or_into_a_duplicate(casebook: Casebook) -> None:
    desk = IncidentLog(casebook, NOW)
    duplicate, other = lead_to(desk, State.DUPLICATE, "a"), lead_to(desk, State.VERIFYING, "b")
    with pytest.raises(InvalidInput):
        desk.merge(COORDINATOR, seen(other), other.id, "x")
    with pytest.raises(Conflict):
        desk.merge(COORDINATOR, seen(other), duplicate.id, "x")
    with pytest.raises(NotFound):
        desk.merge(COORDINATOR, seen(other), "nosuchid", "x")


def test_observers_add_to_their_report_for_a_day(casebook: Casebook) -> None:
    incident = lead_to(IncidentLog(casebook, NOW), State.REPORTED)
    IncidentLog(casebook, NOW + timedelta(hours=23, minutes=59)).note(OBSERVER, incident.id, "también")
    with pytest.raises(Forbidden, match="24 hours"):
        IncidentLog(casebook, NOW + timedelta(hours=24)).note(OBSERVER, incident.id, "tarde")
    IncidentLog(casebook, NOW + timedelta(hours=48)).note(VERIFIER, incident.id, "el equipo sí")
