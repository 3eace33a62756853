"""The source's texts that become keys or are shown: what no log, page or database can hold is refused where it is read.

A decoder lets all of JSON's strings through: NUL, which PostgreSQL cannot store, and the digits of every alphabet,
which would make a second mesa of the same number.
"""

import unicodedata

from tally.errors import FeedMalformed
from tally.keys import is_digits, is_key, place_key

# The longest name of a polling place in 2021 and 2026 has 90 characters, the longest address 119.
_LONGEST = 250
_BREAKS = str.maketrans("\t\r\n", "   ")


def six_digits(text: str | None, what: str) -> str:
    """The number of a mesa, or an ubigeo.

    Raises: FeedMalformed: anything else, also the digits of other alphabets.
    """
    if text is None or len(text) != 6 or not is_digits(text):
        raise FeedMalformed(f"{what} {text!r} is not a six-digit number")
    return text


def place_code(text: str) -> str:
    """The code of a polling place.

    Raises: FeedMalformed: more than letters, digits and hyphens, or too long.
    """
    if not is_key(place_key(text)):
        raise FeedMalformed(f"{text!r} is not a code of a polling place")
    return text


def readable(text: str, what: str) -> str:
    """A text that people are shown, without blanks around it; a line break or tab in it becomes a blank.

    Raises: FeedMalformed: it is too long, or holds another control character.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise FeedMalformed(f"{what} has {len(text)} characters: {text[:40]!r}…")
    if not text.isprintable():
        text = text.translate(_BREAKS)
        for character in text:
            if unicodedata.category(character) in ("Cc", "Cs"):
                raise FeedMalformed(f"{what} holds the control character {character!r}: {text[:80]!r}")
    return text
