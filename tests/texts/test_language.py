"""How a sentence is filled in: numbers with their units, words of identifiers, plurals of the language."""

from pathlib import Path

import pytest

from texts.language import DEFAULT_LANGUAGE, LANGUAGES, Language, load_languages, plural

_TEXTS = {
    "units": {
        "vote": {"one": "{n} voto", "other": "{n} votos"},
        "acta": {"one": "{n} acta", "other": "{n} actas"},
    },
    "reasons": {"lost": "extraviada", "illegible": "ilegible"},
    "say": {
        "plain": "{place}: {n}",
        "unit": "{votes:vote}",
        "open": {"by": "actas", "one": "falta {actas:acta}", "other": "faltan {actas:acta} con {votes:vote}"},
        "why": "acta {reasons:reasons}",
        "share": "{share:percent}",
        "named": "{list:lists}",
    },
}
_SPANISH = Language("es", "Español", _TEXTS)


def test_a_number_is_written_with_its_thousands_parted() -> None:
    assert _SPANISH("say.plain", place="Lima", n=9052039) == "Lima: 9 052 039"


@pytest.mark.parametrize(("votes", "said"), [(0, "0 votos"), (1, "1 voto"), (2, "2 votos"), (49641, "49 641 votos")])
def test_a_unit_stands_in_the_plural_of_its_number(votes: int, said: str) -> None:
    assert _SPANISH("say.unit", votes=votes) == said


def test_a_sentence_takes_the_form_that_its_number_asks_for() -> None:
    assert _SPANISH("say.open", actas=1, votes=2) == "falta 1 acta"
    assert _SPANISH("say.open", actas=3, votes=1) == "faltan 3 actas con 1 voto"


def test_identifiers_are_said_in_words() -> None:
    assert _SPANISH("say.why", reasons="lost") == "acta extraviada"
    assert _SPANISH("say.why", reasons=["lost", "illegible"]) == "acta extraviada, ilegible"


def test_a_share_is_a_percentage() -> None:
    assert _SPANISH("say.share", share=0.58333) == "58.3 %"


def test_a_count_brings_the_names_of_its_lists() -> None:
    assert _SPANISH.naming(lists={"0": "Fuerza"})("say.named", list="0") == "Fuerza"


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
