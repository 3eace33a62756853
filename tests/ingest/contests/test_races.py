"""A helping of the soak of many races, at loopback speed; all 25 at the pace of a real source are in RELIABILITY.md."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from api.commands.polling import PollOptions, open_poller
from bench.country import served
from bench.soaks.races import CHALLENGE, ELECTION, differences, small_country, unread
from ingest.proof.verification import Trust, verify
from ingest.registry import feed_of, known_elections
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.feed import closing as closing_time
from ingest.rehearsal.server import FeedApp, build_feed
from tally.election import Election, Official
from tally.settings import Settings
from tally.storage.store import Store
from tests.waiting import PATIENCE_S

RACES = ("moquegua", "pasco", "tumbes")


@pytest.fixture
def election() -> Election:
    whole = known_elections()[ELECTION]
    assert whole.official is not None
    contests = tuple(contest for contest in whole.contests if contest.id in RACES)
    scopes = tuple(contest.scope for contest in contests)
    areas = tuple(area for area in whole.official.areas if area.ubigeo.startswith(scopes))
    return msgspec.structs.replace(whole, contests=contests, official=Official(whole.official.source, areas))


@pytest.fixture
def app(election: Election) -> FeedApp:
    few, catalogue = small_country(election, districts=3, mesas=4)
    return build_feed(few, catalogue, FeedPlan())


def follow(
    folder: Path, election: Election, url: str, app: FeedApp, steps: list[Callable[[], object]], *, is_read: bool
) -> None:
    """Follow all races until every figure is the feed's (`is_read`: and every acta is read) after each of the steps."""
    settings = Settings(
        feed=url, database_url=f"sqlite:///{folder / 'count.db'}", archive=folder / "archive", election=election.id
    )

    async def run() -> None:
        async with open_poller(settings, election, PollOptions(is_unlimited=True, cycle_s=0.5)) as poller:
            running = asyncio.create_task(poller.run())
            with closing(Store.open(settings.database_url)) as store:
                for step in steps:
                    step()
                    async with asyncio.timeout(PATIENCE_S):
                        while left(store):
                            assert not running.done()
                            await asyncio.sleep(0.1)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def left(store: Store) -> list[str]:
        return differences(app, store) or (unread(app, store) if is_read else [])

    asyncio.run(run())
    with closing(Store.open(settings.database_url)) as store:
        assert len(store.counts()) == len(RACES)
        assert verify(store, folder / "archive", feed_of, Trust()).faults == []


def test_every_figure_of_every_race_is_the_feeds_from_cut_to_cut(
    tmp_path: Path, election: Election, app: FeedApp
) -> None:
    start = closing_time(election)
    cuts = [start + (app.feed.clock.until - start) * share for share in (0.02, 1.0)]
    with served(app) as url:
        follow(tmp_path, election, url, app, [lambda at=at: app.step_to(at) for at in cuts], is_read=True)


def test_a_night_of_areas_only_is_whole_and_its_actas_are_read_when_they_open(
    tmp_path: Path, election: Election, app: FeedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.budget._FIRST_REFUSAL_S", 0.2)
    faulty = FaultyFeed(app, [read_order(f"{CHALLENGE}:1s")], now=lambda: clock[0])
    clock = [0.0]
    with served(faulty) as url:
        follow(tmp_path, election, url, app, [lambda: None], is_read=False)
        with closing(Store.open(f"sqlite:///{tmp_path / 'count.db'}")) as store:
            assert all(store.latest(info.id, prefixes=["mesa/"]) == {} for info in store.counts())
        clock[0] = 2.0
        follow(tmp_path, election, url, app, [lambda: None], is_read=True)
