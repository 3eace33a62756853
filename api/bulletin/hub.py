"""WebSub: a hub is told when a feed has a new entry, and tells its readers. Where it cannot be, nobody is harmed."""

from collections.abc import Iterator

import httpx
import structlog
from anyio import to_thread

from api.bulletin.checkpoints import checkpoints_of
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.tasks import MissionTask
from api.story.past import Past
from api.story.trails import LogExtent, history_of, steps
from api.story.turning_points import decision_turns, lead_turns
from dashboard.ledger import NEWS_LEVELS
from dashboard.routes import NEWS
from mission.countwatch import take_turn
from tally.changes import Kind
from tally.keys import ABROAD, NATION, Level
from tally.ledger import read_ledger
from tally.storage.store import Store
from texts.language import DEFAULT_LANGUAGE, LANGUAGES

_log = structlog.get_logger(__name__)
_TIMEOUT_S = 10.0
_NOTED = (Kind.CORRECTION, Kind.HOLD, Kind.RELEASE)


class HubTeller(MissionTask):
    """Tells the hub at `hub` of the feeds below `home`. Of several servers one tells of each entry.

    The first look tells of nothing. What the hub did not take is not told again: the next entry is.
    """

    failing = "the hub cannot be told of news; trying again"
    needs_mission = False

    def __init__(
        self,
        counts: Counts,
        past: Past,
        store: Store,
        hub: str,
        home: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(store.engine)
        self._counts, self._past, self._store = counts, past, store
        self._hub, self._home, self._transport = hub, home, transport
        self._seen: dict[int, str] = {}
        self._is_failing = False

    async def look(self) -> None:
        """Tell of what is new now."""
        for live in self._counts.all():
            etag, count_id = live.etag, live.info.id
            if etag == self._seen.get(count_id):
                continue
            newest = await to_thread.run_sync(newest_entry, self._past, self._store, live, history_of(live))
            is_ours = await to_thread.run_sync(
                take_turn, self._engine, f"hub/{count_id}", f"{live.epoch}/{newest}", newest
            )
            self._seen[count_id] = etag
            if is_ours:
                await self._tell(list(feeds_of(live, self._home)))

    async def _tell(self, feeds: list[str]) -> None:
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT_S) as client:
                for feed in feeds:
                    answer = await client.post(self._hub, data={"hub.mode": "publish", "hub.url": feed})
                    answer.raise_for_status()
        except httpx.HTTPError as error:
            if not self._is_failing:
                _log.warning("the hub was not told of news", hub=self._hub, reason=type(error).__name__)
            self._is_failing = True
            return
        self._is_failing = False


def newest_entry(past: Past, store: Store, live: LiveCount, history: LogExtent) -> int:
    """The version of the newest entry of a count's feed, 0 while there is none.

    Raises: StoreUnavailable.
    """
    trails = past.trails.of(history, [NATION, ABROAD], history.newest)
    points = trails[NATION].points
    seqs = [turn.seq for turn in lead_turns(steps(points))]
    seqs += [turn.seq for turn in decision_turns(points, trails[ABROAD], live.contest, live.election)]
    seqs += [one.seq for one in checkpoints_of(points)]
    levels = tuple(map(Level, NEWS_LEVELS))
    seqs += [line.seq for line in read_ledger(store, live.info.id, _NOTED, levels=levels, limit=1)]
    return max(seqs, default=0)


def feeds_of(live: LiveCount, home: str) -> Iterator[str]:
    """Addresses of the feeds that tell of a count: its own, and that of all where there are several."""
    roots = [""] if live.is_only else ["", live.page.rstrip("/")]
    for root in roots:
        for code in LANGUAGES:
            query = "" if code == DEFAULT_LANGUAGE else f"?lang={code}"
            yield f"{home}{root}{NEWS}{query}"
