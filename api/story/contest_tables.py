"""The table of contests as an answer, now or as it stood: of an earlier moment by one question to the log for all."""

from collections.abc import Collection, Mapping
from functools import partial

import msgspec
from msgspec import structs

from api.http import keeping
from api.http.answers import CURRENT, PAST, Representation, pack
from api.http.making import AnswerCache, Makings, size_of
from api.http.workers import Workers, check_wanted
from api.live.contests import BEFORE_ALL, JUDGED, LiveContests
from api.story.past import read_common_moment
from api.tables.contest_rows import CountStanding
from geo.layers import content_hash
from tally.storage.standings import PastStanding, standings_at
from tally.storage.store import CountInfo, FeedStatus, Store


class ContestTables:
    """Made once for all who ask: of now once a version in `answers`, of the past by `workers`, the newest kept."""

    def __init__(self, store: Store, answers: AnswerCache, workers: Workers) -> None:
        self._store, self._answers = store, answers
        self._tables = Makings[Representation](workers, keeping.PAST_CONTESTS, size_of)

    async def answer(
        self, contests: LiveContests, at: str | None = None, chosen: frozenset[str] | None = None
    ) -> tuple[Representation, str]:
        """The table of a moment (ISO 8601; None: now), of those contests if some are chosen; and how long it holds.

        Raises: InvalidInput: not a moment, or one still to come. StoreUnavailable. AtCapacity. Departed.
        """
        if at is not None:
            return await self._of_past(contests, at, chosen)
        etag, table = contests.etag, contests.table(chosen)
        key = ("contests", contests.election.id, etag, chosen)
        return await self._answers.get(key, lambda: pack(msgspec.json.encode(table), etag)), CURRENT

    async def some(self, contests: LiveContests, chosen: frozenset[str]) -> tuple[Representation, str]:
        """The rows of those contests as they are now under the counts of all, as whoever follows them is told."""
        etag, table = contests.etag, contests.since(BEFORE_ALL, chosen)
        key = ("some contests", contests.election.id, etag, chosen)
        return await self._answers.get(key, lambda: pack(msgspec.json.encode(table), etag)), CURRENT

    async def _of_past(
        self, contests: LiveContests, at: str, chosen: frozenset[str] | None
    ) -> tuple[Representation, str]:
        asked, is_settled = read_common_moment(at, contests.as_of)
        infos = {name: live.info for name, live in contests.lives.items()}
        history = frozenset((info.id, info.epoch) for info in infos.values())
        key = (contests.election.id, history, asked, chosen, None if is_settled else contests.version)
        make = partial(self._make, contests, infos, asked, chosen)
        return await self._tables.get(key, make), PAST if is_settled else CURRENT

    def _make(
        self, contests: LiveContests, infos: Mapping[str, CountInfo], at: str, chosen: Collection[str] | None
    ) -> Representation:
        stood = standings_at(self._store, contests.election.id, at, JUDGED)
        rows = []
        for contest in contests.election.contests:
            if chosen is None or contest.id in chosen:
                check_wanted()
                rows.append(contests.row_of(contest, _standing(infos.get(contest.id), stood.get(contest.id))))
        is_test = any(info.is_test for info in infos.values())
        body = msgspec.json.encode(contests.of_past(rows, is_whole=chosen is None, is_test=is_test))
        return pack(body, content_hash(body))


def _standing(info: CountInfo | None, stood: PastStanding | None) -> CountStanding | None:
    """How a count stood, without the times of its source, which nobody kept."""
    if info is None or stood is None:
        return None
    return CountStanding(structs.replace(info, feed=FeedStatus()), stood.seq, stood.at, *stood.values)
