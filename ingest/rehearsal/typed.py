"""Names as ONPE's clerks type them: capitals, Ñ, and no accent on a vowel."""

import unicodedata

_ACUTE = "\u0301"


def typed(name: str) -> str:
    """ "JOSÉ ACUÑA" → "JOSE ACUÑA"."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).replace(_ACUTE, ""))
