"""Looks at the counts in service for what the mission should hear of; one task, which nobody waits for."""

from functools import partial

from anyio import to_thread
from msgspec import structs
from sqlalchemy import Engine

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.feed import describe_feed
from api.live.outlook import assess
from api.live.tasks import MissionTask
from mission.countwatch import Facts, raise_from_count
from tally import moments
from tally.election import Contest
from tally.keys import NATION, Level, level_of
from tally.model import FeedState
from tally.outcome.outcome import Outcome


def take_facts(live: LiveCount) -> Facts:
    """What this server knows of a count now."""
    outlook, feed = assess(live.view, live.election), describe_feed(live, moments.utc_now())
    nation = live.view.entries.get(NATION)
    checked = feed.checked_at
    return Facts(
        count_id=live.info.id,
        epoch=live.epoch,
        seq=live.seq,
        is_decided=outlook.decided,
        decided_seq=0 if nation is None else nation.seq,
        margin=outlook.margin,
        is_stale=feed.state in (FeedState.STALE, FeedState.DOWN),
        checked=0 if checked is None else int(moments.read(checked).timestamp() * 1000),
        outcome=_named(outlook.outcome, live.contest),
    )


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


def name_of(live: LiveCount, key: str) -> str | None:
    """What a key of the count is called; of a mesa its polling place, or else its district."""
    names = live.names.names
    if level_of(key) is not Level.MESA:
        return names.get(key)
    return next(filter(None, (names.get(topic) for topic in reversed(live.view.topics(key)[:-1]))), None)


class AlertWatcher(MissionTask):
    """Follows all counts."""

    failing = "alerts cannot be raised; trying again"

    def __init__(self, engine: Engine, counts: Counts) -> None:
        super().__init__(engine)
        self._counts = counts
        self._known: dict[int, Facts] = {}

    async def look(self) -> None:
        """Raise what there is to raise now."""
        for live in self._counts.all():
            facts = take_facts(live)
            # That the source was asked once more and is well is nothing to look at.
            known = facts if facts.is_stale else structs.replace(facts, checked=0)
            if live.is_away or known == self._known.get(facts.count_id):
                continue
            await to_thread.run_sync(raise_from_count, self._engine, facts, moments.utc_now(), partial(name_of, live))
            self._known[facts.count_id] = known
