"""Numbers in the sentences of the mission, and the sentences that every flag ends with."""

from functools import cache

import msgspec

from mission.flags.flag import Setting
from tally.issues import Issue
from texts.issues import sentence
from texts.language import Language, load_languages

NOT_EVIDENCE = ("Esto no es evidencia de fraude.", "This is not evidence of fraud.")
CAUSES = (
    "Causas inocentes habituales: columnas intercambiadas, error de transcripción, electores sentados por apellido.",
    "Usual innocent causes: swapped columns, transcription, voters seated by surname.",
)


def spaced(number: int) -> str:
    """Thousands as Spanish has them here: 49641 → "49 641"."""
    return f"{number:,}".replace(",", " ")


def commas(number: int) -> str:
    """Thousands as English has them: 49641 → "49,641"."""
    return f"{number:,}"


def percent(share: float) -> str:
    """0.5833 → "58.3 %"."""
    return f"{100 * share:.1f} %"


def said(issue: Issue) -> tuple[str, str]:
    """What is wrong with a value, in both languages."""
    spanish, english = (sentence(_languages()[code], msgspec.to_builtins(issue)) for code in ("es", "en"))
    return spanish, english


@cache
def _languages() -> dict[str, Language]:
    return load_languages()


def likely(q: float, tests: int) -> tuple[str, str]:
    """What a corrected p-value means, in both languages."""
    written = "< 0.001" if q < 0.001 else f"= {q:.3f}"
    return (
        f"Corregido por {spaced(tests)} pruebas: q {written}; si se señala todo lo que llega hasta aquí, esa parte "
        "de las señales se espera falsa.",
        f"Corrected for {commas(tests)} tests: q {written}; if everything up to here is flagged, that part of the "
        "flags is expected to be false.",
    )


def against_margin(votes: int, setting: Setting, because: tuple[str, str]) -> tuple[str, str]:
    """The most votes a flag could move, beside the national margin. `because` begins the sentence: "If …"."""
    return (
        f"{because[0]}, la ventaja nacional ({spaced(setting.margin)}) cambiaría como máximo en {spaced(votes)} votos.",
        f"{because[1]}, the national margin ({commas(setting.margin)}) would move by at most {commas(votes)} votes.",
    )


def joined(*parts: tuple[str, str]) -> tuple[str, str]:
    """The parts as one text in each language, with the end that every text has."""
    whole = (*parts, NOT_EVIDENCE)
    return " ".join(part[0] for part in whole), " ".join(part[1] for part in whole)
