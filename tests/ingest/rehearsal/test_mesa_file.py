"""Files of mesas: what is read, what is ignored with a notice, what is refused and where."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.rehearsal.mesa_file import read_mesas
from ingest.rehearsal.mesas import MesaTable
from ingest.rehearsal.observations import REASONS, UNTOLD
from tally.election import Election
from tally.errors import InvalidInput
from tests.ingest.rehearsal.conftest import TOY_MESAS


def _read(path: Path, election: Election, notices: list[str] | None = None) -> MesaTable:
    heard = notices if notices is not None else []
    return read_mesas(path, election.contest(), "primera_vista_utc", heard.append)


def test_a_file_of_mesas_is_read_plain_or_gzipped(toy_file: Path, runoff: Election, tmp_path: Path) -> None:
    packed = tmp_path / "mesas.csv.gz"
    packed.write_bytes(gzip.compress(toy_file.read_bytes()))
    for path in (toy_file, packed):
        table = _read(path, runoff)
        assert table.mesa.tolist() == [40001, 40002, 78001, 88000, 900001]
        assert table.votes.tolist() == [[120, 80], [90, 100], [150, 90], [0, 0], [20, 75]]
        assert table.installed.tolist() == [True, True, True, False, True]
        assert table.populated_places[table.populated_place[4]] == "ALTO"
        assert table.places[table.place[0]].code == "2674"
        assert table.via_jee is not None
        assert table.via_jee.tolist() == [False, False, True, False, False]


def test_columns_that_are_not_used_are_named_once(toy_file: Path, runoff: Election) -> None:
    notices: list[str] = []
    _read(toy_file, runoff, notices)
    assert notices == ["mesas.csv: columns not used: notas"]


def test_a_line_is_counted_as_an_editor_counts_it(mesas_file: Callable[[str], Path], runoff: Election) -> None:
    text = TOY_MESAS.replace("\n040002", "\n\n040002").replace(",IE 2,", ',"IE\n2",').replace(",120,100,", ",x,100,")
    with pytest.raises(InvalidInput, match="line 7, column electores: 'x'"):
        _read(mesas_file(text), runoff)


@pytest.mark.parametrize("body", [b"\x1f\x8b broken", b"mesa\xff\xfe", b"", b"mesa,ubigeo_onpe"])
def test_a_file_that_is_no_csv_is_refused_by_name(tmp_path: Path, runoff: Election, body: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(body)
    with pytest.raises(InvalidInput, match=r"odd\.csv (cannot be read|lacks the column)"):
        _read(path, runoff)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("120.0", "120.5", "line 2, column fuerza_popular: '120.5' is not a whole number"),
        (",90,100,", ",x,100,", "line 3, column fuerza_popular: 'x' is not a number"),
        (",90,100,", ",-90,100,", "line 3, column fuerza_popular: '-90' is not a count"),
        (",90,100,", ",,100,", "line 3, column fuerza_popular: '' is empty where other votes"),
        (",280,", ",,", "line 3, column electores: '' is empty"),
        ("078001", "040002", "line 4, column mesa: '040002' stands twice"),
        ("078001", "07800A", "line 4, column mesa: '07800A' is not a code"),
        ("2026-06-08T02:00:00Z", "08/06/2026", "line 4, column primera_vista_utc: '08/06/2026' is not a moment"),
        ("2026-06-08T02:00:00Z", "2026-06-08T02:00:00", "line 4, column primera_vista_utc"),
        (",IE 2,", ",", "line 4: 14 fields where the header has 15"),
        ("electores", "electors", "lacks the column electores"),
        ("juntos_por_el_peru", "juntos", "lacks the column juntos_por_el_peru"),
        ("notas", "local", "names the column local twice"),
    ],
)
def test_a_bad_value_is_named_by_line_and_column(
    mesas_file: Callable[[str], Path], runoff: Election, old: str, new: str, message: str
) -> None:
    path = mesas_file(TOY_MESAS.replace(old, new, 1))
    with pytest.raises(InvalidInput) as refusal:
        _read(path, runoff)
    assert message in str(refusal.value)


def test_a_column_may_carry_the_slug_of_the_full_name(
    mesas_file: Callable[[str], Path], elections: dict[str, Election]
) -> None:
    election = elections["2021-06-06-president-runoff"]
    path = mesas_file(
        TOY_MESAS.replace("fuerza_popular,juntos_por_el_peru", "fuerza_popular,partido_politico_nacional_peru_libre")
    )
    # The election's order is Perú Libre, then Fuerza Popular.
    assert _read(path, election).votes[0].tolist() == [80, 120]


def test_a_place_without_code_joins_its_namesake_or_gets_a_stable_code(
    mesas_file: Callable[[str], Path], runoff: Election
) -> None:
    text = TOY_MESAS.replace("040002,140101,2674,IE 1", "040002,140101,,ÍE 1").replace("3001,IE 2", ",IE 2")
    first, second = (_read(mesas_file(text), runoff) for _ in range(2))
    assert first.place[0] == first.place[1]
    code = first.places[first.place[2]].code
    assert code
    assert code == second.places[second.place[2]].code
    assert code not in {place.code for place in first.places if place.name != "IE 2"}


def test_a_file_states_what_became_of_each_acta(
    mesas_file: Callable[[str], Path], elections: dict[str, Election]
) -> None:
    path = mesas_file(
        "mesa,ubigeo_onpe,local,electores,emitidos,peru_libre,fuerza_popular,blancos,nulos,impugnados,estado_acta\n"
        "000001,010101,A,300,214,118,81,1,14,0,CONTABILIZADA\n"
        "000002,010101,A,300,170,0,0,0,170,0,ANULADA\n"
        "000003,010101,A,300,200,100,90,4,6,0,EN PROCESO\n"
        "000004,010101,A,300,200,100,90,4,6,0,COMPUTADA RESUELTA\n"
        "000005,922830,B,230,,,,,,,SIN INSTALAR\n"
        "000006,922830,B,230,,,,,,,PENDIENTE\n"
    )
    table = read_mesas(path, elections["2021-06-06-president-runoff"].contest(), None, lambda text: None)
    assert table.installed.tolist() == [True, True, True, True, False, True]
    assert table.known.tolist() == [True, True, True, True, True, False]
    assert [
        column.tolist() for column in (table.annulled, table.at_jee_forever, table.via_jee) if column is not None
    ] == [
        [False, True, False, False, False, False],
        [False, False, True, False, False, False],
        [False, True, True, True, False, False],
    ]


@pytest.mark.reference_data
def test_the_real_run_off_adds_up_to_the_official_final(reference: Path, runoff: Election) -> None:
    table = _read(reference / "data" / "eg2026_round2_tables.csv.gz", runoff)
    # ONPE, official final of the run-off of 2026.
    assert table.votes.sum(axis=0).tolist() == [9_223_396, 9_173_755]
    assert [int(column.sum()) for column in (table.blank, table.null, table.cast)] == [118_396, 1_167_836, 19_683_383]
    assert len(table.mesa) == 92_766
    assert table.registered.sum() == 27_325_432
    assert (~table.installed).sum() == 37
    assert all(place.code for place in table.places)


@pytest.mark.reference_data
def test_real_reasons_of_observed_actas_are_those_last_seen(reference: Path, elections: dict[str, Election]) -> None:
    table = _read_2021(reference, elections)
    assert table.observation is not None
    # 026140 stood as annulled in the evening, 000001 was never observed.
    reasons = {}
    for mesa in (26140, 52364, 1):
        row = table.row(mesa)
        assert row is not None
        reasons[mesa] = int(table.observation[row])
    assert reasons == {26140: REASONS.index("ERROR MATERIAL"), 52364: REASONS.index("INCOMPLETA"), 1: UNTOLD}


@pytest.mark.reference_data
def test_real_places_without_codes_are_told_apart_by_name_and_address(
    reference: Path, elections: dict[str, Election]
) -> None:
    table = _read_2021(reference, elections)
    # 11,876 spellings of district, name and address, of which three differ from another in punctuation alone.
    assert len(table.places) == 11_873
    assert len({place.code for place in table.places}) == 11_873


def _read_2021(reference: Path, elections: dict[str, Election]) -> MesaTable:
    path = reference / "data" / "eg2021_round2_tables.csv.gz"
    return read_mesas(path, elections["2021-06-06-president-runoff"].contest(), None, lambda text: None)
