"""Many contests of one election: one poller, one budget and one archive, and none holds up another."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from api.commands.polling import PollOptions, open_poller
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.commits import Commits
from ingest.feeds.onpe2026 import Onpe2026, questions
from ingest.fetch import Fetcher
from ingest.followed import ContestFeed
from ingest.health import FeedHealth
from ingest.ownership import claim
from ingest.poller import Poller
from ingest.proof.verification import Trust, verify
from ingest.publisher import Publisher
from tally.board import Board
from tally.election import Contest, Election
from tally.errors import InvalidInput
from tally.model import FeedState
from tally.rules.checks import Largest
from tally.settings import Settings
from tally.storage.lease import look
from tally.storage.store import CountInfo, Store
from tally.storage.writer import Writer, acquire_all
from tests.databases import sqlite_in
from tests.ingest.faults.drill import Hours
from tests.ingest.feeds.test_regional import elected
from tests.ingest.regional import Regional
from tests.ingest.rig import AT, PACE
from tests.waiting import PATIENCE_S

RACES = ("amazonas", "ancash", "lima")
DISTRICTS = {"amazonas": 3, "ancash": 2, "lima": 2}


class Night:
    """A source of three departments, and a poller of all their races."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.source = folder, Regional()
        self.election = elected(self.source, folder / "draft")
        self.source.asked.clear()
        self.hours = Hours()
        self.store = Store.open(sqlite_in(folder))
        self.archive = Archive(folder / "archive")
        self.refused = ""  # a department whose questions are
        self.totals: list[str] = []  # departments and districts in the order in which their totals were asked for

    def handle(self, request: httpx.Request) -> httpx.Response:
        """The source's answer."""
        query = dict(request.url.params)
        around = query.get("idUbigeoDepartamento", "")[:2]
        if request.url.path.endswith("/totales"):
            self.totals.append(query.get("idUbigeoDistrito", around))
        if self.refused and around == self.refused:
            return httpx.Response(403)
        status, headers, body = self.source.answer(request.url.path, query)
        return httpx.Response(status, headers=headers, content=body)

    @asynccontextmanager
    async def polling(self) -> AsyncIterator[dict[str, Publisher]]:
        """What the publishers of all races hold while they are followed."""
        ids = [contest.id for contest in self.election.contests]
        writers = acquire_all(self.store, self.election.id, ids, is_test=False, at=AT, seen={})
        budget = Budget(None, self.hours, seed=1, sleep=self.hours.sleep)
        base, transport = f"http://regional{questions.BASE_PATH}", httpx.MockTransport(self.handle)
        ask = Fetcher(base, self.archive, budget, user_agent="t", guarded=questions.ACTAS, transport=transport)
        commits = Commits(self.archive)
        publishers = {
            contest.id: Publisher(
                Board(len(contest.lists), contest.scope), writer, self.archive, linger_s=0.0, commits=commits,
                health=FeedHealth(PACE.cycle_s),
            )
            for contest, writer in zip(self.election.contests, writers, strict=True)
        }  # fmt: skip
        followed = [
            ContestFeed(Onpe2026(self.election, contest), publishers[contest.id], contest.id)
            for contest in self.election.contests
        ]
        polling = asyncio.create_task(Poller(followed, ask, PACE).run(until_final=True))
        try:
            yield publishers
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            await ask.close()


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    night = Night(tmp_path)
    with closing(night.store):
        yield night


async def come_true(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            await asyncio.sleep(0.01)


def is_read(publishers: Mapping[str, Publisher], contest: str, counted: int) -> bool:
    """Whether all of it is read at a cut of so many counted actas a district."""
    published = publishers[contest].board.published
    districts = [count.counted for key, count in published.items() if key.startswith("district/")]
    return districts == [counted] * DISTRICTS[contest] and published["nation"].counted == counted * DISTRICTS[contest]


def test_the_whole_of_every_race_is_read_before_anybodys_districts_and_the_map_of_all_once(night: Night) -> None:
    async def follow() -> None:
        async with night.polling() as publishers:
            await come_true(lambda: all(is_read(publishers, contest, 4) for contest in RACES))

    asyncio.run(follow())
    assert sorted(night.totals[:3]) == ["01", "02", "14"]
    asked = Counter(night.source.asked)
    assert asked[f"{questions.BASE_PATH}/ubigeos/dep-prov-distritos"] == 1
    # Each cycle one map of the race for all, of the two levels below a department.
    cycles = asked[f"{questions.BASE_PATH}/resumen-general/mapa-calor"] / 2
    assert 1 <= cycles <= len(night.totals) / len(RACES)


def test_when_a_unit_was_read_is_told_by_race_and_of_no_whole(night: Night) -> None:
    async def follow() -> dict[str, Publisher]:
        async with night.polling() as publishers:
            await come_true(lambda: all(is_read(publishers, contest, 4) for contest in RACES))
            night.source.counted = 5
            await come_true(lambda: all(is_read(publishers, contest, 5) for contest in RACES))
        return publishers

    publishers = asyncio.run(follow())
    for info in night.store.counts():
        entries, is_whole = night.store.latest(info.id), night.election.contest(info.contest_id).is_whole
        known = night.store.readings.of(info.id, list(entries))
        published = publishers[info.contest_id].board.published
        parts = {key for key in published if not is_whole(key)}
        assert set() != parts <= known.keys()
        assert not any(map(is_whole, known))
        assert all(known[key].changed_at == entries[key].at for key in parts)


def test_a_race_that_alone_is_refused_holds_up_no_other_and_has_its_own_health(night: Night) -> None:
    night.refused = "02"

    async def follow() -> None:
        async with night.polling() as publishers:
            await come_true(lambda: all(is_read(publishers, contest, 4) for contest in ("amazonas", "lima")))
            night.source.counted = 5
            await come_true(lambda: all(is_read(publishers, contest, 5) for contest in ("amazonas", "lima")))
            await come_true(lambda: publishers["lima"].status().state is FeedState.OK)
            refused = publishers["ancash"]
            assert (refused.board.published, refused.status().state) == ({}, FeedState.DOWN)
            assert refused.status().checked_at is None

    asyncio.run(follow())
    assert 2 <= night.totals.count("02") <= 3  # it is left alone, where the others were answered meanwhile


def test_actas_that_are_refused_from_the_first_call_are_read_when_they_open(night: Night) -> None:
    async def follow() -> None:
        async with night.polling() as publishers:
            await come_true(lambda: all(is_read(publishers, contest, 4) for contest in RACES))
            assert night.source.listed == set()
            night.source.lets_through = True
            night.source.counted = 5
            await come_true(lambda: night.source.listed >= {"010101", "010102", "010201", "020101", "020102", "140201"})

    asyncio.run(follow())


class Desk:
    """An election of three races on a host, followed as a person would."""

    def __init__(self, folder: Path, feed: str, election: Election) -> None:
        self.folder, self.election = folder, election
        self.settings = Settings(
            feed=feed, database_url=f"sqlite:///{folder / 'count.db'}", archive=folder / "archive", election=election.id
        )

    def follow(self, source: Regional, contest: str | None = None) -> None:
        """Until all is read."""
        settings = self.settings.model_copy(update={"contest": contest})
        wanted = RACES if contest is None else (contest,)

        async def poll() -> None:
            async with open_poller(settings, self.election, PollOptions(is_unlimited=True, cycle_s=1.0)) as poller:
                assert isinstance(poller, Poller)
                running = asyncio.create_task(poller.run())
                with closing(Store.open(settings.database_url)) as store:
                    await come_true(lambda: running.done() or all(self._is_stored(store, one) for one in wanted))
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        asyncio.run(poll())

    def _is_stored(self, store: Store, contest: str) -> bool:
        info = store.info(self.election.id, contest)
        keys = store.latest(info.id, prefixes=["district/"])
        return info.seq > 0 and sum(b'"published":{' in one.change.data for one in keys.values()) == DISTRICTS[contest]

    def infos(self) -> dict[str, CountInfo]:
        with closing(Store.open(self.settings.database_url)) as store:
            return {info.contest_id: info for info in store.counts()}

    def faults(self) -> list[str]:
        """What `verify` finds wrong."""
        contests = {contest.id: contest for contest in self.election.contests}

        def find(info: CountInfo) -> tuple[Onpe2026, Contest, Largest]:
            contest = contests[info.contest_id]
            return Onpe2026(self.election, contest), contest, self.election.largest

        with closing(Store.open(self.settings.database_url)) as store:
            verdict = verify(store, self.folder / "archive", find, Trust())
        assert sum("published values made again" in sentence for sentence in verdict.checked) == len(self.infos())
        return verdict.faults


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, Regional]]:
    source = Regional()
    with source.served() as address:
        yield Desk(tmp_path, address, elected(source, tmp_path / "draft")), source


def test_all_races_of_an_election_are_in_one_archive_under_one_head_and_each_is_verified(
    desk: tuple[Desk, Regional],
) -> None:
    races, source = desk
    races.follow(source)
    assert races.faults() == []
    source.counted = 5
    races.follow(source)
    assert races.faults() == []
    infos = races.infos()
    assert set(infos) == set(RACES)
    heads = {info.head for info in infos.values()}
    assert len(heads) == 1
    with closing(Store.open(races.settings.database_url)) as store:
        [kept] = {tuple(store.heads(info.id)) for info in infos.values()}
        assert all(look(store, info).writer is None for info in infos.values())
    assert len(kept) >= 4
    assert len(list((races.folder / "archive" / "checkpoints").iterdir())) == len(kept)


def test_an_archive_that_was_begun_for_one_race_goes_on_for_all_and_then_no_more_for_one(
    desk: tuple[Desk, Regional],
) -> None:
    races, source = desk
    races.follow(source, "ancash")
    assert set(races.infos()) == {"ancash"}
    races.follow(source)
    assert races.faults() == []
    assert len({info.head for info in races.infos().values()}) == 1
    with pytest.raises(InvalidInput, match="follow all of them, without --contest"):
        races.follow(source, "ancash")


def test_an_archive_says_whose_it_is_as_earlier_programs_wrote_it(tmp_path: Path) -> None:
    folder = Archive(tmp_path / "archive").folder
    with closing(Store.open(sqlite_in(tmp_path))) as store:
        one, other = (Writer.acquire(store, "e", contest, is_test=False, at=AT).info for contest in ("a", "b"))
    (folder / "count").write_text(f'{{"election":"e","contest":"a","since":"{AT}"}}\n')
    with pytest.raises(InvalidInput, match="belongs to a count of e"):
        claim(folder, [other])
    claim(folder, [one, other])
    with pytest.raises(InvalidInput, match="follow all of them"):
        claim(folder, [one])
