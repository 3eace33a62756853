"""The run-off that would follow on an election's figures, invented: who meets is real, how they fare is not."""

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from tally.election import Contest, Election, Official, OfficialArea, Process
from tally.errors import InvalidInput
from tally.outcome.rule import ContestRule, RuleKind

# As after the first rounds of 2018 and 2022.
_LATER = timedelta(weeks=9)


def runoff_of(election: Election) -> Election:
    """An election between the first two of each contest that nobody has won; all who voted come again.

    Raises: InvalidInput: it has no figures, or all of its contests are won.
    """
    pairs = list(_pairs(election))
    if not pairs:
        raise InvalidInput(f"no run-off follows on {election.id}: it has no figures here, or each contest is won")
    return replace(
        election,
        id=f"{election.id}-runoff",
        name={language: f"{name} (2)" for language, name in election.name.items()},
        date=election.date + _LATER,
        process=Process((election.process.id or 0) + 1, f"{election.process.name} (SEGUNDA ELECCIÓN)", None),
        contests=tuple(contest for contest, _ in pairs),
        official=Official("invented for a rehearsal", tuple(area for _, area in pairs)),
        official_final=None,
    )


def _pairs(election: Election) -> Iterator[tuple[Contest, OfficialArea]]:
    for area in election.official.areas if election.official is not None else ():
        contest = election.contest_of(area.ubigeo)
        if contest is None or contest.rule.kind is not RuleKind.TWO_ROUND:
            continue
        first, second = sorted(contest.running, key=lambda place: -area.votes[place])[:2]
        valid = sum(area.votes)
        if area.votes[first] < contest.rule.least(valid):
            # The votes of the others are halved, so that it stays close; lists keep their order on the ballot.
            given = (valid - area.votes[first] - area.votes[second]) // 2
            votes = {first: area.votes[first] + given, second: valid - area.votes[first] - given}
            places = sorted(votes)
            pair = tuple(contest.lists[place] for place in places)
            yield (
                replace(contest, rule=ContestRule(RuleKind.FINAL_ROUND), lists=pair),
                replace(area, votes=tuple(votes[place] for place in places), at_jee=0, pending=0),
            )
