"""Who tells of bulletins and news outside: the tasks that a server's settings ask for."""

from api.bulletin.digest import DigestWriter
from api.bulletin.hub import HubTeller
from api.live.contest_following import ElectionContests
from api.live.counts import Counts
from api.live.tasks import MissionTask
from api.options import ServeOptions
from api.story.past import Past
from tally.storage.store import Store


def make_tellers(
    options: ServeOptions, counts: Counts, contests: ElectionContests, past: Past, store: Store
) -> list[MissionTask]:
    """Those tasks, to be started and stopped by the application; none by itself."""
    tellers: list[MissionTask] = []
    if options.mission.digest is not None:
        tellers.append(DigestWriter(store.engine, counts, contests, past, store, options.mission.digest))
    if options.hub is not None and options.public_url is not None:
        tellers.append(HubTeller(counts, past, store, options.hub, options.home("")))
    return tellers
