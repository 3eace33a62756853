"""How a sentence is filled in: numbers with their units, words of identifiers, plurals of the language."""

from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.modules import read_cases
from texts.language import DEFAULT_LANGUAGE, LANGUAGES, Language, load_languages, plural

# The browser is held to the same cases, see tests/dashboard/js.
_CASES = read_cases("words")
_SPANISH = Language("es", "Español", _CASES["texts"])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["rule"]) for case in _CASES["cases"]])
def test_a_sentence_is_filled_in_by_its_rules(case: dict[str, Any]) -> None:
    assert _SPANISH.told(case["names"], **case["values"]) == case["said"]


def test_a_single_text_needs_all_its_values() -> None:
    with pytest.raises(KeyError):
        _SPANISH("say.plain", place="Lima")


def test_components_stand_where_they_are_asked_for() -> None:
    place = object()
    assert _SPANISH.parts("say.plain", str.upper, place=place, n=1000) == [place, ": ", "1 000"]


def test_plurals_are_those_of_the_language_and_an_unknown_one_has_a_single_form() -> None:
    assert [plural("pl", number) for number in (1, 2, 5)] == ["one", "few", "many"]
    assert plural("xx", 1) == "other"


def test_the_first_language_is_the_default_one() -> None:
    assert next(iter(load_languages())) == DEFAULT_LANGUAGE == LANGUAGES[0]


def test_what_a_language_does_not_say_is_said_in_the_default_one(tmp_path: Path) -> None:
    for code, text in {"es": '[a]\nb = "uno"\nc = "dos"', "qu": '[a]\nb = "huk"'}.items():
        (tmp_path / code).mkdir()
        (tmp_path / code / "a.toml").write_text(text, "utf-8")
    quechua = load_languages(tmp_path, {"es": "Español", "qu": "Runasimi"})["qu"]
    assert (quechua("a.b"), quechua("a.c")) == ("huk", "dos")
