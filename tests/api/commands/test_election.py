"""An election that nobody has written a file for: drafted from its source, looked over, and counted, without code."""

import contextlib
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import msgspec
import pytest
from typer.testing import CliRunner, Result

from api.cli import program
from bench.country import make_feed_app, served
from bench.soaks.races import ELECTION as GOVERNOR
from bench.soaks.races import differences, small_country
from ingest.registry import known_elections
from ingest.rehearsal.areas import NATION_ROW
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.runoff import runoff_of
from ingest.rehearsal.server import build_feed
from tally.errors import EscrutinioError, InvalidInput
from tally.storage.store import Store
from tests.api.commands.test_cli import RUNOFF, started
from tests.ingest.regional import Regional
from tests.ingest.rig import a_small_country
from tests.programs.program import escrutinio
from tests.waiting import PATIENCE_S, wait_until

DRAFT_AND_RUN_S = 120
GOVERNOR_RULE = ("--rule", "two_round", "--threshold", "3/10", "--inclusive")


def election(command: str, *options: object) -> Result:
    return CliRunner().invoke(program(), ["election", command, *map(str, options)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's folder of election files."""
    folder = tmp_path / "elections"
    folder.mkdir()
    monkeypatch.setenv("ESCRUTINIO_ELECTIONS", str(folder))
    return folder


def whole(url: str, election_id: str, level: str = "nation") -> dict[str, Any]:
    """What is published for the whole contest; {} while it is not."""
    try:
        with urlopen(f"{url}/api/v1/elections/{election_id}/results?level={level}", timeout=PATIENCE_S) as answer:
            rows = json.load(answer)["rows"]
    except OSError:
        return {}
    return (rows and rows[0]["published"]) or {}


def source_says(url: str, codes: list[str]) -> tuple[int, list[int]]:
    """Counted actas, and votes in the order of those codes, as the feed itself has them."""
    asked = f"{url}/presentacion-backend/resumen-general"
    with urlopen(f"{asked}/totales?idEleccion=10&tipoFiltro=eleccion", timeout=PATIENCE_S) as answer:
        counted = json.load(answer)["data"]["contabilizadas"]
    with urlopen(f"{asked}/participantes?idEleccion=10&tipoFiltro=eleccion", timeout=PATIENCE_S) as answer:
        votes = {str(row["codigoAgrupacionPolitica"]): row["totalVotosValidos"] for row in json.load(answer)["data"]}
    return counted, [votes[code] for code in codes]


def test_a_drafted_runoff_is_checked_and_run_and_its_count_moves_within_two_minutes(
    tmp_path: Path, folder: Path
) -> None:
    began = time.monotonic()
    runoff = known_elections()[RUNOFF]
    feed = make_feed_app(a_small_country(tmp_path / "mesas.csv", runoff), runoff)
    feed.step_to(closing(runoff) + timedelta(hours=4))
    name = "2026-06-07-drafted"
    with served(feed) as source:
        drafted = election("draft", "--feed", source, "--race", 10, "--unlimited", "-o", folder / f"{name}.toml")
        assert drafted.exit_code == 0, drafted.output
        checked = election("check", folder / f"{name}.toml")
        assert (checked.exit_code, checked.stdout) == (0, f"{name} is sound: 1 contest with 2 lists.\n")
        options = ("--election", name, "--feed", source, "--unlimited", "--cycle", 0.5, "--port", 0)
        with started("run", *options, folder=tmp_path) as url:
            seen, codes = [], [entry.code for entry in known_elections()[name].contest().lists]
            for hours in (4, 20, 200):
                feed.step_to(closing(runoff) + timedelta(hours=hours))
                truth = source_says(source, codes)
                wait_until(lambda truth=truth: (row := whole(url, name)) and _figures(row) == truth)
                seen.append(truth)
    assert seen[0][0] < seen[1][0] < seen[2][0] == 60
    assert dict(zip(codes, seen[2][1], strict=True)) == {
        "8": sum(50 + n for n in range(60)),
        "10": sum(100 - n for n in range(60)),
    }
    assert time.monotonic() - began < DRAFT_AND_RUN_S


def test_the_regions_runoff_is_drafted_checked_and_run_and_all_its_races_move_within_two_minutes(
    tmp_path: Path, folder: Path
) -> None:
    began = time.monotonic()
    whole = runoff_of(known_elections()[GOVERNOR])
    assert whole.official is not None
    official = msgspec.structs.replace(whole.official, areas=whole.official.areas[:3])
    runoff, catalogue = small_country(
        msgspec.structs.replace(whole, contests=whole.contests[:3], official=official), mesas=2
    )
    feed = build_feed(runoff, catalogue, FeedPlan())
    feed.step_to(closing(runoff) + timedelta(hours=4))
    name, database = "2026-12-06-governor-runoff", f"sqlite:///{tmp_path / 'count.db'}"
    with served(feed) as source:
        drafted = election("draft", "--feed", source, "--race", 1, "--unlimited", "-o", folder / f"{name}.toml")
        assert drafted.exit_code == 0, drafted.output
        checked = election("check", folder / f"{name}.toml")
        assert (checked.exit_code, checked.stdout.splitlines()[0]) == (
            0,
            f"{name} is sound: 3 contests with 6 lists.",
        )
        options = ("--election", name, "--feed", source, "--database", database, "--unlimited", "--cycle", 0.5)
        counted = []
        with started("run", *options, "--port", 0, folder=tmp_path), contextlib.closing(Store.open(database)) as store:
            for hours in (5, 200):
                feed.step_to(closing(runoff) + timedelta(hours=hours))
                wait_until(lambda: differences(feed, store) == [])
                counted.append([race.cut().area(NATION_ROW).counted for race in feed.feed.races])
    assert sum(counted[0]) < sum(counted[1])
    assert time.monotonic() - began < DRAFT_AND_RUN_S


def _figures(row: dict[str, Any]) -> tuple[int, list[int]]:
    return row["counted"], row["votes"]


def test_one_region_of_a_drafted_election_is_run_alone_while_its_actas_are_refused(
    tmp_path: Path, folder: Path
) -> None:
    source, name = Regional(), "2026-12-06-governor"
    with source.served() as address:
        drafted = election(
            "draft", "--feed", address, "--race", 1, "--unlimited", *GOVERNOR_RULE, "-o", folder / f"{name}.toml"
        )
        assert drafted.exit_code == 0, drafted.output
        assert election("check", folder / f"{name}.toml").exit_code == 0
        options = ("--election", name, "--contest", "ancash", "--feed", address, "--unlimited", "--cycle", 0.5)
        with started("run", *options, "--port", 0, folder=tmp_path) as url:
            for counted in (4, 7):
                source.counted = counted
                columns = [source.votes(1, one) for one in source.districts(1, "02")]
                votes = [sum(column[code] for column in columns) for code in sorted(columns[0])]
                wait_until(lambda n=2 * counted, votes=votes: (r := whole(url, name)) and _figures(r) == (n, votes))
                wait_until(lambda votes=votes: whole(url, name, "department").get("votes") == votes)
            row = whole(url, name)
    assert (row["blank"], row["null"], row["challenged"]) == (None, None, None)
    assert all("Escrutinio" in agent and "http" in agent for agent in source.agents)


def test_a_draft_says_what_a_person_must_check(folder: Path) -> None:
    with Regional().served() as address:
        options = ("--feed", address, "--race", 3, "--unlimited", "--rule", "plurality")
        said = election("draft", *options, "--lang", "es")
    assert said.exit_code == 0
    assert "2026-10-04-race-3: 5 contiendas con 12 listas. Antes de usarlo, una persona debe revisar:" in said.stderr
    lines = said.stderr.splitlines()[1:]
    assert [line.partition(":")[0] for line in lines] == [
        "- Fecha", "- Regla", "- Límites", "- Servidor", "- Nombres", "- Nombres cortos", "- Candidatos",
        "- Listas retiradas", "- Resultado oficial y padrón",
    ]  # fmt: skip
    assert "PARTIDO DEMOCRÁTICO SOMOS PERÚ (amazonas-bagua)" in said.stderr
    assert 'id = "amazonas-bagua"' in said.stdout
    assert 'name = { es = "Alcalde Provincial: Bagua", en = "Alcalde Provincial: Bagua" }' in said.stdout


def test_a_race_of_many_lists_is_not_drafted_before_somebody_says_how_it_is_won() -> None:
    source = Regional()
    with source.served() as address:
        refused = election("draft", "--feed", address, "--race", 1, "--unlimited")
        assert refused.exit_code == 1
        with pytest.raises(InvalidInput, match="AMAZONAS has 3 lists, and is no run-off between two"):
            raise_again(refused)
        asked = len(source.asked)
        assert asked < 8  # as soon as the first contest is seen
        no_part = election("draft", "--feed", address, "--race", 1, "--rule", "two_round")
        with pytest.raises(InvalidInput, match="--rule two_round: threshold None"):
            raise_again(no_part)
        assert len(source.asked) == asked


def test_a_draft_keeps_to_two_requests_a_second_and_to_machines_of_its_own_without_them() -> None:
    with pytest.raises(InvalidInput, match=r"--unlimited is only for a feed on this machine, not for onpe\.example"):
        raise_again(election("draft", "--feed", "https://onpe.example", "--race", 1, "--unlimited"))
    source = Regional()
    with source.served() as address:
        began = time.monotonic()
        done = election("draft", "--feed", address, "--race", 1, *GOVERNOR_RULE, "--no-ballots")
        assert done.exit_code == 0, done.output
        assert time.monotonic() - began >= (len(source.asked) - 1) / 2


def test_a_file_that_is_there_is_not_written_over(folder: Path) -> None:
    mine = folder / "2026-12-06-mine.toml"
    mine.write_text("mine", "utf-8")
    with pytest.raises(InvalidInput, match="is there already"):
        raise_again(election("draft", "--feed", "http://127.0.0.1:9", "--race", 1, "-o", mine))
    assert mine.read_text("utf-8") == "mine"
    with pytest.raises(InvalidInput, match="there is no folder"):
        raise_again(election("draft", "--feed", "http://127.0.0.1:9", "--race", 1, "-o", folder / "no" / "x.toml"))


def test_a_draft_under_a_name_that_is_no_id_says_so(folder: Path) -> None:
    with Regional().served() as address:
        options = ("--feed", address, "--race", 1, "--unlimited", "--no-ballots", *GOVERNOR_RULE)
        said = election("draft", *options, "-o", folder / "My Draft.toml")
    assert "- id: 'My Draft' is not lower-case letters, digits and hyphens" in said.stderr


def test_a_source_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    done = escrutinio("election", "draft", "--feed", "http://127.0.0.1:9", "--race", 1, folder=tmp_path)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "no connection" in done.stderr


def test_every_fault_is_printed_with_its_place_and_the_exit_status_says_so(tmp_path: Path) -> None:
    ships = Path(__file__).parents[3] / "ingest" / "elections" / f"{RUNOFF}.toml"
    text = ships.read_text("utf-8").replace('code = "8"', 'code = "x"').replace("#2166ac", "blue")
    other = tmp_path / "2026-12-06-other.toml"
    other.write_text(text.replace('generation = "onpe2026"', 'generation = "onpe2031"'), "utf-8")
    done = election("check", other)
    assert done.exit_code == 1
    place = "contests[0] (president) · lists"
    assert done.stdout.splitlines() == [
        f"{other.name}: {said}"
        for said in (
            f"{place}[0] (fuerza_popular) · code: 'x' is not a number of the source",
            f"{place}[1] (juntos_por_el_peru) · color: 'blue' is not a colour like #2166ac",
            f"the file says election {RUNOFF}, but is called 2026-12-06-other; both must agree",
            "the generation onpe2031 of the source cannot be read",
        )
    ]
    assert election("check", ships).exit_code == 0
    with pytest.raises(InvalidInput, match="cannot be read"):
        raise_again(election("check", tmp_path / "nothing.toml"))


def test_colors_that_some_eyes_cannot_tell_apart_are_a_note_and_no_fault() -> None:
    ships = Path(__file__).parents[3] / "ingest" / "elections" / "2026-04-12-president.toml"
    done = election("check", ships, "--lang", "es")
    assert done.exit_code == 0
    assert "president: " in done.stdout
    assert "difíciles de distinguir para algunos ojos" in done.stdout


def raise_again(result: Result) -> None:
    """A failure we know is one sentence of the program, which the runner catches before it is printed."""
    assert isinstance(result.exception, EscrutinioError), result.output
    raise result.exception
