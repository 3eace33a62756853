"""A source that turns into another one during the count: nothing more of it is published, and that is said."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs

from ingest.feeds.onpe2026 import questions
from ingest.fetch import REHEARSAL_HEADER, Answer, Question
from ingest.followed import ContestFeed
from ingest.health import FeedHealth
from ingest.identity import Identity, check_kind
from ingest.ownership import check_owner, claim
from ingest.poller import Poller
from ingest.publisher import Publisher
from tally.board import Board
from tally.errors import FeedMalformed, InvalidInput, SourceChanged
from tally.feednotes import Note
from tally.model import FeedState
from tally.storage.writer import Writer
from tests.ingest.rig import AT, PACE, SOURCES, Rig, Source, a_small_country


class Turning:
    """Asks on, until it is another source: of another election, or marked as a rehearsal's."""

    def __init__(self, rig: Rig) -> None:
        self._ask = rig.fetcher()
        self.is_other = self.is_marked = False

    async def __call__(self, question: Question) -> Answer:
        answer = await self._ask(question)
        if self.is_other and question == questions.identity():
            return structs.replace(answer, body=answer.body.replace(b'"id":3', b'"id":2'))
        return structs.replace(answer, headers={REHEARSAL_HEADER: "1"}) if self.is_marked else answer

    async def close(self) -> None:
        await self._ask.close()


@pytest.fixture
def newest() -> Source:
    return SOURCES["onpe2026"]


@pytest.mark.parametrize("change", ["is_other", "is_marked"])
def test_a_source_that_becomes_another_one_ends_publishing_with_a_clear_state(
    change: str, newest: Source, database_url: str, tmp_path: Path
) -> None:
    rig = Rig(newest, a_small_country(tmp_path / "mesas.csv", newest.election), database_url, tmp_path)
    asyncio.run(_turn(rig, change))
    feed = rig.store.info(rig.election.id).feed
    assert (feed.state, feed.note and feed.note.id) == (FeedState.DOWN, Note.ANOTHER_SOURCE)
    rig.store.close()


async def _turn(rig: Rig, change: str) -> None:
    turning = Turning(rig)
    writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
    publisher = Publisher(Board(len(rig.contest.lists)), writer, rig.archive, linger_s=0.01, health=FeedHealth(2.0))
    same = Identity(rig.feed, turning, is_test=False, every_s=0.2)
    poller = Poller([ContestFeed(rig.feed, publisher)], same, PACE, watch=same.watch)
    running = asyncio.create_task(poller.run())
    async with asyncio.timeout(60):
        while publisher.board.published.get("nation") is None or not publisher.is_settled:
            await asyncio.sleep(0.05)
        setattr(turning, change, True)
        with pytest.raises(SourceChanged):
            await running
    assert publisher.is_settled
    await turning.close()


def test_one_answer_with_another_mark_is_no_answer_and_ends_nothing(newest: Source, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'count.db'}"
    rig = Rig(newest, a_small_country(tmp_path / "mesas.csv", newest.election), url, tmp_path)

    async def look() -> None:
        turning = Turning(rig)
        same = Identity(rig.feed, turning, is_test=False, every_s=60.0)
        watching = asyncio.create_task(same.watch())
        turning.is_marked = True
        with pytest.raises(FeedMalformed, match="the source is a rehearsal"):
            await same(questions.identity())
        turning.is_marked = False
        await asyncio.sleep(0.2)
        assert not watching.done()
        assert (await same(questions.identity())).body
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await turning.close()

    asyncio.run(look())
    rig.store.close()


@pytest.mark.parametrize(("was", "now"), [(True, False), (False, True)])
def test_a_count_goes_on_with_a_source_of_its_own_kind_only(was: bool, now: bool) -> None:
    check_kind(was_test=was, is_test=was)
    with pytest.raises(SourceChanged, match="use another --database"):
        check_kind(was_test=was, is_test=now)


def test_an_archive_belongs_to_one_count_and_says_so_to_a_second_one(rig: Rig) -> None:
    folder = rig.archive.folder
    own = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT).info
    other = Writer.acquire(rig.store, "another-election", rig.contest.id, is_test=False, at=AT).info
    check_owner(folder, own.election_id, {own.contest_id: None})
    claim(folder, [own])
    claim(folder, [own])
    check_owner(folder, own.election_id, {own.contest_id: own})
    refusal = rf"belongs to a count of {own.election_id} .*--archive"
    with pytest.raises(InvalidInput, match=refusal):
        claim(folder, [other])
    with pytest.raises(InvalidInput, match=refusal):  # of the same election, in a database that has none yet
        check_owner(folder, own.election_id, {own.contest_id: None})
