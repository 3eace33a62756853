"""The relay's other end: what was handed over goes through the same pipeline, and the archive says where it is from."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from api.commands.polling import RELAY, PollOptions, open_poller
from ingest.archive import Archive
from ingest.feeds import Kept, onpe2026
from ingest.poller import Poller
from ingest.sources.relay import RelayOnly
from tally.board import Board, Fact
from tally.election import Contest
from tally.errors import InvalidInput
from tally.settings import Settings
from tally.storage.relays import Relayed, count_open_relayed, keep_relayed
from tally.storage.store import Store
from tests.databases import sqlite_in
from tests.ingest.faults.drill import Drill, assert_whole
from tests.waiting import PATIENCE_S

AT = "2026-06-08T02:12:03Z"


class Desk:
    """A database that is relayed to, and a poller that asks nobody."""

    def __init__(self, drill: Drill, database_url: str) -> None:
        self.drill, self.url = drill, database_url
        self.archive = drill.folder / "relayed"
        self.store = Store.open(database_url)

    def hand_over(self, recorded: Archive, chosen: Callable[[str], bool] = lambda url: True) -> int:
        """Relay what was recorded, in the order of its recording, under the election's own host."""
        handed = 0
        for attempt in recorded.attempts():
            if attempt.sha256 is not None and chosen(attempt.url):
                address = urlsplit(attempt.url)._replace(scheme="https", netloc=self.drill.election.hosts[0]).geturl()
                relayed = Relayed(address, AT, recorded.read(attempt.sha256))
                keep_relayed(self.store, self.drill.election.id, relayed, AT)
                handed += 1
        return handed

    async def taken_in(self) -> None:
        while await asyncio.to_thread(count_open_relayed, self.store, self.drill.election.id):
            await asyncio.sleep(0.05)

    def poll_until(self, done: Callable[[], Awaitable[None]]) -> Board:
        """Run the poller until that is so; returns the count as it is then stored."""
        election = self.drill.election
        settings = Settings(feed=RELAY, database_url=self.url, archive=self.archive, election=election.id)

        async def poll() -> None:
            async with asyncio.timeout(PATIENCE_S), open_poller(settings, election, PollOptions()) as poller:
                running = asyncio.create_task(poller.run())
                await done()
                running.cancel()
                await asyncio.wait({running})

        asyncio.run(poll())
        board = Board(len(self.drill.contest.lists))
        entries = self.store.latest(self.store.info(election.id).id).items()
        board.restore((key, entry.change.data) for key, entry in entries)
        return board


@pytest.fixture
def desk(drill: Drill, database_url: str):
    desk = Desk(drill, database_url)
    yield desk
    desk.store.close()


def test_a_whole_count_can_be_relayed_and_the_archive_says_so(desk: Desk) -> None:
    truth = desk.drill.poll()
    handed = desk.hand_over(desk.drill.archive)
    assert_whole(desk.poll_until(desk.taken_in), truth)
    attempts = Archive(desk.archive).attempts()
    assert len(attempts) == handed
    assert {(attempt.source, attempt.at, attempt.status) for attempt in attempts} == {("relay", AT, 200)}
    assert {urlsplit(attempt.url).hostname for attempt in attempts} == {desk.drill.election.hosts[0]}
    for changes in desk.store.read(desk.store.info(desk.drill.election.id).id, 0):
        for source in {change.src for change in changes.changes if change.src}:
            assert all(Archive(desk.archive).read(part.removeprefix("sha256:")) for part in source.split("+"))


def test_what_is_no_answer_to_any_question_changes_nothing(desk: Desk) -> None:
    host = f"https://{desk.drill.election.hosts[0]}"
    for url, body in (
        (f"{host}/presentacion-backend/x", b"{}"),
        (f"{host}/results/10/000000", b"<html>"),
        (host, b"1"),
    ):
        keep_relayed(desk.store, desk.drill.election.id, Relayed(url, AT, body), AT)
    board = desk.poll_until(desk.taken_in)
    assert (board.published, board.actas) == ({}, {})
    assert len(Archive(desk.archive).attempts()) == 3


def test_an_answer_over_which_our_own_reading_fails_is_set_aside_and_the_others_are_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = Drill("onpe2026", tmp_path)
    truth = drill.poll()
    desk = Desk(drill, sqlite_in(tmp_path, "relayed.db"))
    sound = onpe2026.feed.reread

    def slip(answers: Sequence[Kept], contest: Contest, since: str) -> list[Fact]:
        return [1 // (answer.body != b"poison") for answer in answers] and sound(answers, contest, since)

    monkeypatch.setattr(onpe2026.feed, "reread", slip)
    url = f"https://{drill.election.hosts[0]}/presentacion-backend/ubigeos/dep-prov-distritos?idEleccion=10"
    keep_relayed(desk.store, drill.election.id, Relayed(url, AT, b"poison"), AT)
    desk.hand_over(drill.archive, lambda _: True)
    with capture_logs() as logs:
        board = desk.poll_until(desk.taken_in)
    assert_whole(board, truth)
    [told] = [log for log in logs if log["event"] == "a relayed answer was set aside"]
    assert hashlib.sha256(b"poison").hexdigest() in told["detail"]
    desk.store.close()
    drill.store.close()


def test_a_poller_that_asks_a_source_takes_in_what_is_relayed_too(tmp_path: Path) -> None:
    drill = Drill("onpe2026", tmp_path)
    truth = drill.poll()
    drill.store.close()
    desk = Desk(drill, sqlite_in(tmp_path, "relayed.db"))

    def is_places_only(url: str) -> bool:
        return "resumen-general/totales" not in url and "participantes" not in url

    drill.identify()
    settings = Settings(
        feed=f"file:{drill.archive.folder}", database_url=desk.url, archive=desk.archive, election=drill.election.id
    )
    desk.hand_over(drill.archive, is_places_only)

    async def poll() -> None:
        async with open_poller(settings, drill.election, PollOptions(cycle_s=2.0)) as poller:
            assert isinstance(poller, Poller)
            running = asyncio.create_task(poller.run())
            await asyncio.wait_for(desk.taken_in(), PATIENCE_S)
            running.cancel()
            await asyncio.wait({running})

    asyncio.run(poll())
    assert {attempt.source for attempt in Archive(desk.archive).attempts()} == {"file", "relay"}
    assert len(desk.store.latest(desk.store.info(drill.election.id).id)) >= len(truth.actas)
    desk.store.close()


def test_the_two_halves_of_an_area_may_come_apart_and_in_any_order(tmp_path: Path, database_url: str) -> None:
    drill = Drill("onpe2026", tmp_path)
    truth = drill.poll()
    for halves in (("totales", "participantes-"), ("participantes-", "totales")):
        desk = Desk(drill, database_url)

        async def both(desk: Desk = desk, halves: tuple[str, str] = halves) -> None:
            for half in halves:
                desk.hand_over(drill.archive, lambda url, half=half: half in url)
                await desk.taken_in()

        board = desk.poll_until(both)
        assert board.published == truth.published
        desk.store.close()
    drill.store.close()


def test_a_relay_has_no_end_to_wait_for(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--until-final"):
        asyncio.run(RelayOnly([]).run(until_final=True))
