"""The election files that ship: each loads, and restated official results add up to the published finals."""

import re
from pathlib import Path

import pytest

from ingest.registry import known_elections
from tally.election import Election, slug
from tally.errors import InvalidInput
from tally.files.election_faults import read_election
from tally.files.election_files import load_elections
from tally.outcome.rule import ContestRule, RuleKind

FOLDER = Path(__file__).parents[3] / "ingest" / "elections"


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
        "2026-10-04-governor": "two_round",
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


def test_every_contest_of_the_governors_election_has_its_department_and_its_lists(
    elections: dict[str, Election],
) -> None:
    """ONPE, resultadoelectoral.onpe.gob.pe, cut of 8 October 2026: 257 lists in 25 regions."""
    contests = elections["2026-10-04-governor"].contests
    assert sorted(contest.scope for contest in contests) == [f"{n:02}" for n in range(1, 26)]
    assert sum(len(contest.lists) for contest in contests) == 257
    names: dict[str, set[str]] = {}
    colors: dict[str, set[str]] = {}
    for contest in contests:
        assert contest.rule == ContestRule(RuleKind.TWO_ROUND, "3/10", is_inclusive=True)
        assert contest.source_page is None
        assert len({entry.color for entry in contest.lists}) == len(contest.lists)
        for entry in contest.lists:
            names.setdefault(entry.code, set()).add(entry.name)
            colors.setdefault(entry.code, set()).add(entry.color)
            assert 93 <= int(entry.code) <= 169
    # A code names the same list in every department, and has its colour in all of them.
    assert {len(some) for some in (*names.values(), *colors.values())} == {1}


SOUND = PLAIN + 'rule = { kind = "plurality" }\n'


def spoilt(*pairs: tuple[str, str]) -> list[str]:
    text = SOUND.replace("hosts = []", 'hosts = ["onpe.example"]')
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after, 1)
    return [str(fault) for fault in read_election(text.encode())[1]]


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (('short = "Rojo", ', ""), "contests[0] (mayor) · lists[0] (red): missing required field `short`"),
        (('short = "Rojo"', 'short = "Rojo", sort = 1'), "lists[0] (red): there is no field `sort`"),
        (('code = "2"', "code = 2"), "contests[0] (mayor) · lists[1] (blue) · code: Expected `str`, got `int`"),
        (('code = "2"', 'code = ""'), "contests[0] (mayor) · lists[1] (blue) · code: '' is not a number of the source"),
        (('code = "2"', 'code = "1"'), "contests[0] (mayor) · lists: code '1' stands 2 times"),
        (('id = "blue"', 'id = "red"'), "contests[0] (mayor) · lists: id 'red' stands 2 times"),
        (('id = "red"', 'id = "Red!"'), "'Red!' is not lower-case letters, digits and underscores"),
        (("#2166ac", "#e08214"), "contests[0] (mayor) · lists: color '#e08214' stands 2 times"),
        (("#2166ac", "blue"), "contests[0] (mayor) · lists[1] (blue) · color: 'blue' is not a colour like #2166ac"),
        (('name = "ROJO"', 'name = " "'), "contests[0] (mayor) · lists[0] (red) · name: is empty"),
        (("source_id = 1", 'source_id = 1\nscope = "100"'), "contests[0] (mayor) · scope: '100' is not the 2, 4 or 6"),
        (("source_id = 1", 'source_id = 1\nscope = "1400"'), "contests[0] (mayor) · scope: '1400' is not the 2, 4 or"),
        (('es = "Alcaldía"', 'en = "Mayor"'), "contests[0] (mayor) · name: says nothing in Spanish (es)"),
        (('es = "Prueba"', 'en = "Test"'), "credit: says nothing in Spanish (es)"),
        (('hosts = ["onpe.example"]', "hosts = []"), "hosts: names no host"),
        (("date = 2030-01-06", "date = 2030-13-06"), "not TOML"),
        (("date = 2030-01-06", 'date = "soon"'), "date: "),
        (("process = {}", 'process = {}\ncloses_at = "5 pm"'), "closes_at: '5 pm' is not a time like 17:00"),
        (("process = {}", 'process = {}\ntimezone = "America/Nowhere"'), "timezone: 'America/Nowhere' is not"),
        *(
            (
                ("[[contests]]", f"[polling]\nrequests_per_s = {value}\n[[contests]]"),
                f"polling · requests_per_s: {said}",
            )
            for value, said in (
                ("0.0", "0.0 is not a number above 0"),
                ("-1.0", "-1.0 is not a number above 0"),
                ("nan", "nan is not a number above 0"),
                ("inf", "inf is not a number above 0"),
                ("1000.0", "1000.0 is more than 10 requests a second"),
            )
        ),
        (("[[contests]]", "[polling]\ncycle_s = 0\n[[contests]]"), "polling · cycle_s: 0.0 is not a number above 0"),
        (('"onpe.example"', '"onpe.example", ""'), "hosts[1]: '' is not the name of a host"),
        (('"onpe.example"', '"https://onpe.example/"'), "hosts[0]: 'https://onpe.example/' is not the name of a host"),
        (("source_id = 1", "source_id = -3"), "contests[0] (mayor) · source_id: -3 is not an id of the source"),
        *(
            (
                ("source_id = 1", f"source_id = 1\nregistered = {n}"),
                f"(mayor) · registered: {n} is not a number of voters",
            )
            for n in (-1, 0, 10**20)
        ),
        (("source_id = 1", 'source_id = 1\nscope = "99"'), "contests[0] (mayor) · scope: '99' is not the 2, 4 or 6"),
        (("source_id = 1", 'source_id = 1\nscope = "2601"'), "contests[0] (mayor) · scope: '2601' is not the 2, 4 or"),
        (
            ("source_id = 1", 'source_id = 1\nsource_page = "../x?y"'),
            "(mayor) · source_page: '../x?y' is not lower-case",
        ),
        (("source_id = 1", f"source_id = {'[' * 2000}{']' * 2000}"), "its values lie too deep in each other"),
        (("source_id = 1", f"source_id = {'9' * 5000}"), "a number in it has too many digits"),
        (('id = "mayor"', 'id = "live"'), "contests[0] (live) · id: 'live' is taken"),
        (('id = "mayor"', 'id = "Mayor"'), "contests[0] (Mayor) · id: 'Mayor' is not lower-case letters"),
    ],
)
def test_a_fault_of_an_election_file_is_named_with_its_place(pair: tuple[str, str], said: str) -> None:
    assert spoilt() == []
    [fault] = spoilt(pair)
    assert said in fault


def test_every_fault_is_named_and_not_only_the_first() -> None:
    faults = spoilt(('code = "1", ', ""), ('short = "Azul", ', ""), ("source_id = 1", ""), ("process = {}", ""))
    assert faults == [
        "missing required field `process`",
        "contests[0] (mayor): missing required field `source_id`",
        "contests[0] (mayor) · lists[0] (red): missing required field `code`",
        "contests[0] (mayor) · lists[1] (blue): missing required field `short`",
    ]


def test_two_contests_of_one_race_cannot_share_a_voter() -> None:
    contests = [
        f'[[contests]]\nid = "{name}"\nname = {{ es = "x" }}\nsource_id = {race}\nscope = "{scope}"\n'
        'rule = { kind = "plurality" }\n'
        'lists = [ { id = "red", code = "1", name = "R", short = "R", candidate = "", color = "#e08214" } ]\n'
        for name, race, scope in (("lima", 3, "14"), ("canta", 3, "1402"), ("governor", 1, "14"), ("ica", 3, "10"))
    ]
    [fault] = spoilt(
        ("[[contests]]", "".join(contests) + "[[contests]]"), ("source_id = 1\nlists", "source_id = 9\nlists")
    )
    assert fault == "contests: 'canta' and 'lima' are both of race 3, and share 1402"


def test_an_official_result_that_does_not_add_up_is_a_fault() -> None:
    votes = "cast = 9\nvotes = [1]\nblank = 1\nnull = 1\n"
    final = f'on = 2030-01-07\nsource = {{ es = "x" }}\nactas = 1\nregistered = 9\n{votes}'
    assert spoilt(("[[contests]]", f"[official_final]\n{final}[[contests]]")) == [
        "official_final · votes: has 1 figures for 2 lists",
        "official_final: its votes add up to 3, not to the 9 cast",
    ]


def file_in(folder: Path, name: str, text: str = SOUND.replace("hosts = []", 'hosts = ["onpe.example"]')) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_election_files_may_lie_in_a_folder_of_the_operators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = file_in(tmp_path / "elections", "2030-01-06-mayor.toml")
    monkeypatch.setenv("ESCRUTINIO_ELECTIONS", str(folder))
    assert known_elections().keys() == load_elections(FOLDER).keys() | {"2030-01-06-mayor"}


def test_two_files_of_one_election_are_refused_with_both_names(tmp_path: Path) -> None:
    first, second = (file_in(tmp_path / name, "2030-01-06-mayor.toml") for name in "ab")
    with pytest.raises(InvalidInput, match=r"a/2030-01-06-mayor.toml.* are both of election '2030-01-06-mayor'"):
        load_elections(first, second)


def test_a_bad_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"there is no folder of elections .*nowhere"):
        load_elections(tmp_path / "nowhere")
    folder = file_in(tmp_path / "elections", "2030-01-06-other.toml")
    with pytest.raises(InvalidInput, match=r"2030-01-06-other\.toml defines election '2030-01-06-mayor'"):
        load_elections(folder)
    broken = file_in(tmp_path / "broken", "x.toml", 'id = "x"\n')
    with pytest.raises(InvalidInput, match=r"x\.toml is not a valid election file: missing .* \(and 6 more"):
        load_elections(broken)


def test_the_draft_of_the_provincial_mayors_lacks_nothing_but_codes(elections: dict[str, Election]) -> None:
    """1,617 lists of 196 provinces, JNE's register of 7 August 2026; 32 of them ran for no region."""
    election, faults = read_election((FOLDER / "drafts" / "2026-10-04-provincial-mayor.toml").read_bytes())
    assert election is not None
    assert election.id not in elections
    assert (len(election.contests), sum(len(contest.lists) for contest in election.contests)) == (196, 1617)
    assert sum(fault.place.endswith("· code") for fault in faults) == 32
    assert all("code ''" in fault.what or fault.place.endswith("· code") for fault in faults)
    assert {(contest.rule.kind.value, len(contest.scope)) for contest in election.contests} == {("plurality", 4)}


def test_the_governors_cut_of_8_october_is_restated_whole_and_says_that_it_is_partial(
    elections: dict[str, Election],
) -> None:
    """ONPE, process 4, race 1, read by department on 8 October 2026."""
    election = elections["2026-10-04-governor"]
    assert election.official is not None
    assert election.official.is_partial
    areas = election.official.areas
    assert [election.contest_of(area.ubigeo) for area in areas] == list(election.contests)
    assert (sum(area.mesas for area in areas), sum(area.at_jee + area.pending for area in areas)) == (63_584, 1_413)
    assert sum(area.cast for area in areas) == 13_425_592
    # Regions in which some list had 30 % of the valid votes.
    reached = [
        max(area.votes) >= contest.rule.least(sum(area.votes))
        for contest, area in zip(election.contests, areas, strict=True)
    ]
    assert sum(reached) == 10
