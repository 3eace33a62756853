"""What an election's file says of the one before it: what cannot be is named with its place."""

from pathlib import Path

import msgspec
import pytest

from ingest.registry import known_elections
from tally.errors import InvalidInput
from tally.files.election_faults import read_election
from tally.files.election_files import load_elections
from tally.keys import area_key
from tally.previous.crosswalk import Match, UnitCrosswalk
from tally.previous.declaration import PlaceNames, Predecessor, Regrouped, Renamed
from tally.previous.former_count import plain_name

FOLDER = Path(__file__).parents[3] / "ingest" / "elections"
RUNOFF = FOLDER / "2026-06-07-president-runoff.toml"
NONE = Predecessor(election="before", lists=(), source={"es": "Prueba"})


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('now = "fuerza_popular", then', 'now = "frente", then', "predecessor · lists[0] (frente): is no list of this"),
        ('then = ["030706"]', 'then = ["0307"]', "predecessor · regrouped[0]: '0307' is not the six digits"),
        ('now = ["030706", "030712"]', 'now = ["030706"]', "regrouped[0]: one district for one is no regrouping"),
        ('then = ["050307"]', 'then = ["030706"]', "predecessor · regrouped: '030706' stands 2 times"),
        (
            'now = "9338", name = "QATAR"',
            'now = "933", name = "QATAR"',
            "renamed[14] (933): '933' is not the 2, 4 or 6",
        ),
        (
            'election = "2021-06',
            'election = "2026-06-07-president-runoff"\n#',
            "predecessor · election: is this",
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_place(was: str, becomes: str, fault: str) -> None:
    text = RUNOFF.read_text("utf-8")
    assert was in text
    _, faults = read_election(text.replace(was, becomes, 1).encode())
    assert [str(one) for one in faults if fault in str(one)], list(map(str, faults))


def test_a_list_that_the_election_before_does_not_have_is_refused(tmp_path: Path) -> None:
    for name in ("2021-06-06-president-runoff", "2026-06-07-president-runoff"):
        text = (FOLDER / f"{name}.toml").read_text("utf-8")
        (tmp_path / f"{name}.toml").write_text(text.replace('then = "fuerza_popular"', 'then = "juntos"'), "utf-8")
    with pytest.raises(InvalidInput, match="2021-06-06-president-runoff has no list 'juntos'"):
        load_elections(tmp_path)


def test_no_district_of_a_group_is_the_same_as_before() -> None:
    declared = known_elections()["2026-06-07-president-runoff"].predecessor
    assert declared is not None
    crosswalk = UnitCrosswalk(declared)
    for group in declared.regrouped:
        assert {crosswalk.unit(area_key(code)).match for code in group.now} == {Match.REGROUPED}
        # What holds all of it is what it was.
        assert crosswalk.unit(area_key(group.now[0][:4])).match is Match.SAME


def test_an_area_that_a_regrouping_crosses_is_not_what_it_was() -> None:
    why = {"es": "Cambió de provincia"}
    crosswalk = UnitCrosswalk(
        msgspec.structs.replace(
            NONE,
            regrouped=(Regrouped(("140101",), ("140101", "140201"), why),),
            renamed=(Renamed("150101", "VIEJO", "150201"),),
        )
    )
    told = {key: crosswalk.unit(key).match for key in ("province/1401", "province/1402", "province/1403")}
    assert list(told.values()) == [Match.REGROUPED, Match.REGROUPED, Match.SAME]
    assert crosswalk.unit("department/14").match is crosswalk.unit("nation").match is Match.SAME
    assert crosswalk.unit("province/1501").match is crosswalk.unit("province/1502").match is Match.REGROUPED
    # The old code of what was moved is nothing that was there.
    assert crosswalk.unit("district/150201").match is Match.NEW


def test_a_place_is_named_by_its_schools_number_or_by_its_name_without_what_kind_it_is() -> None:
    names = PlaceNames(("ie", "i", "e"), 4)
    written = {"18255 LEONCIO PRADO": "18255", "IE 00596": "596", "I.E. LEONCIO PRADO": "leoncio_prado"}
    written |= {"IE 390 LOS NIÑOS": "390_los_ninos", "IE": "ie", "IE 1001 - 1002": "1001_1002"}
    assert {name: plain_name(names, name) for name in written} == written
    assert plain_name(PlaceNames(), "IE 18255") == "ie_18255"
