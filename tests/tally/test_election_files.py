"""The election files that ship: each loads, and restated official results add up to the published finals."""

import re
from pathlib import Path

import pytest

from tally.election import Election, slug
from tally.election_files import load_elections
from tally.errors import InvalidInput

FOLDER = Path(__file__).parents[2] / "ingest" / "elections"


@pytest.fixture(scope="module")
def elections() -> dict[str, Election]:
    return load_elections(FOLDER)


@pytest.mark.parametrize(
    ("election_id", "lists", "generation"),
    [
        ("2021-04-11-president", 18, "onpe2021"),
        ("2021-06-06-president-runoff", 2, "onpe2021"),
        ("2026-04-12-president", 38, "onpe2026"),
        ("2026-06-07-president-runoff", 2, "onpe2026"),
    ],
)
def test_an_election_file_names_every_list_of_its_ballot(
    elections: dict[str, Election], election_id: str, lists: int, generation: str
) -> None:
    election = elections[election_id]
    entries = election.contest().lists
    assert election.generation == generation
    assert len(entries) == lists
    for field in ("id", "code", "color"):
        assert len({getattr(entry, field) for entry in entries}) == lists
    assert all(int(entry.code) > 0 and entry.short for entry in entries)
    assert {"es", "en"} == set(election.name) == set(election.credit) == set(election.contest().name)


def test_a_list_is_called_by_the_slug_of_its_name(elections: dict[str, Election]) -> None:
    for election in elections.values():
        for entry in election.contest().lists:
            # Mesa files shorten one name: PARTIDO POLITICO NACIONAL PERU LIBRE is `peru_libre` there.
            assert slug(entry.name).endswith(entry.id)


def test_lists_without_candidate_are_the_withdrawn_ones(elections: dict[str, Election]) -> None:
    withdrawn = [entry.code for entry in elections["2026-04-12-president"].contest().lists if entry.is_withdrawn]
    assert sorted(withdrawn) == ["13", "6"]
    for election in elections.values():
        assert all(bool(entry.candidate) != entry.is_withdrawn for entry in election.contest().lists)


# Finals: ONPE, 2026 run-off at 100 % of actas; ONPE open data (PCM version) of the 2021 run-off.
@pytest.mark.parametrize(
    ("election_id", "votes", "blank", "null", "cast", "registered", "mesas", "not_installed"),
    [
        (
            "2026-06-07-president-runoff",
            {"fuerza_popular": 9_223_396, "juntos_por_el_peru": 9_173_755},
            118_396,
            1_167_836,
            19_683_383,
            27_325_432,
            92_766,
            37,
        ),
        (
            "2021-06-06-president-runoff",
            {"peru_libre": 8_835_970, "fuerza_popular": 8_791_730},
            121_478,
            1_107_640,
            18_856_818,
            25_287_954,
            86_488,
            6,
        ),
    ],
)
def test_official_results_by_department_add_up_to_the_final(
    elections: dict[str, Election],
    election_id: str,
    votes: dict[str, int],
    blank: int,
    null: int,
    cast: int,
    registered: int,
    mesas: int,
    not_installed: int,
) -> None:
    election = elections[election_id]
    assert election.official is not None
    areas = election.official.areas
    ids = [entry.id for entry in election.contest().lists]
    assert len(areas) == 30
    assert dict(zip(ids, (sum(column) for column in zip(*(a.votes for a in areas), strict=True)), strict=True)) == votes
    assert sum(a.blank for a in areas) == blank
    assert sum(a.null for a in areas) == null
    assert sum(a.cast for a in areas) == cast
    assert sum(a.registered for a in areas) == registered
    assert sum(a.mesas for a in areas) == mesas
    assert sum(a.not_installed for a in areas) == not_installed
    for area in areas:
        assert sum(area.votes) + area.blank + area.null + area.challenged == area.cast <= area.registered


@pytest.mark.parametrize("election_id", ["2021-06-06-president-runoff", "2026-06-07-president-runoff"])
def test_the_official_final_adds_up(elections: dict[str, Election], election_id: str) -> None:
    final = elections[election_id].official_final
    assert final is not None
    assert sum(final.votes) + final.blank + final.null == final.cast <= final.registered


def test_the_official_final_of_2021_is_not_its_open_data(elections: dict[str, Election]) -> None:
    """Rulings of the juries came after the mesa files: both figures are true, of different moments."""
    election = elections["2021-06-06-president-runoff"]
    assert election.official is not None
    assert election.official_final is not None
    assert election.official_final.votes == (8_836_380, 8_792_117)
    assert sum(area.votes[0] for area in election.official.areas) == 8_835_970


def test_every_election_has_a_short_name_and_a_page_of_the_source_where_a_reader_can_compare(
    elections: dict[str, Election],
) -> None:
    for election in elections.values():
        assert election.short is not None
        assert {"es", "en"} == set(election.short)
        assert all(name == name.lower() for name in election.short.values())  # it stands within a sentence
        assert election.result_page is not None
        assert election.result_page.startswith("https://")


def test_every_contest_says_how_it_is_won(elections: dict[str, Election]) -> None:
    rules = {name: election.contest().rule for name, election in elections.items()}
    assert {name: rule.kind.value for name, rule in rules.items()} == {
        "2021-04-11-president": "two_round",
        "2021-06-06-president-runoff": "final_round",
        "2026-04-12-president": "two_round",
        "2026-06-07-president-runoff": "final_round",
    }
    assert rules["2026-04-12-president"].least(100) == rules["2026-04-12-president"].least(101) == 51


def test_the_roll_before_the_day_is_that_of_the_final(elections: dict[str, Election]) -> None:
    for election in elections.values():
        final = election.official_final
        assert final is None or election.contest().registered == final.registered


PLAIN = """
id = "2030-01-06-mayor"
name = { es = "Elección" }
date = 2030-01-06
generation = "onpe2026"
hosts = []
process = {}
credit = { es = "Prueba" }
[[contests]]
id = "mayor"
name = { es = "Alcaldía" }
source_id = 1
lists = [
  { id = "red", code = "1", name = "ROJO", short = "Rojo", candidate = "ROSA ROJAS", color = "#e08214" },
  { id = "blue", code = "2", name = "AZUL", short = "Azul", candidate = "", color = "#2166ac", is_withdrawn = true },
]
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "missing required field `rule`"),
        ('rule = { kind = "most" }', "Invalid enum value 'most'"),
        ('rule = { kind = "plurality", threshold = "3/10", is_inclusive = true }', "'plurality' has no threshold"),
        ('rule = { kind = "two_round" }', "threshold None of a two_round rule is not a fraction below 1"),
        ('rule = { kind = "two_round", threshold = "0.3", is_inclusive = true }', "threshold '0.3'"),
        ('rule = { kind = "two_round", threshold = "3/2", is_inclusive = true }', "threshold '3/2'"),
        ('rule = { kind = "two_round", threshold = "3/10" }', "whether its threshold itself is enough"),
        ('rule = { kind = "final_round" }', "'mayor' is a final_round between two lists, but 1 run"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_file_and_why(tmp_path: Path, rule: str, said: str) -> None:
    (tmp_path / "2030-01-06-mayor.toml").write_text(PLAIN + rule, "utf-8")
    with pytest.raises(InvalidInput, match=re.escape(said)) as refused:
        load_elections(tmp_path)
    assert "2030-01-06-mayor.toml is not a valid election file" in str(refused.value)
