"""Topics of the live protocol: which keys belong to which subscription."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from tally.errors import NotFound
from tally.keys import Level, area_key, level_of, place_key

CORRECTIONS = "corrections"
_NATIONAL = (Level.NATION, Level.SCOPE, Level.DEPARTMENT)
_FIXED = ("nation", "provinces", "districts", CORRECTIONS)


class _Where(Struct):
    """What a place's or mesa's value says of its position; other fields are skipped unread."""

    ubigeo: str
    place: str | None = None


def topics_of(key: str, data: Callable[[], bytes]) -> tuple[str, ...]:
    """Topics that carry this key (`corrections` apart, which goes by kind). `data` gives its canonical JSON."""
    level = level_of(key)
    if level in _NATIONAL:
        own = (key,) if level is not Level.NATION else ()
        return ("nation", *own)
    prefix = key.partition("/")[2]
    if level is Level.PROVINCE:
        return ("provinces", f"department/{prefix[:2]}", key)
    if level is Level.DISTRICT:
        return ("districts", f"department/{prefix[:2]}", f"province/{prefix[:4]}", key)
    where = msgspec.json.decode(data(), type=_Where)
    district = area_key(where.ubigeo)
    if level is Level.POLLING_PLACE:
        return (district, key)
    return (district, key) if where.place is None else (district, place_key(where.place), key)


def check_topic(topic: str) -> str:
    """The topic itself, if it is one.

    Raises: NotFound: no such topic can exist.
    """
    level, _, code = topic.partition("/")
    lengths = {"department": (2,), "province": (4,), "district": (6,), "mesa": (6,), "place": range(1, 33)}
    known = topic in _FIXED or topic in ("scope/domestic", "scope/abroad")
    if known or (level in lengths and len(code) in lengths[level] and code.replace("-", "").isalnum()):
        return topic
    raise NotFound(f"there is no topic {topic[:40]!r}")
