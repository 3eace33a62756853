"""Why actas were observed in 2021: ONPE's words, and a choice among them where a file of mesas does not tell."""

import numpy as np

from ingest.rehearsal.mesas import Integers
from tally.election import slug

# How many of the actas that stood at the juries on the evening of 8 June 2021 were there for each reason.
_STOOD = {
    "VOTOS IMPUGNADOS": 471,
    "ERROR MATERIAL": 399,
    "OTRAS OBSERVACIONES": 194,
    "ACTA SIN FIRMAS": 114,
    "INCOMPLETA": 109,
    "ILEGIBILIDAD": 66,
    "SOLICITUD DE NULIDAD": 1,
}
REASONS = tuple(_STOOD)
UNTOLD = -1
_BY_SLUG = {slug(reason): position for position, reason in enumerate(REASONS)}
_UP_TO = np.cumsum(list(_STOOD.values()))


def reason_of(text: str) -> int:
    """Position in REASONS of a cell of a file, UNTOLD if it is no reason for which an acta is observed."""
    return _BY_SLUG.get(slug(text), UNTOLD)


def choose_reasons(mesa: Integers, told: Integers | None) -> Integers:
    """A position in REASONS for every mesa: the one that the file tells, else one that depends on the number alone."""
    # Neighbouring numbers, unlike reasons (Knuth's multiplicative hash).
    scattered = mesa * 2_654_435_761 % 2**32 % int(_UP_TO[-1])
    chosen = np.searchsorted(_UP_TO, scattered, side="right").astype(np.int64)
    return chosen if told is None else np.where(told == UNTOLD, chosen, told)
