"""Answers fit into the alphabet of text messages, and into two of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission.messages.alphabet import fit, plain, segments
from mission.messages.text_book import LIMITS
from texts.language import forms_of, load_languages

# The longest that any value of an answer is.
WIDEST: dict[str, object] = {
    "id": "7f3kabcd",
    "mesa": "045231",
    "where": "Mesa 045231, " + "SAN JUAN DE LURIGANCHO Y LOS OLIVOS DEL NORTE",
    "district": "SAN JUAN DE LURIGANCHO Y LOS OLIVOS DEL NORTE",
    "missing": ", ".join(str(n) for n in range(1, 31)),
    "wrong": ", ".join(str(n) for n in range(1, 31)),
    "form": "AP12",
    "code": "AP12",
    "codes": ", ".join(["AP12"] * 8),
    "n": 100_000,
    "minutes": 60,
    "categories": 13,
    "severities": 4,
}


def test_accents_that_the_alphabet_has_stay_and_others_go() -> None:
    assert plain("¿Está la señora Núñez? “Sí” — médico, CÓDIGO…") == '¿Esta la señora Nuñez? "Si" - médico, CODIGO...'


def test_a_letter_that_nothing_stands_for_is_a_question_mark() -> None:
    assert plain("vote 👍 я") == "vote ? ?"


@pytest.mark.parametrize(
    ("text", "n"), [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("a" * 307, 3)]
)
def test_segments_are_of_160_places_or_of_153_each(text: str, n: int) -> None:
    assert segments(text) == n


@given(st.text(max_size=500))
def test_whatever_is_answered_is_plain_and_fits(text: str) -> None:
    said = fit(text, LIMITS.longest_reply)
    assert plain(said) == said
    assert segments(said) <= 2


def test_every_answer_fits_two_text_messages_without_being_cut() -> None:
    for language in load_languages().values():
        widest = {**WIDEST, "forms": language("text_reply.help_forms", **WIDEST)}
        for name, text in language.texts["text_reply"].items():
            if name == "sent":  # a coordinator's own words: up to four
                continue
            for form in forms_of(text):
                assert re.sub(r"\{\w+\}", "", form) == plain(re.sub(r"\{\w+\}", "", form)), name
            said = language(f"text_reply.{name}", **widest)
            assert fit(said, LIMITS.longest_reply) == plain(said), (language.code, name, len(said))
