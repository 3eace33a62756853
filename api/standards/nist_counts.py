"""What was counted in a contest, unit by unit, in the standard's classes."""

from collections.abc import Iterable, Iterator

from msgspec import UNSET

from api.standards import naming, terms
from api.standards.figures import ContestFigures, UnitFigures
from api.standards.naming import Names, unit_id
from api.standards.nist_model import (
    NistBallotCounts,
    NistCandidateContest,
    NistCandidateSelection,
    NistCountStatus,
    NistExternalIdentifier,
    NistInternationalizedText,
    NistLanguageString,
    NistOtherCounts,
    NistVoteCounts,
    if_known,
)
from tally.election import ListEntry
from tally.outcome.rule import RuleKind


def texts(names: Names) -> NistInternationalizedText:
    """Names as a text in several languages; one that is the same in all stands once."""
    told = names if len(set(names.values())) > 1 else dict([next(iter(names.items()))])
    return NistInternationalizedText(
        text=tuple(NistLanguageString(content=name, language=code) for code, name in told.items())
    )


def identifier(kind: str, value: str) -> NistExternalIdentifier:
    """An identifier of others; all but those of Open Civic Data are of a type of ours."""
    if kind == terms.OCD_ID:
        return NistExternalIdentifier(type=kind, value=value)
    return NistExternalIdentifier(type=terms.OTHER, other_type=kind, value=value)


def statuses(unit: UnitFigures) -> tuple[NistCountStatus, ...]:
    """How far the count of a unit is, and whether actas of it are at the juries."""
    found = NistCountStatus(type=terms.TOTAL, status=terms.count_status(unit))
    if not unit.at_jee:
        return (found,)
    return found, NistCountStatus(type=terms.OTHER, other_type=terms.ACTAS_AT_JEE, status="in-process")


def contest(told: ContestFigures, order: int) -> NistCandidateContest:
    """A contest with the votes of its units."""
    own, whole = told.contest, told.whole
    variation, other_variation = terms.vote_variation(own.rule)
    known = terms.contest_identifiers(own, told.version)
    selections = (_selection(told, place, entry) for place, entry in enumerate(own.lists))
    return NistCandidateContest(
        id=naming.contest_id(own),
        name=next(iter(own.name.values())),
        ballot_title=texts(own.name),
        election_district_id=unit_id(own.whole),
        votes_allowed=1,
        number_elected=1,
        number_runoff=2 if own.rule.kind is RuleKind.TWO_ROUND else UNSET,
        sequence_order=order,
        vote_variation=variation,
        other_vote_variation=if_known(other_variation),
        external_identifier=tuple(identifier(*one) for one in known),
        count_status=statuses(whole),
        sub_units_reported=if_known(whole.counted),
        total_sub_units=if_known(whole.total),
        contest_selection=tuple(selections),
        other_counts=if_known(tuple(_blank(told.units))),
    )


def _selection(told: ContestFigures, place: int, entry: ListEntry) -> NistCandidateSelection:
    """A list that runs no more has neither candidate nor votes; what is known of it is its party."""
    own = told.contest
    has_candidate = bool(entry.candidate)
    counts = () if entry.is_withdrawn else tuple(_votes(told.units, place))
    return NistCandidateSelection(
        id=naming.selection_id(own, entry),
        sequence_order=place + 1,
        candidate_ids=(naming.candidate_id(own, entry),) if has_candidate else UNSET,
        endorsement_party_ids=UNSET if has_candidate else (naming.party_id(entry),),
        vote_counts=if_known(counts),
    )


def _votes(units: Iterable[UnitFigures], place: int) -> Iterator[NistVoteCounts]:
    for unit in units:
        votes = None if unit.votes is None else unit.votes[place]
        if votes is not None:
            yield NistVoteCounts(count=votes, gp_unit_id=unit_id(unit.key), type=terms.TOTAL)


def _blank(units: Iterable[UnitFigures]) -> Iterator[NistOtherCounts]:
    for unit in units:
        if unit.blank is not None:
            yield NistOtherCounts(gp_unit_id=unit_id(unit.key), undervotes=unit.blank)


def ballots(unit: UnitFigures) -> Iterator[NistBallotCounts]:
    """Votes cast in a unit, those of them that are null or challenged, and how many actas are at the juries."""
    own = unit_id(unit.key)
    if unit.cast is not None:
        yield NistBallotCounts(gp_unit_id=own, type=terms.TOTAL, ballots_cast=unit.cast)
    for kind, votes in ((terms.NULL_VOTES, unit.null), (terms.CHALLENGED_VOTES, unit.challenged)):
        if votes is not None:
            yield NistBallotCounts(gp_unit_id=own, type=terms.OTHER, other_type=kind, ballots_cast=votes)
    if unit.at_jee is not None:
        kind = terms.ACTAS_AT_JEE
        yield NistBallotCounts(gp_unit_id=own, type=terms.OTHER, other_type=kind, ballots_outstanding=unit.at_jee)
