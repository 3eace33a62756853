"""A draft of an election's file: every race at its own level, and what a person must look at."""

import asyncio
from datetime import date
from pathlib import Path

import msgspec
import pytest

from ingest.drafting.draft import Concern, Note, Wishes, concerns, draft
from ingest.drafting.found import FoundContest, FoundList, FoundRace
from ingest.drafting.names import surnames, titled
from ingest.drafting.writing import write_election
from ingest.feeds.onpe2026.drafting import RaceReader
from ingest.fetch import Answer, Question
from ingest.registry import known_elections
from tally.election import Election, Process
from tally.errors import FeedEmpty, FeedMalformed, InvalidInput
from tally.files.election_faults import read_election
from tally.outcome.rule import ContestRule, RuleKind
from tests.ingest.feeds.source import Source
from tests.ingest.feeds.test_regional import elected, fetcher, found
from tests.ingest.regional import Regional
from tests.waiting import PATIENCE_S

KNOWN = known_elections()
PLURALITY, FINAL = ContestRule(RuleKind.PLURALITY), ContestRule(RuleKind.FINAL_ROUND)
MODEL = KNOWN["2026-06-07-president-runoff"]


def race(*lists: FoundList, area: tuple[str, ...] = ("CUSCO",)) -> FoundRace:
    contest = FoundContest("07" if area else "", area, lists)
    process = Process(5, "SEGUNDA ELECCIÓN REGIONAL 2026", "SER2026")
    return FoundRace(process, "2026-12-06T05:00:00Z", 1, "Gobernador", None, (contest,))


PAIR = (
    FoundList("94", "PARTIDO DEMOCRÁTICO SOMOS PERÚ", "ANA DE LA CRUZ QUISPE", 10),
    FoundList("96", "JUNTOS POR EL PERÚ", "LUIS QUISPE MAMANI", 20),
)


@pytest.mark.parametrize(
    ("number", "scopes", "empty"),
    [
        (1, ["01", "02", "14"], 0),
        (3, ["0101", "0102", "0201", "1401", "1402"], 0),
        (4, ["010102", "020102", "140202"], 5),
    ],
)
def test_a_race_is_found_at_its_own_level(tmp_path: Path, number: int, scopes: list[str], empty: int) -> None:
    """The trap: asked of a district, a provincial race answers with the province's lists there."""
    source = Regional()
    seen = found(source, tmp_path, number)
    assert [contest.scope for contest in seen.contests] == scopes
    assert len(seen.empty) == empty
    assert seen.name == {1: "Gobernador", 3: "Alcalde Provincial", 4: ""}[number]
    assert seen.source_page is None
    assert not any("presidencial" in path or "actas" in path for path in source.asked)


def test_a_race_that_the_source_has_not_is_no_draft(tmp_path: Path) -> None:
    with pytest.raises(FeedEmpty):
        found(Regional(), tmp_path, 10)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *(({"fechaProceso": day}, "the day of the process is no moment") for day in (10**18, -(10**15))),
        ({"nombre": "ELECCIONES\u0007"}, "the name of the process holds the control character"),
        ({"acronimo": "ERM\u00072026"}, "the acronym of the process holds the control character"),
    ],
)
def test_a_process_that_no_file_can_name_is_malformed(tmp_path: Path, said: dict[str, object], why: str) -> None:
    source = Regional()
    source.process = said
    with pytest.raises(FeedMalformed, match=why):
        found(source, tmp_path, 1)


def test_a_line_break_in_the_name_of_the_process_becomes_a_blank(tmp_path: Path) -> None:
    source = Regional()
    source.process = {"nombre": "ELECCIONES\nREGIONALES ", "acronimo": "ERM\n2026"}
    assert found(source, tmp_path, 1).process == Process(4, "ELECCIONES REGIONALES", "ERM 2026")


def test_without_districts_a_race_is_drafted_and_its_ballots_stay_unknown(tmp_path: Path) -> None:
    source = Source(KNOWN["2026-04-12-president"], tmp_path)

    async def ask(question: Question) -> Answer:
        answer = await source.ask(question)
        empty = b'{"success": true, "message": "", "data": []}'
        return msgspec.structs.replace(answer, body=empty) if question.path == "/ubigeos/dep-prov-distritos" else answer

    seen = source.read(RaceReader(ask, 10).read(lambda *_: None, lambda _: None, with_ballots=True))
    assert (seen.has_ballots, len(seen.contests[0].lists)) == (False, 36)


def test_a_challenge_of_the_actas_is_no_failure_and_leaves_the_ballots_unknown(tmp_path: Path) -> None:
    source = Regional()

    async def read() -> FoundRace:
        ask = fetcher(source, tmp_path)
        try:
            return await RaceReader(ask, 1).read(lambda *_: None, lambda _: None, with_ballots=True)
        finally:
            await ask.close()

    seen = asyncio.run(asyncio.wait_for(read(), PATIENCE_S))
    assert not seen.has_ballots
    assert len(seen.contests) == 3
    assert sum("actas" in path for path in source.asked) == 1


def test_a_drafted_file_is_read_as_what_was_drafted(tmp_path: Path) -> None:
    for number in (1, 3, 4):
        election = elected(Regional(), tmp_path, number)
        again, faults = read_election(write_election(election, ("a comment",)).encode())
        assert (again, faults) == (election, [])


@pytest.mark.parametrize("name", KNOWN)
def test_every_election_that_ships_is_the_same_after_it_was_written(name: str) -> None:
    assert read_election(write_election(KNOWN[name]).encode()) == (KNOWN[name], [])


def test_a_text_that_needs_escapes_is_written_so_that_it_is_read_again() -> None:
    odd = msgspec.structs.replace(MODEL, name={"es": 'Una "elección" \\ de\tprueba', "en": "é\u2028"})
    assert read_election(write_election(odd).encode())[0] == odd


def test_a_list_is_called_by_its_candidates_first_surname_and_by_both_where_two_share_it() -> None:
    three = race(*PAIR, FoundList("97", "FUERZA POPULAR", "EVA QUISPE ROJAS"), FoundList("98", "SIN NOMBRE", ""))
    [contest] = draft(three, Wishes(MODEL, "h", PLURALITY)).contests
    assert [entry.short for entry in contest.lists] == ["De la Cruz", "Quispe Mamani", "Quispe Rojas", "Sin Nombre"]
    assert [entry.surname for entry in contest.lists] == ["DE LA CRUZ", "", "", ""]
    assert [entry.id for entry in contest.lists][:2] == ["partido_democratico_somos_peru", "juntos_por_el_peru"]


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("KEIKO SOFIA FUJIMORI HIGUCHI", "FUJIMORI", "HIGUCHI"),
        ("PEDRO DE LA ROSA DEL AGUILA", "DE LA ROSA", "DEL AGUILA"),
        ("ANA QUISPE", "QUISPE", ""),
        ("QUISPE", "QUISPE", ""),
        ("", "", ""),
    ],
)
def test_surnames_are_the_last_two_names_with_their_articles(name: str, first: str, second: str) -> None:
    assert surnames(name) == (first, second)


def test_a_name_in_capitals_is_written_as_on_a_page() -> None:
    assert titled("MADRE DE DIOS") == "Madre de Dios"
    assert titled("LA LIBERTAD") == "La Libertad"
    assert titled("DIEZ-CANSECO") == "Diez-Canseco"


def test_two_lists_are_a_run_off_and_more_are_none() -> None:
    election = draft(race(*PAIR), Wishes(MODEL, "h", FINAL))
    assert election.contests[0].rule == FINAL
    assert str(election.date) == "2026-12-06"
    assert election.id == "2026-12-06-race-1"
    more = race(*PAIR, FoundList("97", "FUERZA POPULAR", "EVA QUISPE ROJAS"))
    with pytest.raises(InvalidInput, match="CUSCO has 3 lists, and is no run-off between two"):
        draft(more, Wishes(MODEL, "h", FINAL))


def test_withdrawn_lists_do_not_count_towards_a_run_off() -> None:
    gone = FoundList("99", "RETIRADA", "", is_withdrawn=True)
    assert [entry.is_withdrawn for entry in draft(race(*PAIR, gone), Wishes(MODEL, "h", FINAL)).contests[0].lists] == [
        False,
        False,
        True,
    ]


def test_what_a_draft_cannot_know_is_said() -> None:
    seen = msgspec.structs.replace(race(*PAIR, FoundList("98", "SIN NOMBRE", "")), empty=("PURUS",), is_test=True)
    told = notes(seen, draft(seen, Wishes(MODEL, "h", PLURALITY)))
    assert told.keys() == {*Concern} - {Concern.WITHDRAWN}
    assert told[Concern.DATE].values == {"date": "2026-12-06", "days": 7}
    assert told[Concern.CANDIDATES].values == {"n": 1, "names": "SIN NOMBRE (cusco)"}
    assert Concern.CANDIDATES not in notes(race(*PAIR), draft(race(*PAIR), Wishes(MODEL, "h", FINAL)))
    shown = msgspec.structs.replace(seen, has_ballots=True)
    assert notes(shown, draft(shown, Wishes(MODEL, "h", PLURALITY))).keys() == {*Concern} - {Concern.BALLOTS}


def notes(seen: FoundRace, election: Election) -> dict[Concern, Note]:
    return {note.concern: note for note in concerns(seen, election, date(2026, 11, 29))}


def test_an_acta_shows_the_ballot_with_its_withdrawn_lists(tmp_path: Path) -> None:
    """The first round of 2026, of which the rehearsal shows what the source showed: 38 lists, two of them withdrawn."""
    first_round = KNOWN["2026-04-12-president"]
    source = Source(first_round, tmp_path)
    reader = RaceReader(source.ask, 10)
    seen = source.read(reader.read(lambda *_: None, lambda _: None, with_ballots=True))
    assert (seen.has_ballots, seen.source_page, seen.contests[0].scope) == (True, "eleccion-presidencial", "")
    rule = first_round.contest().rule
    [contest] = draft(seen, Wishes(first_round, "h", rule)).contests
    own = [(entry.code, entry.name, entry.candidate, entry.is_withdrawn) for entry in first_round.contest().lists]
    assert [(entry.code, entry.name, entry.candidate, entry.is_withdrawn) for entry in contest.lists] == own
    assert sum(entry.is_withdrawn for entry in contest.lists) == 2
    assert len({entry.color for entry in contest.lists}) == len({entry.short for entry in contest.lists}) == 38
