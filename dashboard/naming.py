"""What a key is called on screen: areas and places as people write them, mesas by their number."""

from collections.abc import Mapping
from typing import Any

from dashboard.words import Words
from tally.keys import Level, code_of, is_abroad, level_of
from texts.spelling import proper_name


def name_of(words: Words, key: str, name: str | None) -> str:
    """The name of a key; its code where the source has not named it yet."""
    level, code = level_of(key), code_of(key)
    if level is Level.NATION:
        return words.whole or words("area.nation")
    if level is Level.SCOPE:
        return words(f"area.{code}")
    if level is Level.MESA:
        return words("area.mesa", number=code)
    if not name:
        return code
    foreign = f"abroad_name.{code}"
    return words(foreign) if level is not Level.POLLING_PLACE and words.says(foreign) else proper_name(name)


def title_of(words: Words, meta: Mapping[str, Any], key: str, name: str | None, *, is_whole: bool) -> str:
    """What a page, an embed or a card is of: the contest for all of it, else the area's name."""
    if not is_whole:
        return name_of(words, key, name)
    if words.whole:
        return words.whole
    long = words.of(meta["name"])
    # Within a sentence only a name's first letter is lowered.
    return words("headline.source", contest=words.of(meta.get("short")) or long[:1].lower() + long[1:])


def kind_of(words: Words, key: str) -> str:
    """What kind of thing a key is: abroad the source's departments are continents, its provinces countries."""
    level = level_of(key)
    is_foreign = is_abroad(key) and level is not Level.SCOPE
    return words(f"abroad_level.{level}") if is_foreign else words(f"search.{level}")
