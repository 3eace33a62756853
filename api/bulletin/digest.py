"""The bulletin's paragraph once an hour or a day, as an alert: it leaves by whichever ways out alerts have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from anyio import to_thread
from sqlalchemy import Engine

from api.bulletin.cuts import take_moment, words_of, write_bulletin
from api.live.contest_following import ElectionContests
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.tasks import MissionTask
from api.story.past import Past, now
from dashboard.bulletin.races import bulletin_of_races
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import text_of
from dashboard.words import load_words
from mission.alerts import AlertKind, News, raise_alert
from mission.transactions import exclusive
from tally import moments
from tally.storage.store import Store

Every = Literal["hour", "day"]
_FORMS: Mapping[Every, str] = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d"}
_LENGTHS: tuple[tuple[str, Length], ...] = (("title", "line"), ("said", "paragraph"))


class DigestWriter(MissionTask):
    """Raises one for each election when an hour or a day of its time zone is over, if anything changed in it.

    However many servers do so, each digest is raised once. The first look begins the first hour or day.
    """

    failing = "digests cannot be written; trying again"

    def __init__(
        self, engine: Engine, counts: Counts, contests: ElectionContests, past: Past, store: Store, every: Every
    ) -> None:
        super().__init__(engine)
        self._counts, self._contests, self._past, self._store, self._every = counts, contests, past, store, every
        # By election: the hour or day that goes on, and how far its counts were when the last one was over.
        self._known: dict[str, tuple[str, int]] = {}

    async def look(self) -> None:
        """Raise those that are due."""
        for first in self._counts.firsts():
            await self._look_at(first, moments.utc_now())

    async def _look_at(self, first: LiveCount, at: datetime) -> None:
        election = first.election
        slot = at.astimezone(ZoneInfo(election.timezone)).strftime(_FORMS[self._every])
        place = sum(live.seq for live in self._counts.contests(election.id).values())
        known, before = self._known.setdefault(election.id, (slot, place))
        if slot == known:
            return
        if place > before:
            told = await self._overview(first) if len(election.contests) > 1 else await self._paragraph(first)
            news = News(f"digest/{election.id}/{known}", AlertKind.DIGEST, {**told}, "/bulletin")
            await to_thread.run_sync(_raise, self._engine, news, at, first.info.is_test)
        self._known[election.id] = slot, place

    async def _paragraph(self, live: LiveCount) -> dict[str, dict[str, str]]:
        moment = await take_moment(self._past, live, now(live))

        def write() -> dict[str, dict[str, str]]:
            return {
                name: {
                    code: write_bulletin(self._past, self._store, moment, length, words_of(code, live)).text
                    for code in load_words()
                }
                for name, length in _LENGTHS
            }

        return await to_thread.run_sync(write)

    async def _overview(self, first: LiveCount) -> dict[str, dict[str, str]]:
        table = msgspec.json.decode(msgspec.json.encode((await self._contests.of(first.election.id)).contests.table()))
        return {
            name: {
                code: text_of(bulletin_of_races(table, length, words), length) for code, words in load_words().items()
            }
            for name, length in _LENGTHS
        }


def _raise(engine: Engine, news: News, at: datetime, is_test: bool) -> None:
    with exclusive(engine) as connection:
        raise_alert(connection, news, at, is_test=is_test)
