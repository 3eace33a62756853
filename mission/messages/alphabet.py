"""The alphabet of text messages: what fits into it costs half of what does not.

Source: 3GPP TS 23.038, GSM 7 bit default alphabet and its extension, read 2026-11-30.
"""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes the place of two.
_EXTENDED = frozenset("\f^{}\\[~]|€")
_LIKE = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "·": "-", "–": "-", "—": "-", "…": "...", "\xa0": " "}
)
_ONE, _EACH = 160, 153


def plain(text: str) -> str:
    """The text in the alphabet of text messages: "está" loses its accent, "ñ" and "é" stay, the unknown is "?"."""
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text).translate(_LIKE))


def segments(text: str) -> int:
    """How many text messages a plain text takes."""
    places = _places(text)
    return 1 if places <= _ONE else -(-places // _EACH)


def fit(text: str, most: int) -> str:
    """The plain text, cut where it takes more places than that."""
    kept = plain(text)
    if _places(kept) <= most:
        return kept
    while _places(kept) > most - 3:
        kept = kept[:-1]
    return f"{kept.rstrip()}..."


def _letter(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    base = unicodedata.normalize("NFKD", letter)
    kept = "".join(one for one in base if one in _BASIC or one in _EXTENDED)
    return kept or ("" if all(map(unicodedata.combining, base)) else "?")


def _places(text: str) -> int:
    return len(text) + sum(letter in _EXTENDED for letter in text)
