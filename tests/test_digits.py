"""Digits from outside are those of ASCII: `\\d`, `isdigit` and `isdecimal` take every script's, and readers differ."""

import re

import pytest

from mission.people.contacts import normal_phone
from tally.keys import is_digits
from tests.test_hand_written_keys import ROOT, tracked

_LOOSE = re.compile(r"\\d|\.is(?:digit|decimal|numeric)\(")
# Letters of whatever script are no digits of any; and what says ASCII on its line means it.
_MEANT = re.compile(r"\[\^\\W\\d_\]")
_STRICT = re.compile(r"re\.ASCII|\.isascii\(\)")
_ELSEWHERE = ["٩٨٧٦٥٤٣٢١", "９８７６５４３２１", "९८७६५४३२१"]


def test_no_reader_takes_the_digits_of_other_scripts() -> None:
    names = [name for name in tracked(".py") if not name.startswith(("bench/", "scripts/"))]
    lines = [(name, line) for name in names for line in (ROOT / name).read_text("utf-8").splitlines()]
    loose = [one for one in lines if _LOOSE.search(_MEANT.sub("", one[1])) and not _STRICT.search(one[1])]
    assert (len(names) > 500, loose) == (True, [])


@pytest.mark.parametrize("line", [r're.compile(r"9\d{8}")', "text.isdigit()", "if not code.isdecimal():"])
def test_what_would_take_them_is_found(line: str) -> None:
    assert _LOOSE.search(line)
    assert not _STRICT.search(line)


@pytest.mark.parametrize("digits", _ELSEWHERE)
def test_a_number_in_another_script_is_none(digits: str) -> None:
    assert digits.isdecimal()
    assert not is_digits(digits)
    assert normal_phone(digits) is None
    assert normal_phone(f"+51{digits}") is None
    assert normal_phone(f"51{digits}") is None


def test_digits_of_ascii_are_digits_and_nothing_is_none() -> None:
    assert is_digits("0123456789")
    assert not is_digits("")
