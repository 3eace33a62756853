"""Topics of the live protocol: which keys belong to which subscription."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from tally.errors import NotFound
from tally.keys import AREA_LEVELS, NATION, UBIGEO_LEVELS, Level, ancestors, area_key, is_key, level_of, place_key

CORRECTIONS = "corrections"
PROVINCES, DISTRICTS = (f"{level}s" for level in (Level.PROVINCE, Level.DISTRICT))
_NATIONAL = (Level.NATION, Level.SCOPE, Level.DEPARTMENT)
_ACROSS = (PROVINCES, DISTRICTS, CORRECTIONS)


class _Where(Struct):
    """What a place's or mesa's value says of its position; other fields are skipped unread."""

    ubigeo: str
    place: str | None = None


def topics_of(key: str, data: Callable[[], bytes]) -> tuple[str, ...]:
    """Topics that carry this key (`corrections` apart, which goes by kind). `data` gives its canonical JSON."""
    level = level_of(key)
    if level in _NATIONAL:
        return (NATION,) if key == NATION else (NATION, key)
    if level in AREA_LEVELS:
        return (f"{level}s", *(area for area in ancestors(key) if level_of(area) in UBIGEO_LEVELS), key)
    where = msgspec.json.decode(data(), type=_Where)
    district = area_key(where.ubigeo)
    if level is Level.POLLING_PLACE:
        return (district, key)
    return (district, key) if where.place is None else (district, place_key(where.place), key)


def check_topic(topic: str) -> str:
    """The topic itself, if it is one.

    Raises: NotFound: no such topic can exist.
    """
    if topic in _ACROSS or is_key(topic):
        return topic
    raise NotFound(f"there is no topic {topic[:40]!r}")
