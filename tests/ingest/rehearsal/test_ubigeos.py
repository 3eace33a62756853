"""Ubigeos as numbers say the same as ubigeos as text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.rehearsal.ubigeos import ABROAD_FROM, area_at, level_at, text_of
from tally.keys import UBIGEO_LEVELS, area_key, areas_of, is_abroad, is_within, level_of, ubigeo_of

UBIGEOS = st.integers(10_001, 959_999)


@given(UBIGEOS)
def test_the_areas_around_a_number_are_those_around_its_text(ubigeo: int) -> None:
    text = text_of(ubigeo)
    around = [ubigeo_of(key) for key in areas_of(text) if level_of(key) in UBIGEO_LEVELS]
    assert [text_of(area_at(ubigeo, level)) for level in UBIGEO_LEVELS][: len(around)] == around
    assert (ubigeo >= ABROAD_FROM) == is_abroad(text)
    assert level_at(ubigeo) is level_of(area_key(text))


@given(st.lists(UBIGEOS, min_size=1), UBIGEOS, st.sampled_from(UBIGEO_LEVELS))
def test_a_column_is_told_like_each_of_its_numbers(ubigeos: list[int], other: int, level: str) -> None:
    area = area_at(other, level_at(area_at(other, UBIGEO_LEVELS[UBIGEO_LEVELS.index(level)])))
    inside = area_at(np.array(ubigeos), level_at(area)) == area
    assert inside.tolist() == [is_within(text_of(ubigeo), area_key(text_of(area))) for ubigeo in ubigeos]
