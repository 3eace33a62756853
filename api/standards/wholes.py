"""All contests of an election, each as a whole: now, and as they stood at a moment."""

from collections.abc import Mapping

from api.live.count import LiveCount
from api.standards.units import Picked, pick, whole_of
from tally.election import Election
from tally.keys import NATION
from tally.storage.standings import standings_at
from tally.storage.store import CountInfo, Store


def pick_wholes(election: Election, lives: Mapping[str, LiveCount]) -> list[Picked]:
    """Every contest as it is now, one that is not counted yet without figures. For the loop's thread."""
    found = []
    for contest in election.contests:
        units, live = [whole_of(contest)], lives.get(contest.id)
        if live is None:
            found.append(Picked(contest, units, [None]))
        else:
            found.append(pick(live.info, contest, units, live.view.entries, (live.seq, live.view.as_of)))
    return found


def recall_wholes(store: Store, election: Election, infos: Mapping[str, CountInfo], at: str) -> list[Picked]:
    """Every contest as it stood at a moment (ISO UTC), by one question for all.

    Raises: StoreUnavailable.
    """
    stood, found = standings_at(store, election.id, at, [NATION]), []
    for contest in election.contests:
        units, info, then = [whole_of(contest)], infos.get(contest.id), stood.get(contest.id)
        if info is None or then is None:
            found.append(Picked(contest, units, [None], is_test=info is not None and info.is_test))
        else:
            found.append(Picked(contest, units, list(then.values), f"{info.epoch}-{then.seq}", then.at, info.is_test))
    return found
