"""Query strings as a machine would try them: true ones, slips, doubles, and every trick that looks for an echo."""

import random
from collections.abc import Iterator
from urllib.parse import quote, urlencode

# Whatever is sent holds it somewhere; no answer may.
MARKER = "zQ7echoZ"
_VALUES = {
    "area": [
        "nation",
        "scope/abroad",
        "department/14",
        "province/1401",
        "department/99",
        "district/140101",
        "mesa/000001",
    ],
    "lang": ["es", "en", "qu", ""],
    "theme": ["auto", "light", "dark", "sepia"],
    "incidents": ["0", "1", "2", "true"],
    "at": ["2030-01-06T22:01:00Z", "2030-01-06T22:01Z", "1999-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "now", "0"],
}
_TRICKS = [
    f"<script>{MARKER}</script>",
    f'"><img src=x onerror={MARKER}>',
    f"javascript:{MARKER}",
    f"{MARKER}\r\nSet-Cookie: a=b",
    f"../../{MARKER}",
    f"{{{{{MARKER}}}}}",
    f"' OR 1=1 -- {MARKER}",
    f"\x00{MARKER}",
    f"%00{MARKER}",
    MARKER * 100,
    f"ñ漢字🙂{MARKER}",
]


def queries(seed: int, number: int) -> Iterator[bytes]:
    """That many query strings, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        yield chance.choice(_KINDS)(chance)


def _true(chance: random.Random) -> bytes:
    names = chance.sample(list(_VALUES), chance.randint(0, len(_VALUES)))
    return urlencode([(name, chance.choice(_VALUES[name])) for name in names], safe="/:").encode()


def _doubled(chance: random.Random) -> bytes:
    name = chance.choice(list(_VALUES))
    return f"{name}={chance.choice(_VALUES[name])}&{name}={MARKER}".encode()


def _tricky(chance: random.Random) -> bytes:
    name = chance.choice([*_VALUES, MARKER, "view", "callback", "utm_source", "", "AREA"])
    trick = chance.choice(_TRICKS)
    return (quote(name) + "=" + quote(trick, safe=chance.choice(["", "/:<>'"]))).encode("ascii", "ignore")


def _noise(chance: random.Random) -> bytes:
    letters = "abcdefghij%&=;+?#/:.0123456789" + MARKER
    return "".join(chance.choice(letters) for _ in range(chance.randint(0, 80))).replace("#", "").encode()


def _long(chance: random.Random) -> bytes:
    return b"&".join(b"area=nation" for _ in range(chance.randint(2, 200)))


def _added(chance: random.Random) -> bytes:
    return _true(chance) + b"&" + _tricky(chance)


_KINDS = (_true, _true, _doubled, _tricky, _tricky, _noise, _long, _added)
