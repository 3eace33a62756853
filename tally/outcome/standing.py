"""How a contest stands among others, in one word, and which of its lists come first."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from tally.model import AreaCount
from tally.outcome.outcome import Outcome, OutcomeState


class ContestState(StrEnum):
    """What is there to say of a contest: first whether it was read and counted at all, then what its outcome says.

    `open` too where figures are in review, or votes are equal and nothing is out: its outcome says which.
    """

    NOT_READ = "not_read"
    NOTHING_COUNTED = "nothing_counted"
    NO_VALID_VOTES = "no_valid_votes"
    WON = OutcomeState.WON.value
    FIRST_ROUND = OutcomeState.FIRST_ROUND.value
    RUNOFF = OutcomeState.RUNOFF.value
    OPEN = OutcomeState.OPEN.value


def state_of(published: AreaCount | None, outcome: Outcome | None) -> ContestState:
    """The state of a contest of whose whole that is published; None: nothing yet, or there is no outcome for now."""
    if published is None:
        return ContestState.NOT_READ
    if not published.counted:
        return ContestState.NOTHING_COUNTED
    if not any(published.votes):
        return ContestState.NO_VALID_VOTES
    return ContestState.OPEN if outcome is None else ContestState(outcome.state.value)


def first_places(votes: Sequence[int], among: Iterable[int], most: int) -> list[int]:
    """Those places with votes, most first; so many, but a tie for the last of them is not cut."""
    order = sorted((place for place in among if votes[place]), key=lambda place: (-votes[place], place))
    return [place for place in order if votes[place] >= votes[order[min(most, len(order)) - 1]]]
