"""Our terms in the words of NIST SP 1500-100; what it has no word for is `other`, with one of our own."""

from collections.abc import Sequence

from api.standards.figures import UnitFigures
from tally.election import Contest, Election
from tally.keys import NATION, Level, is_abroad, level_of
from tally.outcome.rule import ContestRule, RuleKind

ISSUER, REHEARSAL = "Escrutinio", "rehearsal"
OTHER, TOTAL, OCD_ID = "other", "total", "ocd-id"
WITHDRAWN = "withdrawn"
# What is counted beside all votes of all.
NULL_VOTES, CHALLENGED_VOTES, ACTAS_AT_JEE = "null-votes", "challenged-votes", "actas-at-jee"
# Identifiers beside those of Open Civic Data.
UBIGEO_ONPE, UBIGEO_INEI, PLACE_ONPE, MESA_ONPE = "ubigeo-onpe", "ubigeo-inei", "polling-place-onpe", "mesa-onpe"
LIST_ONPE, RACE_ONPE, PROCESS_ONPE = "list-onpe", "race-onpe", "process-onpe"
ELECTION, CONTEST, VERSION = "escrutinio-election", "escrutinio-contest", "escrutinio-version"

_UNIT_TYPES = {
    Level.NATION: "country",
    Level.DEPARTMENT: "state",
    Level.PROVINCE: "county",
    Level.DISTRICT: "municipality",
    Level.POLLING_PLACE: "polling-place",
    Level.MESA: "precinct",
}
# The standard's words are of a country's own divisions; those of other countries are ours.
_ABROAD = {Level.SCOPE: "abroad", Level.DEPARTMENT: "continent", Level.PROVINCE: "country", Level.DISTRICT: "city"}


def unit_type(key: str) -> tuple[str, str | None]:
    """Type of a unit, and what `other` is."""
    level = level_of(key)
    if key != NATION and is_abroad(key):
        return OTHER, f"{_ABROAD[level]}-abroad" if level is not Level.SCOPE else _ABROAD[level]
    return _UNIT_TYPES[level], None


def election_identifiers(election: Election) -> list[tuple[str, str]]:
    """Our id of an election, and the source's of its process, where that is known."""
    process = election.process.id
    return [(ELECTION, election.id), *(() if process is None else ((PROCESS_ONPE, str(process)),))]


def contest_identifiers(contest: Contest, version: str | None) -> list[tuple[str, str]]:
    """Our id of a contest, the source's of its race, and the version of its count that is told of."""
    known = [(CONTEST, contest.id), (RACE_ONPE, str(contest.source_id))]
    return [*known, *(() if version is None else ((VERSION, version),))]


def election_type(contests: Sequence[Contest]) -> str:
    """A run-off, where all its contests are one."""
    is_runoff = all(contest.rule.kind is RuleKind.FINAL_ROUND for contest in contests)
    return "runoff" if is_runoff else "general"


def vote_variation(rule: ContestRule) -> tuple[str, str | None]:
    """How a contest is won, and what `other` is: another threshold than more than half."""
    if rule.kind is not RuleKind.TWO_ROUND:
        return "plurality", None
    if rule.threshold == "1/2" and not rule.is_inclusive:
        return "majority", None
    return OTHER, f"two-round-{(rule.threshold or '').replace('/', '-of-')}"


def count_status(unit: UnitFigures) -> str:
    """How far the count of a unit is."""
    if not unit.total or unit.counted is None:
        return "unknown"
    if not unit.counted:
        return "not-processed"
    return "completed" if unit.counted == unit.total else "in-process"
