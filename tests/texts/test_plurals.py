"""No text says "1 votos" or "1 actas", whatever number it is given, in any language."""

import re
from collections.abc import Iterator

import pytest

from texts.language import Language, forms_of, load_languages

LANGUAGES = load_languages()
_PLACEHOLDER = re.compile(r"\{(\w+)(?::([\w.=]+))?\}")
# Numbers that are written with decimals, which take the plural whatever they are.
_DECIMALS = {"points", "pct"}
# A critical incident needs two people or more, and only then are their voices told.
_AT_LEAST_TWO = {"needed"}
# Words after a one that end like a plural and are none.
_SINGULAR = {
    "es": {"más", "es", "pts"},
    "en": {"comes", "goes", "has", "is", "pts", "serious", "shows", "stands", "stops", "was"},
}
# Plurals that stand in texts themselves; those of [units] are added.
_PLURALS = {
    "es": ("correcciones", "distritos", "lugares", "momentos", "personas", "regiones", "reportes", "verificaciones"),
    "en": ("corrections", "counted actas", "districts", "more lines", "more places", "other areas", "other places",
           "people", "reports", "verifications"),
}  # fmt: skip


def said(language: Language, number: int) -> Iterator[tuple[str, str]]:
    """Every text by its name, filled in with that number wherever one may stand."""
    for section, entries in language.texts.items():
        for key, text in entries.items():
            slots = {match for form in forms_of(text) for match in _PLACEHOLDER.findall(form)}
            values = {name: _value(language, name, kind, number) for name, kind in slots}
            if not isinstance(text, str):
                values.setdefault(text.get("by", "n"), True if {"yes", "no"} & text.keys() else number)
            yield f"{section}.{key}", language(f"{section}.{key}", **values)


def _value(language: Language, name: str, kind: str, number: int) -> object:
    if kind == "percent" or kind.startswith((".", "=")):
        return number / 100
    if kind and kind not in language.texts["units"]:
        return next(iter(language.texts[kind]))
    if name in _DECIMALS:
        return f"{number}.0"
    return max(number, 2) if name in _AT_LEAST_TWO else number


def plurals_of_one(text: str, language: Language) -> list[str]:
    """Where a text says one of something in the plural."""
    one = r"(?<![\d.,])1 "
    listed = [*_units(language), *_PLURALS[language.code]]
    found = re.findall(rf"{one}(?:{'|'.join(map(re.escape, listed))})\b", text)
    guessed = re.findall(rf"{one}(\w+s)\b", text)
    return found + [word for word in guessed if word not in _SINGULAR[language.code]]


def _units(language: Language) -> list[str]:
    """The plural of every unit that has one."""
    forms = [form for form in language.texts["units"].values() if not isinstance(form, str)]
    return [form["other"].removeprefix("{n} ") for form in forms if form["one"] != form["other"]]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_no_text_says_one_of_many(language: Language, number: int) -> None:
    wrong = {name: text for name, text in said(language, number) if plurals_of_one(text, language)}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_two_of_something_are_said_in_the_plural(language: Language) -> None:
    for name, forms in language.texts["units"].items():
        assert not isinstance(forms, str)
        assert language(f"units.{name}", n=2) == forms["other"].replace("{n}", "2")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("es", "Diferencia: 1 votos"),
        ("es", "quedan 1 actas contabilizadas"),
        ("es", "1 líneas más"),
        ("en", "1 votes"),
        ("en", "of 1 tally sheets"),
        ("en", "the 1 counted actas"),
        ("en", "1 registered voters"),
    ],
)
def test_one_of_many_is_found_where_it_is_said(code: str, text: str) -> None:
    assert plurals_of_one(text, LANGUAGES[code])


@pytest.mark.parametrize("text", ["21 votos", "0.1 puntos", "1 voto", "1 más", "1.0 puntos", "1 de estas actas"])
def test_what_is_right_is_not_found(text: str) -> None:
    assert plurals_of_one(text, LANGUAGES["es"]) == []
