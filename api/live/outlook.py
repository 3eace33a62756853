"""What is still open, by arithmetic alone: never a probability, never a projection."""

import msgspec
from msgspec import Struct

from tally.election import Election
from tally.keys import ABROAD, NATION
from tally.model import AreaCount, AreaState, Sums
from tally.rules.review import agreed_lead, is_in_review, lead_of
from tally.view import View

PARTIAL, COMPLETE = "unofficial-partial", "unofficial-complete"


class Outlook(Struct, frozen=True):
    """Who leads and what is out. All None until the source states a national count.

    leader: place of the leading list in the contest, None while there is a tie at the top.
    uncounted_registered: registered voters of all uncounted actas, or a number they cannot exceed (`…_is_bound`).
    decided: the lead is larger than that; None also while `in_review`: a figure that it rests on is held, impossible,
    or disputed by so much that it would make a difference.
    """

    leader: int | None = None
    margin: int | None = None
    uncounted_actas: int | None = None
    uncounted_registered: int | None = None
    uncounted_registered_is_bound: bool = True
    decided: bool | None = None
    in_review: bool = False


def area_state(view: View, key: str) -> AreaState | None:
    """The value of an area, None if nothing is known of it."""
    entry = view.entries.get(key)
    return None if entry is None else msgspec.json.decode(entry.change.data, type=AreaState)


def status_of(view: View) -> str:
    """The standard's word for this state: partial while any acta is at the JEE, pending or not yet listed."""
    nation = area_state(view, NATION)
    if nation is None:
        return PARTIAL
    count = nation.computed if nation.published is None else nation.published
    return COMPLETE if count.total > 0 and not _uncounted(count.at_jee, count.pending) else PARTIAL


def assess(view: View, election: Election) -> Outlook:
    """The outlook of a national count as published."""
    nation, abroad = area_state(view, NATION), area_state(view, ABROAD)
    if nation is None or nation.published is None:
        return Outlook()
    is_doubtful = is_in_review(nation) or (abroad is not None and is_in_review(abroad))
    return judge(nation.published, nation.computed, None if abroad is None else abroad.published, election, is_doubtful)


def judge(
    published: AreaCount, computed: Sums, abroad: AreaCount | None, election: Election, is_doubtful: bool
) -> Outlook:
    """The outlook of a nation's two sides, and what is published of abroad, if either may be concluded from."""
    outlook = _judge(published, computed, abroad, election)
    sure = agreed_lead(published, computed)
    voters = outlook.uncounted_registered or 0
    if is_doubtful or (outlook.decided and sure <= voters):
        return msgspec.structs.replace(outlook, decided=None, in_review=True)
    return outlook


def _judge(published: AreaCount, computed: Sums, abroad: AreaCount | None, election: Election) -> Outlook:
    leader, margin = lead_of(published.votes)
    actas = _uncounted(published.at_jee, published.pending)
    bound, open_roll = _bound(abroad, election, actas), computed.registered - computed.registered_counted
    # Our own roll may stand in only if it knows every acta, and has not counted more of them than the margin knows.
    if computed.total < published.total or computed.counted > published.counted:
        return Outlook(leader, margin, actas, bound, True, margin > bound)
    # While it has counted fewer, it still holds voters of actas that are in the margin already.
    is_behind = computed.counted < published.counted
    registered = min(bound, open_roll) if is_behind else open_roll
    return Outlook(leader, margin, actas, registered, is_behind, margin > registered)


def _bound(abroad: AreaCount | None, election: Election, actas: int) -> int:
    """The most voters that many uncounted actas can have. Mesas abroad may be larger than those at home.

    Abroad may have been read at an earlier cut than the nation: then more of its actas were still out, which is safe.
    """
    at_home = election.max_registered_per_mesa
    away = actas if abroad is None else min(actas, _uncounted(abroad.at_jee, abroad.pending))
    return (actas - away) * at_home + away * max(at_home, election.max_registered_abroad or 0)


def _uncounted(at_jee: int, pending: int) -> int:
    return at_jee + pending
