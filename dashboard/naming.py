"""What a key is called on screen: areas in proper case, places as the source writes them, mesas by their number."""

from dashboard.figures import proper_name
from dashboard.routes import NATION, is_abroad
from dashboard.words import Words


def name_of(words: Words, key: str, name: str | None) -> str:
    """The name of a key; its code where the source has not named it yet."""
    level, _, code = key.partition("/")
    if key == NATION:
        return words("area.nation")
    if level == "scope":
        return words(f"area.{code}")
    if level == "mesa":
        return words("area.mesa", number=code)
    if not name:
        return code
    return name if level == "place" else proper_name(name)


def level_of(words: Words, key: str) -> str:
    """What kind of thing a key is: abroad the source's departments are continents, its provinces countries."""
    level = key.partition("/")[0]
    return words(f"abroad_level.{level}") if is_abroad(key) else words(f"search.{level}")
