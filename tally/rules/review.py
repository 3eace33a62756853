"""What may be concluded from an area's figures: nothing while one is held, impossible, or disputed beyond its lead."""

from collections.abc import Iterable, Sequence

from tally.model import AreaCount, AreaState, Sums
from tally.rules.issues import MARKS, Issue
from tally.rules.reconcile import is_same_cut


def lead_of(votes: Sequence[int]) -> tuple[int | None, int]:
    """Place of the list with most votes and its lead; None and 0 for a tie."""
    ranked = sorted(range(len(votes)), key=lambda place: -votes[place])
    second = votes[ranked[1]] if len(ranked) > 1 else 0
    margin = votes[ranked[0]] - second
    return (ranked[0] if margin else None), margin


def agreed_lead(published: AreaCount, computed: Sums) -> int:
    """The lead that the published figures and our own sum both give the published leader; not above 0 if ours does not.

    At different cuts the sum says nothing against what is published.
    """
    leader, margin = lead_of(published.votes)
    if leader is None or not is_same_cut(published, computed):
        return margin
    others = (votes for place, votes in enumerate(computed.votes) if place != leader)
    return min(margin, computed.votes[leader] - max(others, default=0))


def is_disputed(published: AreaCount | None, computed: Sums) -> bool:
    """Whether our own sum gives the lead that is published to nobody, or to another list."""
    if published is None or lead_of(published.votes)[0] is None:
        return False
    return agreed_lead(published, computed) <= 0


def is_suspect(held: Iterable[Issue], flags: Iterable[Issue]) -> bool:
    """Whether a newer figure is held, or what stands breaks a rule."""
    return any(True for _ in held) or any(flag.rule not in MARKS for flag in flags)


def is_in_review(state: AreaState) -> bool:
    """Whether the figures shown of an area carry no conclusion for now."""
    return is_suspect(state.held or (), state.flags or ()) or is_disputed(state.published, state.computed)
