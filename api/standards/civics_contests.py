"""A contest in Google's Civics profile: selections with their votes, blank and null ones, and what else is known."""

from collections.abc import Callable, Sequence

from api.standards import naming, terms
from api.standards.figures import ContestFigures, UnitFigures
from api.standards.naming import unit_id
from api.standards.xml import KIND, Element, add, add_identifiers, add_known, add_names
from tally.election import ListEntry

Votes = Callable[[UnitFigures], int | None]


def add_contest(
    collection: Element, told: ContestFigures, units: Sequence[UnitFigures], order: int, stable: str
) -> None:
    """Add it with the votes of those units, in the order that the profile's schema has."""
    contest = told.contest
    own = naming.contest_id(contest)
    element = add(collection, "Contest", **{KIND: "CandidateContest", "objectId": own})
    for place, entry in enumerate(contest.lists):
        if entry.candidate:
            _add_selection(element, told, units, place, entry)
    add_names(element, "BallotTitle", contest.name)
    _add_special(element, "Blank", own, units, lambda unit: unit.blank)
    status = add(element, "CountStatus")
    add(status, "Status", terms.count_status(told.whole))
    add(status, "Type", terms.TOTAL)
    add(element, "ElectoralDistrictId", unit_id(contest.whole))
    add_identifiers(element, stable, terms.contest_identifiers(contest, told.version))
    add(element, "Name", next(iter(contest.name.values())))
    _add_special(element, "Null", own, units, lambda unit: unit.null)
    add(element, "SequenceOrder", order)
    add_known(element, "SubUnitsReported", told.whole.counted)
    for unit in units:
        _add_summaries(element, unit)
    add_known(element, "TotalSubUnits", told.whole.total)
    variation, other = terms.vote_variation(contest.rule)
    add(element, "VoteVariation", variation)
    add_known(element, "OtherVoteVariation", other)
    add(element, "NumberElected", 1)
    add(element, "VotesAllowed", 1)


def _add_selection(
    contest: Element, told: ContestFigures, units: Sequence[UnitFigures], place: int, entry: ListEntry
) -> None:
    own = naming.selection_id(told.contest, entry)
    selection = add(contest, "BallotSelection", **{KIND: "CandidateSelection", "objectId": own})
    add(selection, "SequenceOrder", place + 1)
    if not entry.is_withdrawn:
        _add_votes(selection, units, lambda unit: None if unit.votes is None else unit.votes[place])
    add(selection, "CandidateIds", naming.candidate_id(told.contest, entry))


def _add_special(contest: Element, kind: str, own: str, units: Sequence[UnitFigures], votes: Votes) -> None:
    """Votes for nobody, if any unit's are known: they are no part of what shares are of."""
    if all(votes(unit) is None for unit in units):
        return
    selection = add(contest, f"{kind}BallotSelection", objectId=f"{kind.lower()}-{own}")
    _add_votes(selection, units, votes)
    add(selection, "CountedInTotal", False)
    add_names(selection, "Selection", naming.text(f"figure.{kind.lower()}"))


def _add_votes(selection: Element, units: Sequence[UnitFigures], votes: Votes) -> None:
    known = [(unit, votes(unit)) for unit in units]
    if all(count is None for _, count in known):
        return
    collection = add(selection, "VoteCountsCollection")
    for unit, count in known:
        if count is not None:
            counts = add(collection, "VoteCounts")
            add(counts, "GpUnitId", unit_id(unit.key))
            add(counts, "Type", terms.TOTAL)
            add(counts, "Count", count)


def _add_summaries(contest: Element, unit: UnitFigures) -> None:
    """Votes cast in a unit, those of them that are challenged, and how many actas are at the juries."""
    for kind, tag, number in (
        (None, "BallotsCast", unit.cast),
        (terms.CHALLENGED_VOTES, "BallotsCast", unit.challenged),
        (terms.ACTAS_AT_JEE, "BallotsOutstanding", unit.at_jee),
    ):
        if number is not None:
            counts = add(contest, "SummaryCounts")
            add(counts, "GpUnitId", unit_id(unit.key))
            add(counts, "Type", terms.TOTAL if kind is None else terms.OTHER)
            add_known(counts, "OtherType", kind)
            add(counts, tag, number)
