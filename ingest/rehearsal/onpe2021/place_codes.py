"""Codes of polling places as 2021 wrote them: four characters, unique within a district."""

from collections.abc import Iterable
from string import ascii_uppercase, digits
from zlib import crc32

from ingest.rehearsal.mesas import MesaPlace
from tally.keys import is_digits

_LENGTH = 4
_FIRST = digits + ascii_uppercase  # 30860 was written U860 in 2021


def place_codes(places: Iterable[MesaPlace]) -> dict[str, MesaPlace]:
    """The places of one district by their codes. A code of another length becomes a letter and three digits."""
    given = list(places)
    codes = {place.code: place for place in given if len(place.code) == _LENGTH}
    for place in given:
        if len(place.code) != _LENGTH:
            number = int(place.code) if is_digits(place.code) else crc32(place.code.encode())
            while _written(number) in codes:
                number += 1
            codes[_written(number)] = place
    return codes


def _written(number: int) -> str:
    return f"{_FIRST[number // 1000 % len(_FIRST)]}{number % 1000:03d}"
