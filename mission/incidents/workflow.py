"""The legal moves of an incident, as a table. What stands in no line cannot be done."""

from collections.abc import Mapping

from msgspec import Struct

from mission.incidents.incident import OPEN, Deed, Incident, Member, State
from mission.incidents.rubric import Basis, Severity
from mission.people.roles import Role
from mission.thresholds import THRESHOLDS
from tally.errors import Conflict, Forbidden, InvalidInput


class WorkflowMove(Struct, frozen=True):
    """One move: from which states to which, who may make it, and what it needs.

    `is_for_others`: not one's own report.
    """

    move: Deed
    start: tuple[State, ...]
    end: State
    role: Role
    needs_reason: bool = False
    needs_basis: bool = False
    is_for_others: bool = False


MOVES: tuple[WorkflowMove, ...] = (
    WorkflowMove(Deed.REPORT, (State.DRAFT,), State.REPORTED, Role.OBSERVER),
    WorkflowMove(Deed.TAKE, (State.REPORTED, State.REOPENED), State.VERIFYING, Role.VERIFIER, is_for_others=True),
    WorkflowMove(Deed.VERIFY, (State.VERIFYING,), State.VERIFIED, Role.VERIFIER, needs_basis=True, is_for_others=True),
    WorkflowMove(Deed.REJECT, (State.VERIFYING,), State.REJECTED, Role.VERIFIER, needs_reason=True, is_for_others=True),
    WorkflowMove(Deed.MERGE, (State.VERIFYING,), State.DUPLICATE, Role.COORDINATOR, needs_reason=True),
    WorkflowMove(Deed.ESCALATE, (State.VERIFIED,), State.ESCALATED, Role.COORDINATOR),
    WorkflowMove(Deed.RESOLVE, (State.VERIFIED, State.ESCALATED), State.RESOLVED, Role.COORDINATOR, needs_reason=True),
    WorkflowMove(Deed.REOPEN, (State.REJECTED, State.RESOLVED), State.REOPENED, Role.COORDINATOR),
)
# Where it leads follows from the voices there are: see `end_of_correction`. What is settled is reopened first.
CORRECTION = WorkflowMove(
    Deed.CORRECT,
    (State.REPORTED, State.VERIFYING, State.VERIFIED, State.ESCALATED, State.REOPENED),
    State.VERIFYING,
    Role.VERIFIER,
    needs_reason=True,
    is_for_others=True,
)
RULES: Mapping[Deed, WorkflowMove] = {rule.move: rule for rule in MOVES}


def voices_needed(severity: Severity) -> int:
    """How many people must verify an incident of that severity."""
    return THRESHOLDS.voices.get(severity, 1)


def legal_moves(incident: Incident, member: Member) -> list[WorkflowMove]:
    """What that member may do with the incident now."""
    return [rule for rule in MOVES if may(incident, member, rule)]


def end_of(incident: Incident, member: Member, rule: WorkflowMove) -> State:
    """The state a move leads to: a first voice of two leaves the incident where it is."""
    if rule.move is not Deed.VERIFY:
        return rule.end
    voices = {voice.by for voice in incident.voices} | {member.pseudonym}
    return rule.end if len(voices) >= voices_needed(incident.report.severity) else incident.state


def may(incident: Incident, member: Member, rule: WorkflowMove) -> bool:
    """Whether that member may do that with the incident now."""
    return incident.state in rule.start and _obstacle(incident, member, rule) is None


def end_of_correction(incident: Incident, severity: Severity) -> State:
    """The state a correction to that severity leads to: as many voices as it needs make it verified, fewer do not."""
    is_enough = len({voice.by for voice in incident.voices}) >= voices_needed(severity)
    if incident.state in OPEN and not is_enough:
        return State.VERIFYING
    return State.VERIFIED if incident.state is State.VERIFYING and is_enough else incident.state


def check_move(incident: Incident, member: Member, rule: WorkflowMove, reason: str, basis: Basis | None) -> None:
    """Return if the move is legal for that member, with that reason and basis.

    Raises: Conflict: not from this state. Forbidden: not for this member. InvalidInput: something is missing.
    """
    if incident.state not in rule.start:
        raise Conflict(f"incident {incident.id} is {incident.state}: {rule.move} is not possible from there")
    obstacle = _obstacle(incident, member, rule)
    if obstacle is not None:
        raise Forbidden(f"incident {incident.id}: {obstacle}")
    if rule.needs_reason and not reason.strip():
        raise InvalidInput(f"reason: {rule.move} needs one")
    if rule.needs_basis and basis in (None, Basis.NONE):
        known = ", ".join(one for one in Basis if one is not Basis.NONE)
        raise InvalidInput(f"basis: {rule.move} needs one of {known}")


def _obstacle(incident: Incident, member: Member, rule: WorkflowMove) -> str | None:
    if not member.role.covers(rule.role):
        return f"{rule.move} needs the role {rule.role}"
    if rule.is_for_others and incident.is_own(member):
        return f"nobody may {rule.move} a report of their own"
    if rule.move is Deed.VERIFY and any(voice.by == member.pseudonym for voice in incident.voices):
        return "a second person must verify it"
    return None
