"""Keys of the log and the ubigeos in them: what a key names, what lies above and below it, and what lies within what.

"nation" · "scope/abroad" · "department/14" · "province/1401" · "district/140101" · "place/0001" · "mesa/000001". A
place's or mesa's key does not tell where it lies; its ubigeo does. Pure vocabulary: whoever draws may import it too.
"""

import re
from enum import StrEnum

NATION = "nation"
DOMESTIC = "scope/domestic"
ABROAD = "scope/abroad"


class Level(StrEnum):
    """Levels of a count, from the whole to one table. Abroad: continent, country, city in the same three levels."""

    NATION = "nation"
    SCOPE = "scope"
    DEPARTMENT = "department"
    PROVINCE = "province"
    DISTRICT = "district"
    POLLING_PLACE = "polling_place"
    MESA = "mesa"


AREA_LEVELS = (Level.NATION, Level.SCOPE, Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT)
# How many digits of an ubigeo name an area of that level.
PREFIX_LENGTH = {Level.DEPARTMENT: 2, Level.PROVINCE: 4, Level.DISTRICT: 6}
UBIGEO_LENGTH = PREFIX_LENGTH[Level.DISTRICT]
UBIGEO_LEVELS = tuple(PREFIX_LENGTH)
# ONPE numbers the departments of Peru below this, the continents from it on.
FIRST_ABROAD = "91"
_LAST_DOMESTIC, _LAST_ABROAD = "25", "95"
# What is listed below an area or place. A scope is no row of the nation but a sum of its rows.
CHILD_LEVEL = {
    Level.NATION: Level.DEPARTMENT,
    Level.SCOPE: Level.DEPARTMENT,
    Level.DEPARTMENT: Level.PROVINCE,
    Level.PROVINCE: Level.DISTRICT,
    Level.DISTRICT: Level.POLLING_PLACE,
    Level.POLLING_PLACE: Level.MESA,
}
# The first word of a level's keys.
HEADS = {level: "place" if level is Level.POLLING_PLACE else level.value for level in Level}
MESA_LENGTH = 6
MESA_NUMBER = f"[0-9]{{{MESA_LENGTH}}}"
# What the keys of a level look like, as a regular expression.
PATTERNS = {
    Level.NATION: NATION,
    Level.SCOPE: f"{DOMESTIC}|{ABROAD}",
    **{level: f"{level}/[0-9]{{{length}}}" for level, length in PREFIX_LENGTH.items()},
    Level.POLLING_PLACE: "place/[A-Za-z0-9-]{1,32}",
    Level.MESA: f"mesa/{MESA_NUMBER}",
}

_LEVELS = {head: level for level, head in HEADS.items()}
_STARTS = {length: f"{level}/" for level, length in PREFIX_LENGTH.items()}
_ABOVE = {below: level for level, below in CHILD_LEVEL.items() if level in UBIGEO_LEVELS}
_TAILS = tuple(("0" * (UBIGEO_LENGTH - length), length) for length in PREFIX_LENGTH.values() if length < UBIGEO_LENGTH)
_PATTERNS = {level: re.compile(pattern) for level, pattern in PATTERNS.items()}


def area_key(ubigeo: str) -> str:
    """Key of a six-digit ubigeo or its two-, four- or six-digit prefix: "140000" and "14" → "department/14"."""
    prefix = ubigeo if len(ubigeo) < UBIGEO_LENGTH else _shortest(ubigeo)
    return _STARTS[len(prefix)] + prefix


def place_key(code: str) -> str:
    """Key of a polling place by the source's code."""
    return f"place/{code}"


def mesa_key(mesa: str) -> str:
    """Key of a mesa: "000001" → "mesa/000001"."""
    return f"mesa/{mesa}"


def level_of(key: str) -> Level:
    """Level of any key of a count: "place/0001" → polling_place.

    Raises: KeyError: it is none.
    """
    return _LEVELS[key.partition("/")[0]]


def code_of(key: str) -> str:
    """What follows the level: a prefix of an ubigeo, a place's code, a mesa's number; empty for the nation."""
    return key.partition("/")[2]


def ubigeo_of(key: str) -> str | None:
    """Six-digit ubigeo of an area, None for nation, scopes, places and mesas: "department/14" → "140000"."""
    return code_of(key).ljust(UBIGEO_LENGTH, "0") if level_of(key) in UBIGEO_LEVELS else None


def prefix_of(ubigeo: str, level: Level) -> str:
    """The part of an ubigeo that names its area of that level: "140101" → "1401" for a province."""
    return ubigeo[: PREFIX_LENGTH[level]]


def start_of(level: Level) -> str:
    """What the keys of a level, and no others, begin with: "place/"."""
    return NATION if level is Level.NATION else f"{HEADS[level]}/"


_AREA_STARTS = tuple(map(start_of, AREA_LEVELS))


def is_key(text: str, *levels: Level) -> bool:
    """Whether it could be the key of an area, polling place or mesa; of one of those levels, if any are named."""
    level = _LEVELS.get(text.partition("/")[0])
    return level is not None and (not levels or level in levels) and _PATTERNS[level].fullmatch(text) is not None


def is_digits(text: str) -> bool:
    """Whether it is digits, and those of ASCII alone: each reader would take another script's by rules of its own."""
    return text.isascii() and text.isdigit()


def is_district(ubigeo: str) -> bool:
    """Whether six digits name a district: no area that they name has the number 00."""
    return not any(prefix_of(ubigeo, level).endswith("00") for level in UBIGEO_LEVELS)


def is_prefix(text: str) -> bool:
    """Whether digits name a department, province or district by its prefix: "14", "1401" or "140101"."""
    is_whole = is_digits(text) and len(text) in PREFIX_LENGTH.values()
    is_known = "01" <= text[:2] <= _LAST_DOMESTIC or FIRST_ABROAD <= text[:2] <= _LAST_ABROAD
    return is_whole and is_known and not any(prefix_of(text, level).endswith("00") for level in UBIGEO_LEVELS)


def is_area(key: str) -> bool:
    """Whether the key is an area (nation … district), not a place or a mesa."""
    return key.startswith(_AREA_STARTS)


def is_abroad(where: str) -> bool:
    """Whether an ubigeo, its prefix or an area's key lies abroad; a place's or mesa's key does not say so."""
    prefix = _prefix_in(where)
    return where == ABROAD if prefix is None else prefix >= FIRST_ABROAD


def scope_of(ubigeo: str) -> str:
    """The scope that an ubigeo, or a prefix of one, lies in."""
    return ABROAD if is_abroad(ubigeo) else DOMESTIC


def parent(key: str) -> str | None:
    """Key of the area above, None for the nation, places and mesas."""
    level, code = level_of(key), code_of(key)
    if level is Level.SCOPE:
        return NATION
    if level is Level.DEPARTMENT:
        return scope_of(code)
    return area_key(prefix_of(code, _ABOVE[level])) if level in UBIGEO_LEVELS else None


def ancestors(key: str) -> tuple[str, ...]:
    """Keys of all areas above an area, the nation first; none of the nation, places and mesas."""
    above = parent(key)
    return () if above is None else (*ancestors(above), above)


def areas_of(ubigeo: str) -> tuple[str, ...]:
    """Keys of the areas that an ubigeo, or a prefix of one, lies in, the nation first and its own last."""
    key = area_key(ubigeo)
    return (*ancestors(key), key)


def is_within(where: str, area: str) -> bool:
    """Whether an ubigeo, its prefix or an area's key lies in an area or is it; of places and mesas ask by ubigeo."""
    if area in (NATION, where):
        return True
    prefix, around = _prefix_in(where), _prefix_in(area)
    if prefix is None:
        return False
    return scope_of(prefix) == area if around is None else prefix.startswith(around)


def _prefix_in(where: str) -> str | None:
    """The part of an ubigeo that an ubigeo or an area's key gives; None where there is none."""
    head, slash, code = where.partition("/")
    if not slash:
        return None if where == NATION else where
    return code if _LEVELS.get(head) in UBIGEO_LEVELS else None


def _shortest(ubigeo: str) -> str:
    """The shortest prefix that names the same area: "140100" → "1401"."""
    for tail, length in _TAILS:
        if ubigeo.endswith(tail):
            return ubigeo[:length]
    return ubigeo
