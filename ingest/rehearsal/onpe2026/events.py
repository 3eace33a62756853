"""The life of one acta as ONPE lists it: digitised, typed, counted, or observed, sent to the jury and resolved.

Everything is derived from the mesa's number, so an acta tells the same story in every answer. Repeats and disorder
are as in the captures; some actas (electronic counting) show only the last event.
"""

from msgspec import Struct

COUNTED, AT_JEE, PENDING = "C", "E", "P"
DESCRIPTIONS = {COUNTED: "Contabilizada", AT_JEE: "Para envío al JEE", PENDING: "Pendiente"}

_SECOND = 1000
_MINUTE = 60 * _SECOND
_STEPS = {
    "T": "Digitalización",
    "D": "Digitación",
    "H": "Observada",
    # The letters of these two were never captured; J and K are those of ONPE's internal counting system.
    "J": "Recibida del JEE",
    "K": "Resolución de la ONPE",
    **DESCRIPTIONS,
}
# How often each reason stood on the 5,104 actas sent to the juries in April 2026.
_REASONS = (
    (3771, "Acta con error aritmético"),
    (356, "Acta sin firmas"),
    (311, "Acta impugnada"),
    (320, "Acta con error aritmético, Acta ilegible"),
    (85, "Acta impugnada, Acta con error aritmético"),
    (82, "Acta con error aritmético, Acta con error aritmético"),
    (52, "Acta con error aritmético, Acta sin firmas"),
    (54, "Acta incompleta"),
    (33, "Acta ilegible"),
    (7, "Acta con solicitud de nulidad"),
)
_ALL_REASONS = sum(weight for weight, _ in _REASONS)


class ActaEvent(Struct, frozen=True):
    """One row of lineaTiempo."""

    code: str
    at_ms: int
    reason: str | None = None

    @property
    def description(self) -> str:
        """ONPE's words for the event."""
        return _STEPS[self.code]


def reason(mesa: int) -> str:
    """Why an acta of that number is observed, if it is."""
    at = _scatter(mesa) % _ALL_REASONS
    for weight, text in _REASONS:
        if at < weight:
            return text
        at -= weight
    raise AssertionError("weights add up to their sum")


def events(mesa: int, received_ms: int, counted_ms: int, at_ms: int) -> list[ActaEvent]:
    """What has happened to an acta by `at_ms`, newest first where the source keeps order."""
    if received_ms > at_ms:
        return []
    if received_ms == counted_ms:
        return _plain(mesa, counted_ms)
    why = reason(mesa)
    life = [
        ActaEvent("T", received_ms - 3 * _MINUTE),
        ActaEvent("D", received_ms - 2 * _MINUTE),
        ActaEvent("H", received_ms - _MINUTE, why),
        ActaEvent(AT_JEE, received_ms, why),
        ActaEvent("J", max(received_ms, counted_ms - 20 * _MINUTE)),
        ActaEvent("K", max(received_ms, counted_ms - 10 * _MINUTE), why),
        ActaEvent(COUNTED, counted_ms),
    ]
    return [_whole(event) for event in reversed(life) if event.at_ms <= at_ms]


def _plain(mesa: int, counted_ms: int) -> list[ActaEvent]:
    scatter = _scatter(mesa)
    typed = counted_ms - (15 + scatter % 60) * _SECOND
    scanned = typed - (15 + (scatter >> 8) % 240) * _SECOND
    counted = ActaEvent(COUNTED, counted_ms)
    if scatter % 10 == 0:
        life = [counted]
    elif scatter % 10 == 1:
        again = (scatter >> 4) % 600 * _SECOND
        life = [
            counted,
            ActaEvent("D", typed - again),
            ActaEvent("D", typed),
            ActaEvent("T", typed),
            ActaEvent("T", scanned - again),
        ]
    else:
        life = [counted, ActaEvent("D", typed), ActaEvent("T", scanned)]
    return [_whole(event) for event in life]


def _whole(event: ActaEvent) -> ActaEvent:
    return ActaEvent(event.code, event.at_ms // _SECOND * _SECOND, event.reason)


def _scatter(mesa: int) -> int:
    """Neighbouring numbers, unlike stories (Knuth's multiplicative hash)."""
    return mesa * 2_654_435_761 % 2**32
