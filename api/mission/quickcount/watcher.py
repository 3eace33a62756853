"""Looks at copies of the quick count the moment their actas are published, and raises the alert of one that differs."""

from functools import partial

from anyio import to_thread
from msgspec.structs import replace
from sqlalchemy import Engine

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.outlook import find_whole
from api.live.tasks import MissionTask
from api.mission.casework import Casework
from mission.alerts import News, raise_alert
from mission.incidents.quarantine import quarantined
from mission.quickcount.book import QuickCount, QuickCounts
from mission.quickcount.compare import CopyStanding
from mission.quickcount.comparing import alert_of, compare_mesa, find_published_claims
from mission.transactions import exclusive
from tally import moments
from tally.keys import mesa_key


class CopyWatcher(MissionTask):
    """Follows the count that the mission observes."""

    failing = "copies cannot be compared; trying again"

    def __init__(self, engine: Engine, counts: Counts, casework: Casework) -> None:
        super().__init__(engine)
        self._counts, self._casework = counts, casework
        self._seen: tuple[str, QuickCounts, frozenset[str]] | None = None
        # By quick count and mesa: which version of the acta was held against which entry.
        self._compared: dict[tuple[str, str], tuple[str, int, int]] = {}

    async def look(self) -> None:
        """Compare what is new, of the count or of the copies."""
        chosen = self._casework.election_id
        live = next((one for one in self._counts.firsts() if chosen in (None, one.election.id)), None)
        if live is None or live.is_away:
            return
        etag, (state, aside) = live.etag, await to_thread.run_sync(self._read, live.election.id)
        if self._seen is not None and self._seen[1] is state and self._seen == (etag, state, aside):
            return
        now, news = dict[tuple[str, str], tuple[str, int, int]](), list[News]()
        for count in state.counts.values():
            news += self._compare(live, replace(count, aside=aside), now)
        if news:
            await to_thread.run_sync(partial(self._raise, news, is_test=live.info.is_test))
        self._seen, self._compared = (etag, state, aside), now

    def _read(self, election_id: str) -> tuple[QuickCounts, frozenset[str]]:
        state = self._casework.quick_counts.of(election_id).read()
        return state, quarantined(
            self._casework.casebooks.of(election_id).read().turns
        ) if state.counts else frozenset()

    def _compare(
        self, live: LiveCount, count: QuickCount, now: dict[tuple[str, str], tuple[str, int, int]]
    ) -> list[News]:
        """What is new of one quick count; `now` takes what was compared."""
        claims = find_published_claims(find_whole(live.view), live.contest)
        shorts, news = [entry.short for entry in live.contest.lists], []
        for mesa, standing in count.standings().items():
            entry = live.view.entries.get(mesa_key(mesa))
            if standing.copy is None or entry is None:
                continue
            version = now[count.id, mesa] = (live.epoch, entry.seq, standing.id)
            if self._compared.get((count.id, mesa)) == version:
                continue
            found = compare_mesa(mesa, standing, entry.change.data, claims)
            if found is not None and found.comparison.standing is CopyStanding.DIFFERENT:
                above = reversed(live.view.topics(mesa_key(mesa))[:-1])
                name = next(filter(None, map(live.names.names.get, above)), None)
                news.append(alert_of(count, found, shorts, name))
        return news

    def _raise(self, news: list[News], *, is_test: bool) -> None:
        with exclusive(self._engine) as connection:
            for one in news:
                raise_alert(connection, one, moments.utc_now(), is_test=is_test)
