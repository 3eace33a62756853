"""The methods page on the mission's flags: what ships, what it cannot see, and which tests are refused."""

import html
import re
from itertools import product
from typing import Any


def words_of(client: Any, language: str = "es") -> str:
    """The page's text."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", client.get(f"/methods?lang={language}").text)))


def test_the_methods_tell_the_refused_tests_with_their_numbers(client: Any) -> None:
    for language, heading in (("es", "Pruebas que rechazamos"), ("en", "Tests we refuse")):
        words = words_of(client, language)
        assert heading in words
        for number in ("1 987", "1 105", "3 137", "Benford"):
            assert number in words


def test_the_methods_tell_how_little_the_tests_see_and_what_is_not_testable(client: Any) -> None:
    words = words_of(client, "en")
    assert "13.7 % of the tally sheets have too few neighbours to be compared" in words
    assert "They are called not testable, never normal." in words
    assert "are found in 73 % of the cases, 20 votes in less than 6 %" in words
    assert "A flag is a question, not evidence of fraud." in words
    assert "340 differ by more than chance, 200 of them by 15 points and 30 votes or more" in words


def test_no_number_of_the_methods_breaks_across_lines(client: Any) -> None:
    page = client.get("/methods").text
    for number in ("86 240 actas", "11 870 locales", "13.7 %", "6 %", "30 votos", "1 987"):
        assert re.search(f'<span class="n">{number}[^<]*</span>', page), number


def test_the_methods_tell_what_every_planted_alteration_came_to_in_both_run_offs(client: Any) -> None:
    words = words_of(client, "en")
    for year in ("2021", "2026"):
        assert f"Altered on purpose in the run-off of {year}" in words
    whole = r"60 votes in every table of thirty stations \( \d+ [^)]*\) No flag at all 0 \d+ 0"
    assert len(re.findall(whole, words)) == 2
    assert (
        len(re.findall(r"Every figure copied from another table of the station \( \d+ [^)]*\) .*?Identical", words))
        == 2
    )
    assert re.search(
        r"half of each station is altered, \d+ of \d+ are found, and the honest tables flagged in their place are \d+",
        words,
    )
    assert "Fitted to what they truly vary it accuses none" in words


def test_the_methods_tell_how_often_the_quick_counts_interval_held_the_end(client: Any) -> None:
    words = words_of(client, "en")
    assert "1 000 samples of each kind" in words
    assert "never above the official one" in words
    for mesas, design in product(("300", "1 200"), ("simple", "stratified")):
        held = r"9[3-7]\.\d % ±[0-3]\.\d\d"
        assert re.search(rf"{mesas} mesas , {design} {held} {held}", words), (mesas, design)
    assert re.search(r"With 60 % of the copies.*holds the final result only [\d.]+ % to [\d.]+ % of the time", words)
