"""Looks at the counts in service for what the mission should hear of; one task, which nobody waits for."""

from collections.abc import Iterable
from functools import partial

from anyio import to_thread
from sqlalchemy import Engine

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.feed import describe_feed
from api.live.outlook import Outlook, assess
from api.live.tasks import MissionTask
from mission.countwatch import Facts, raise_from_count
from tally import moments
from tally.election import Contest
from tally.keys import NATION, Level, level_of
from tally.model import FeedState
from tally.outcome.outcome import Outcome


def take_facts(live: LiveCount, *, is_stale: bool | None, checked: int) -> Facts:
    """What this server knows of a count now. is_stale, checked: of its source, see Facts."""
    outlook, nation = assess(live.view, live.election), live.view.entries.get(NATION)
    return Facts(
        count_id=live.info.id,
        epoch=live.epoch,
        seq=live.seq,
        is_decided=outlook.decided,
        decided_seq=0 if nation is None else nation.seq,
        margin=outlook.margin,
        is_stale=is_stale,
        checked=checked,
        outcome=_named(outlook.outcome, live.contest),
        leader=_leader_of(outlook, live.contest),
        contest=None if live.is_only else live.contest.name,
        href=live.page,
        is_test=live.info.is_test,
    )


def _judge_source(lives: Iterable[LiveCount]) -> tuple[bool, int]:
    """Whether the source is stale for all of those counts, and when it was last asked, in epoch milliseconds."""
    feeds = [describe_feed(live, moments.utc_now()) for live in lives]
    checked = max((feed.checked_at for feed in feeds if feed.checked_at is not None), default=None)
    is_stale = all(feed.state in (FeedState.STALE, FeedState.DOWN) for feed in feeds)
    return is_stale, 0 if checked is None else int(moments.read(checked).timestamp() * 1000)


def _named(outcome: Outcome | None, contest: Contest) -> dict[str, str] | None:
    """Who wins or goes on, by the lists' short names, under a rule with two rounds."""
    if outcome is None or outcome.threshold is None:
        return None
    if outcome.winner is not None:
        return {"winner": contest.lists[outcome.winner].short}
    if not outcome.is_decided:
        return {}
    first, second = (contest.lists[place].short for place in outcome.first_two)
    return {"first": first, "second": second}


def _leader_of(outlook: Outlook, contest: Contest) -> str | None:
    """Who leads, as far as it may be said: nobody in a tie, or while a figure is in review."""
    return None if outlook.leader is None or outlook.in_review else contest.lists[outlook.leader].short


def name_of(live: LiveCount, key: str) -> str | None:
    """What a key of the count is called; of a mesa its polling place, or else its district."""
    names = live.names.names
    if level_of(key) is not Level.MESA:
        return names.get(key)
    return next(filter(None, (names.get(topic) for topic in reversed(live.view.topics(key)[:-1]))), None)


class AlertWatcher(MissionTask):
    """Follows all counts. Of the source of an election's counts its first one tells."""

    failing = "alerts cannot be raised; trying again"

    def __init__(self, engine: Engine, counts: Counts) -> None:
        super().__init__(engine)
        self._counts = counts
        # By count: the version that was looked at, and how its source was then.
        self._known: dict[int, tuple[str, bool | None, int]] = {}

    async def look(self) -> None:
        """Raise what there is to raise now."""
        for first in self._counts.firsts():
            lives = list(self._counts.contests(first.election.id).values())
            is_stale, checked = _judge_source(lives)
            for live in lives:
                await self._look_at(live, is_stale if live is first else None, checked)

    async def _look_at(self, live: LiveCount, is_stale: bool | None, checked: int) -> None:
        # That the source was asked once more and is well is nothing to look at.
        known = live.etag, is_stale, checked if is_stale else 0
        count_id = live.info.id
        if live.is_away or known == self._known.get(count_id):
            return
        facts = take_facts(live, is_stale=is_stale, checked=checked)
        await to_thread.run_sync(raise_from_count, self._engine, facts, moments.utc_now(), partial(name_of, live))
        self._known[count_id] = known
