"""What a text message asks for: forgiving of how it is written, never guessing a number that is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission.incidents.rubric import Category, Severity
from mission.messages.codes import category_codes
from mission.messages.orders import (
    FormOrder,
    HelpOrder,
    Misread,
    Order,
    OrderWords,
    ReadOrder,
    ReportOrder,
    Why,
    read_order,
)
from texts.language import load_languages

WORDS = OrderWords(load_languages())
CODES = {"AP", "CI2"}
LIMA = "045231"


def read(text: str) -> Order:
    return read_order(text, WORDS, CODES)[0]


@pytest.mark.parametrize(
    "text",
    [
        "INC 07 045231 2 pelea en la fila",
        "inc 7 045231 2: pelea en la fila",
        "Inc,07,045231,2,pelea en la fila",
        "INC.07.045231.2\npelea en la fila",
        "  incidente 07 - 045231 - 2 - pelea en la fila ",
        "INC07 045231 2 pelea en la fila",
        "INCIDENT 7/045231/2/pelea en la fila",
    ],
)
def test_an_incident_is_read_however_it_is_parted(text: str) -> None:
    assert read(text) == ReportOrder(Category.CAMPAIGNING_AT_STATION, Severity.MINOR, LIMA, "pelea en la fila")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("LEIDO 12", ReadOrder(12)),
        ("leído: 12", ReadOrder(12)),
        ("Read 12", ReadOrder(12)),
        ("AYUDA", HelpOrder()),
        ("¿ayuda?", HelpOrder()),
        ("help", HelpOrder()),
        ("AP 045231 1=S 2=N 3=0810", FormOrder("AP", LIMA, ((1, "S"), (2, "N"), (3, "0810")))),
        ("ap.045231.1 = s, 2=n; 3=08:10", FormOrder("AP", LIMA, ((1, "s"), (2, "n"), (3, "08:10")))),
        ("ap045231 12=faltan 2 sillas. 3=n", FormOrder("AP", LIMA, ((12, "faltan 2 sillas"), (3, "n")))),
        ("CI2 045231 1=S", FormOrder("CI2", LIMA, ((1, "S"),))),
        ("INC 07 045231", Misread(Why.INCIDENT)),
        ("INC pelea en la mesa 045231", Misread(Why.INCIDENT)),
        ("INC 14 045231 2", Misread(Why.CATEGORY)),
        ("INC 0 045231 2", Misread(Why.CATEGORY)),
        ("INC 07 45231 2", Misread(Why.MESA)),
        ("INC 07 045231 5", Misread(Why.SEVERITY)),
        (f"INC {'9' * 900} 045231 2", Misread(Why.INCIDENT)),
        ("LEIDO", Misread(Why.READ)),
        ("AP 045231", Misread(Why.FORM, "AP")),
        ("AP 45231 1=S", Misread(Why.MESA)),
        ("hola", Misread(Why.UNKNOWN)),
        ("", Misread(Why.UNKNOWN)),
        ("XX 045231 1=S", Misread(Why.UNKNOWN)),
    ],
)
def test_a_text_is_an_order_or_says_why_it_is_none(text: str, order: Order) -> None:
    assert read(text) == order


@given(st.text() | st.from_regex(r"(?i)(inc|leido|ayuda|ap)[\s,.:0-9=a-z]*", fullmatch=True))
def test_any_text_ends_in_an_order_or_in_a_sentence(text: str) -> None:
    order, language = read_order(text, WORDS, CODES)
    if isinstance(order, Misread):
        for spoken in load_languages().values():
            assert spoken.says(f"text_reply.{order.why}")
    assert language in (None, *load_languages())


def test_an_answer_is_in_the_language_of_its_word_and_in_the_first_where_both_have_it() -> None:
    languages = [read_order(text, WORDS, CODES)[1] for text in ("READ 1", "LEIDO 1", "INC", "AP", "hola")]
    assert languages == ["en", "es", "es", None, None]


def test_every_category_has_a_number_of_two_digits_in_the_rubrics_order() -> None:
    codes = category_codes()
    assert list(codes) == [f"{n:02}" for n in range(1, len(Category) + 1)]
    assert list(codes.values()) == list(Category)
