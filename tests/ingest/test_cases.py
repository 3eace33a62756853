"""The small inputs on which the count once went wrong, each served as it is to a real poll, and what is promised."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.commands.unwell import LISTS, TOTALS, Said, Unwell
from tests.databases import sqlite_in
from tests.ingest.faults.drill import EARLY, LATE, Drill, assert_whole, figures
from tests.ingest.rig import ELECTIONS, Rig, Source, write_mesas
from tests.ingest.test_implausible import outlook

pytestmark = pytest.mark.reference_data

_PARTICIPANTS = TOTALS.replace("totales", "participantes")
_DISTRICT = "140101"


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    drill = Drill("onpe2026", tmp_path)
    yield drill
    drill.store.close()


def said(path: Path) -> Said:
    """The answer that a file holds."""
    whole = path.read_bytes()
    if path.suffix != ".http":
        return Said(body=whole)
    start, *lines = whole.partition(b"\n\n")[0].replace(b"\r", b"").splitlines()
    named = (line.partition(b":") for line in lines if line)
    headers = tuple((name.lower(), value.strip()) for name, _, value in named)
    return Said(int(start.split()[1]), headers, b"")


def serve(drill: Drill, reference: Path, **cases: str) -> Unwell:
    """From now on the source answers questions that begin so with those files."""
    source = Unwell(drill.app)
    starts = {"totals": TOTALS, "participants": _PARTICIPANTS, "list": LISTS}

    def spoil(url: str, body: bytes) -> Said | None:
        for name, file in cases.items():
            if url.startswith(starts[name]) and (name != "list" or _DISTRICT in url):
                return said(reference / "cases" / file)
        return None

    source.spoil = spoil
    drill.source = source  # type: ignore[assignment] # any application will do
    return source


@pytest.mark.parametrize(
    "case",
    ["01_totales_turnout_1e306.json", "01b_totales_stamp_year1.json", "11_duplicate_key.json"],
)
def test_totals_that_cannot_be_read_end_nothing_and_are_not_published(drill: Drill, reference: Path, case: str) -> None:
    drill.step_to(EARLY)
    before = drill.poll().published["nation"]
    drill.step_to(LATE)
    truth = drill.learn_truth()
    serve(drill, reference, totals=case)
    board = drill.poll()
    assert board.published.pop("nation") == before
    assert board.published == {key: count for key, count in truth.published.items() if key != "nation"}
    drill.recover()
    assert_whole(drill.poll(), truth)


@pytest.mark.parametrize("case", ["01c_retry_after.http", "09_retry_after_9999.http"])
def test_a_wish_to_wait_that_no_clock_knows_silences_nobody(drill: Drill, reference: Path, case: str) -> None:
    drill.step_to(LATE)
    truth = drill.learn_truth()
    serve(drill, reference, totals=case)
    read = drill.poll().published
    assert ("nation" in read, "district/140101" in read) == (False, True)
    # Later pauses grow by our own doubling, which the wish has no part in.
    assert drill.budget.pauses[0] <= drill.election.polling.longest_wish_s == 600
    drill.recover()
    assert_whole(drill.poll(), truth)


def test_a_thousandfold_nation_is_held_and_decides_nothing(drill: Drill, reference: Path) -> None:
    drill.step_to(EARLY)
    serve(
        drill,
        reference,
        totals="02_totales_nation_x1000.json",
        participants="02_participantes_nation_x1000.json",
    )
    drill.poll()
    nation = drill.last("nation")
    assert nation.published is None
    assert outlook(drill).decided is None


@pytest.mark.parametrize("case", ["04_actas_totalPaginas_1e9.json", "12_fullwidth_mesa_row.json"])
def test_a_list_without_an_end_or_in_other_digits_starves_nobody(drill: Drill, reference: Path, case: str) -> None:
    drill.step_to(LATE)
    truth = drill.learn_truth()
    source = serve(drill, reference, list=case)
    board = drill.poll()
    assert figures(board) == figures(truth)
    assert {acta.ubigeo for acta in board.actas.values()} == {"140102", "150101", "920101"}
    pages = [url for url in source.asked if url.startswith(LISTS) and _DISTRICT in url]
    assert len(pages) < 12
    drill.recover()
    assert_whole(drill.poll(), truth)


@pytest.mark.parametrize(("row", "election"), [(0, "2026-04-12-president"), (1, "2021-04-11-president")])
def test_a_counted_acta_of_zeros_is_published_and_its_sums_close(
    reference: Path, tmp_path: Path, row: int, election: str
) -> None:
    lines = (reference / "cases" / "06_mesa_083033.csv").read_text().splitlines()
    assert len(lines) == 4
    told = next(csv.DictReader(lines[2 * row : 2 * row + 2]))
    lists = dict.fromkeys((entry.id for entry in ELECTIONS[election].contest().lists), 0)
    path = write_mesas(tmp_path / "mesas.csv", [{**told, **lists}])
    rig = Rig(Source(ELECTIONS[election], ELECTIONS[election]), path, sqlite_in(tmp_path), tmp_path)
    board = rig.poll()
    acta, nation = board.actas[f"mesa/{told['mesa']}"], board.published["nation"]
    assert (acta.state, acta.cast, acta.held or ()) == ("counted", 0, ())
    assert [flag.rule for flag in acta.flags or ()] == ["all_zero"]
    assert (nation.counted, nation.total, nation.cast, board.sums.of("nation").counted) == (1, 1, 0, 1)
    rig.store.close()
