"""What is still open, by arithmetic alone: never a probability, never a projection."""

import msgspec
from msgspec import Struct

from tally.election import Election
from tally.keys import ABROAD, NATION
from tally.model import AreaState
from tally.outcome.judgement import Judgement, Whole, judge
from tally.outcome.outcome import Outcome
from tally.rules.review import is_in_review, lead_of
from tally.view import View

PARTIAL, COMPLETE = "unofficial-partial", "unofficial-complete"


class Outlook(Struct, frozen=True):
    """Who leads and what is out. All None until the source states a national count, of one acta at least.

    leader: place of the leading list in the contest, None while there is a tie at the top.
    uncounted_registered: registered voters of all uncounted actas, or a number they cannot exceed (`…_is_bound`).
    decided: the contest's rule leaves nothing open (`outcome`); None also while `in_review`: a figure that it rests on
    is held, impossible, or disputed by so much that it would make a difference. Then there is no outcome either.
    """

    leader: int | None = None
    margin: int | None = None
    uncounted_actas: int | None = None
    uncounted_registered: int | None = None
    uncounted_registered_is_bound: bool = True
    decided: bool | None = None
    in_review: bool = False
    outcome: Outcome | None = None


def area_state(view: View, key: str) -> AreaState | None:
    """The value of an area, None if nothing is known of it."""
    entry = view.entries.get(key)
    return None if entry is None else msgspec.json.decode(entry.change.data, type=AreaState)


def status_of(view: View) -> str:
    """The standard's word for this state: partial while any acta is at the JEE, pending or not yet listed."""
    return status_of_whole(area_state(view, NATION))


def status_of_whole(nation: AreaState | None) -> str:
    """The same of a contest's whole, None while nothing is known of it."""
    if nation is None:
        return PARTIAL
    count = nation.computed if nation.published is None else nation.published
    return COMPLETE if count.total > 0 and not count.at_jee + count.pending else PARTIAL


def find_whole(view: View) -> Whole | None:
    """A contest's whole, None until the source states a count of it, of one acta at least."""
    nation, abroad = area_state(view, NATION), area_state(view, ABROAD)
    if nation is None or nation.published is None or not nation.published.total:
        return None
    is_doubtful = is_in_review(nation) or (abroad is not None and is_in_review(abroad))
    return Whole(nation.published, nation.computed, None if abroad is None else abroad.published, is_doubtful)


def assess(view: View, election: Election) -> Outlook:
    """The outlook of a contest's count as published."""
    whole = find_whole(view)
    return Outlook() if whole is None else _tell(whole, judge(whole, election.contest(view.info.contest_id), election))


def _tell(whole: Whole, found: Judgement) -> Outlook:
    leader, margin = lead_of(whole.published.votes)
    return Outlook(
        leader=leader,
        margin=margin,
        uncounted_actas=found.uncounted.actas,
        uncounted_registered=found.uncounted.voters,
        uncounted_registered_is_bound=found.uncounted.is_bound,
        decided=None if found.outcome is None else found.outcome.is_decided,
        in_review=found.outcome is None,
        outcome=found.outcome,
    )
