"""The governors' race of October 2026: a department is read alone, from areas, while a firewall guards the actas."""

import asyncio
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.drafting.draft import Wishes, draft
from ingest.drafting.found import FoundRace
from ingest.feeds.onpe2026 import Onpe2026, questions
from ingest.feeds.onpe2026.drafting import RaceReader
from ingest.feeds.onpe2026.parse import join, parse_participants, parse_totals
from ingest.fetch import Fetcher
from ingest.followed import ContestFeed
from ingest.poller import Poller
from ingest.proof.evidence import gather
from ingest.proof.replay import Replay
from ingest.publisher import Publisher
from ingest.registry import known_elections
from tally.board import Board
from tally.election import Contest, Election
from tally.errors import FeedEmpty, FeedMalformed, FeedRefused
from tally.outcome.rule import ContestRule, RuleKind
from tally.rules.checks import check_area
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.databases import sqlite_in
from tests.ingest.faults.drill import Hours
from tests.ingest.regional import Regional
from tests.ingest.rig import AT, PACE
from tests.waiting import PATIENCE_S

GOVERNOR = known_elections()["2026-10-04-governor"]
RULE = ContestRule(RuleKind.TWO_ROUND, "3/10", True)


def fetcher(source: Regional, folder: Path, budget: Budget | None = None) -> Fetcher:
    base, archive = f"http://regional{questions.BASE_PATH}", Archive(folder / "archive")
    return Fetcher(
        base,
        archive,
        budget or Budget(None, time.monotonic),
        user_agent="test",
        guarded=questions.ACTAS,
        transport=source.transport(),
    )


def found(source: Regional, folder: Path, race: int) -> FoundRace:
    async def read() -> FoundRace:
        ask = fetcher(source, folder)
        try:
            return await RaceReader(ask, race).read(lambda *_: None, lambda _: None, with_ballots=False)
        finally:
            await ask.close()

    return asyncio.run(read())


def elected(source: Regional, folder: Path, race: int = 1) -> Election:
    return draft(found(source, folder, race), Wishes(GOVERNOR, "regional.example", RULE, f"2026-10-04-race-{race}"))


def test_a_department_alone_is_read_to_its_districts_while_the_actas_are_refused(tmp_path: Path) -> None:
    source = Regional()
    election = elected(source, tmp_path)
    contest = election.contest("amazonas")
    board, store = asyncio.run(_poll(source, election, contest, tmp_path, until=4 * 3))
    assert {key: board.published[key].votes for key in ("nation", "scope/domestic", "department/01")} == dict.fromkeys(
        ("nation", "scope/domestic", "department/01"), _sums(source, contest, "01")
    )
    for prefix, level in (("0101", "province"), ("0102", "province"), ("010102", "district"), ("010201", "district")):
        count = board.published[f"{level}/{prefix}"]
        assert count.votes == _sums(source, contest, prefix)
        assert (count.blank, count.null, count.challenged) == (None, None, None)
    assert not any(key.endswith(("/02", "/14", "abroad")) for key in board.tree.nodes)
    assert board.actas == {}
    # Whole and domestic are one question with the department, and a form that nobody recorded is not asked.
    assert not any("presidencial" in path for path in source.asked)
    # Those that were on their way are refused, and nothing but a later knock asks for actas.
    assert 1 <= sum("/actas" in path for path in source.asked) <= 3
    with closing(store):
        evidence = gather(tmp_path / "archive", (), lambda *_: None)
        replay = Replay(Onpe2026(election, contest), contest, election.largest, evidence)
        sets = store.read(store.info(election.id, contest.id).id, 0)
        assert [replay.check(changes) for changes in sets] == [[]] * len(sets)
        assert replay.changes > 10


async def _poll(
    source: Regional, election: Election, contest: Contest, folder: Path, until: int
) -> tuple[Board, Store]:
    """Poll until so many actas of the contest are counted and every district is read, then once more at another cut."""
    store = Store.open(sqlite_in(folder))
    writer = Writer.acquire(store, election.id, contest.id, is_test=False, at=AT)
    board, ask = Board(len(contest.lists), contest.scope, election.largest), fetcher(source, folder)
    publisher = Publisher(board, writer, ask.archive, linger_s=0.0)
    poller = Poller([ContestFeed(Onpe2026(election, contest), publisher)], ask, PACE)
    polling = asyncio.create_task(poller.run(until_final=True))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not _is_read(board, until):
                await asyncio.sleep(0.01)
                assert not polling.done()
            source.counted += 1
            while not _is_read(board, until + 3):
                await asyncio.sleep(0.01)
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await ask.close()
        writer.release()
    return board, store


def _is_read(board: Board, counted: int) -> bool:
    districts = [count.counted for key, count in board.published.items() if key.startswith("district/")]
    whole = board.published.get("nation")
    return whole is not None and whole.counted == counted == sum(districts)


def _sums(source: Regional, contest: Contest, prefix: str) -> tuple[int, ...]:
    columns = [source.votes(1, one) for one in source.districts(1, prefix)]
    return tuple(sum(votes[int(entry.code)] for votes in columns) for entry in contest.lists)


def test_actas_are_listed_as_soon_as_they_are_let_through(tmp_path: Path) -> None:
    """The pauses pass at once on this clock; the first list of all has nothing to say, which is an answer too."""
    source, hours = Regional(), Hours()
    contest = elected(source, tmp_path).contest("amazonas")
    election = msgspec.structs.replace(GOVERNOR, contests=(contest,))
    store = Store.open(sqlite_in(tmp_path))
    writer = Writer.acquire(store, election.id, contest.id, is_test=False, at=AT)

    async def poll() -> None:
        ask = fetcher(source, tmp_path, Budget(None, hours, seed=1, sleep=hours.sleep))
        publisher = Publisher(Board(len(contest.lists), contest.scope), writer, ask.archive, linger_s=0.0)
        polling = asyncio.create_task(Poller([ContestFeed(Onpe2026(election, contest), publisher)], ask, PACE).run())
        try:
            while sum("/actas" in path for path in source.asked) < 4 or not publisher.board.published:
                await asyncio.sleep(0)
            assert source.listed == set()
            source.lets_through = True
            while source.listed != {"010101", "010102", "010201"}:
                await asyncio.sleep(0)
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            await ask.close()

    with closing(store):
        asyncio.run(asyncio.wait_for(poll(), PATIENCE_S))
        writer.release()
    assert hours.now > 60


def test_what_lies_around_a_contest_is_asked_as_its_own_area() -> None:
    contest = GOVERNOR.contest("amazonas")
    own = questions.totals(contest, "department/01")
    assert {questions.totals(contest, key) for key in ("nation", "scope/domestic")} == {own}
    assert dict(own.params) == {
        "idEleccion": "1", "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": "1", "idUbigeoDepartamento": "010000",
    }  # fmt: skip
    [form] = questions.participants(contest, "district/010101")
    assert form.path == "/resumen-general/participantes"


def test_a_race_of_many_areas_has_no_list_as_a_whole() -> None:
    with pytest.raises(FeedEmpty, match="no list"):
        parse_participants(b'{"data":[],"message":"","success":true}', GOVERNOR.contest())


def test_a_challenge_of_the_actas_leaves_all_else_alone_and_only_one_question_tries_again(tmp_path: Path) -> None:
    source, hours = Regional(), Hours()

    async def ask() -> list[FeedRefused]:
        asking = fetcher(source, tmp_path, Budget(None, hours, seed=1, sleep=hours.sleep))
        contest, refused = GOVERNOR.contest(), []
        for _ in range(2):
            with pytest.raises(FeedRefused) as error:
                await asking(questions.acta_list(contest, "010101", 0))
            refused.append(error.value)
            at = hours.now
            await asking(questions.totals(contest, "department/01"))
            assert hours.now == at
        await asking.close()
        return refused

    first, second = asyncio.run(asyncio.wait_for(ask(), PATIENCE_S))
    assert first.is_apart
    assert second.is_apart
    assert 30 <= first.pause_s <= 60 <= second.pause_s <= 120
    assert hours.now == first.pause_s
    assert [path.rpartition("/")[2] for path in source.asked] == ["actas", "totales", "actas", "totales"]


def test_while_one_question_knocks_the_others_are_not_even_asked(tmp_path: Path) -> None:
    source, hours = Regional(), Hours()

    async def ask() -> list[Any]:
        asking = fetcher(source, tmp_path, Budget(None, hours, seed=1, sleep=hours.sleep))
        page = questions.acta_list(GOVERNOR.contest(), "010101", 0)
        with pytest.raises(FeedRefused):
            await asking(page)
        try:
            return await asyncio.gather(*(asking(page) for _ in range(5)), return_exceptions=True)
        finally:
            await asking.close()

    refused = asyncio.run(asyncio.wait_for(ask(), PATIENCE_S))
    assert all(isinstance(error, FeedRefused) and error.is_apart for error in refused)
    assert source.asked.count(f"{questions.BASE_PATH}/actas") == 2


@pytest.mark.reference_data
def test_the_recorded_answers_of_a_department_are_read(reference: Path) -> None:
    samples = reference / "feeds" / "samples" / "2026"
    totals = (samples / "erm2026_e1_totales_dep_010000.json").read_bytes()
    cut = parse_totals(totals, "010000", GOVERNOR.begins)
    contest = GOVERNOR.contest("amazonas")
    count = join(cut, parse_participants((samples / "erm2026_e1_participantes_dep_010000.json").read_bytes(), contest))
    assert (count.counted, count.at_jee, count.pending, count.total) == (1232, 15, 16, 1263)
    assert count.source_at == "2026-10-06T16:16:01.569Z"
    assert sum(count.votes) == count.valid == 200419
    assert (count.blank, count.null, count.challenged) == (None, None, None)
    assert check_area(count, len(contest.lists)) == ()
    with pytest.raises(FeedMalformed, match="asked for 020000"):
        parse_totals(totals, "020000")


@pytest.mark.reference_data
def test_the_recorded_answers_of_a_province_are_read_though_a_candidate_has_no_name(reference: Path) -> None:
    samples = reference / "feeds" / "samples" / "2026"
    cut = parse_totals((samples / "erm2026_e3_totales_prov_010100.json").read_bytes(), "010100")
    body = (samples / "erm2026_e3_participantes_prov_010100.json").read_bytes()
    lists = [entry for entry in GOVERNOR.contest("amazonas").lists if int(entry.code) in (139, 94, 95, 140)]
    mayor = msgspec.structs.replace(GOVERNOR.contest("amazonas"), source_id=3, scope="0101", lists=tuple(lists))
    votes = parse_participants(body, mayor)
    assert sum(votes.votes) == cut.valid == 29709
