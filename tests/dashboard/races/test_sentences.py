"""What is said of one race among many: the same by the server and by the browser, in the plural its numbers ask for."""

from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.components.races import counts_of, distance_of, said_of, share_of
from dashboard.figures import fields
from dashboard.words import load_words
from tests.dashboard.modules import configure
from tests.dashboard.toy.races import RacesApi

_WORDS = load_words()
_SECTIONS = ("races", "race_state", "race_count", "race_why", "outcome", "units")
_SAID = {
    "apurimac": {
        "es": "El umbral de 30\u00a0% aún puede cambiar: Mendoza está 199 votos por encima y faltan 45 actas.",
        "en": "The threshold of 30\u00a0% can still change: Mendoza is 199 votes above it and 45 tally sheets are out.",
    },
}


def texts_of(race: dict[str, Any], language: str) -> list[Any]:
    shares = [share_of(race, entry) for entry in race["lists"]]
    return [said_of(race, _WORDS[language]), distance_of(race), shares]


def test_of_a_threshold_that_is_open_it_says_by_how_many_votes_and_how_many_actas_are_out(api: RacesApi) -> None:
    row = api.row("07")
    assert row["threshold_votes"] == 49
    row["outcome"]["margins"] = [{**row["outcome"]["margins"][0], "votes": 199}]
    row["actas"] |= {"challenged": 0, "pending": 45}
    for language, sentence in _SAID["apurimac"].items():
        assert said_of(row, _WORDS[language]) == sentence
    row["actas"]["pending"] = 1
    assert said_of(row, _WORDS["es"]).endswith("por encima y falta 1 acta.")
    row["outcome"]["margins"][0]["votes"] = -2517
    assert "Mendoza está 2\u00a0517 votos por debajo" in said_of(row, _WORDS["es"])


def test_a_race_that_is_won_and_one_whose_second_place_is_open_say_what_is_certain(api: RacesApi) -> None:
    assert said_of(api.row("12"), _WORDS["es"]) == "Matemáticamente definido: Mendoza gana en primera vuelta."
    said = said_of(api.row("02"), _WORDS["en"])
    assert said.startswith("There will be a run-off: nobody can reach 30\u00a0% of the valid votes.")


def test_a_race_of_which_nothing_can_be_said_says_why(api: RacesApi) -> None:
    for state in ("not_read", "nothing_counted", "no_valid_votes", "open"):
        row = {**api.row("02"), "state": state, "outcome": None, "lists": [], "threshold_votes": None}
        assert said_of(row, _WORDS["es"]) == _WORDS["es"](f"race_why.{state}")
        assert distance_of(row) == "—"


def test_shares_of_a_row_are_those_of_its_board(api: RacesApi) -> None:
    for votes in ([30_028, 29_000, 27_000], [30_028, 29_990, 27_000], [30_028, 30_027, 100], [9, 9, 9]):
        row = api.vote("07", [*votes, 0, 0, 0, 0, 0], out=45)["rows"][0]
        board = fields({"votes": votes}, ["a", "b", "c"])
        assert [share_of(row, entry) for entry in row["lists"]] == [board[f"share.{place}"] for place in range(3)]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_browser_says_of_every_race_what_the_server_says(module_page: Page, api: RacesApi, language: str) -> None:
    words = _WORDS[language]
    configure(module_page, words={name: words.texts[name] for name in _SECTIONS}, language=language)
    rows = [api.row(code) for code in api.codes.values()]
    rows += [{**rows[0], "state": "not_read", "outcome": None, "threshold_votes": None}]
    tied = api.vote("09", [9_000, 9_000, 5_000, 5_000, 0, 0, 0, 0], out=0)["rows"][0]
    told = module_page.evaluate(
        """(rows) => rows.map((row) => [
          modules.races.saidOf(row), modules.races.distanceOf(row),
          row.lists.map((entry) => modules.races.shareOf(row, entry))])""",
        [*rows, tied],
    )
    assert told == [texts_of(row, language) for row in [*rows, tied]]
    counted = module_page.evaluate("(rows) => modules.races.countsOf(rows)", rows)
    assert counted == [list(item) for item in counts_of(rows).items()]
