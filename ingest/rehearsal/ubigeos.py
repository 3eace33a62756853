"""Ubigeos as numbers, alone or in columns, as the rehearsal holds them: 140101, and 140000 for its department."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tally.keys import FIRST_ABROAD, PREFIX_LENGTH, UBIGEO_LENGTH, Level, area_key, level_of

Number = TypeVar("Number", int, npt.NDArray[np.int64])

# How many numbers an area of that level has.
SPANS: dict[Level, int] = {level: 10 ** (UBIGEO_LENGTH - length) for level, length in PREFIX_LENGTH.items()}
ABROAD_FROM = int(FIRST_ABROAD) * SPANS[Level.DEPARTMENT]


def area_at(ubigeo: Number, level: Level) -> Number:
    """The area of that level in which an ubigeo lies; of a column, those areas."""
    return ubigeo // SPANS[level] * SPANS[level]


def level_at(ubigeo: int) -> Level:
    """The level of the area that an ubigeo names."""
    return level_of(area_key(text_of(ubigeo)))


def text_of(ubigeo: int) -> str:
    """All its digits."""
    return f"{ubigeo:0{UBIGEO_LENGTH}}"
