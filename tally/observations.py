"""Why an acta is observed: the field's reasons, found in the sentence of the source by a stem of each."""

import unicodedata

UNSTATED, OTHER = "unstated", "other"
# ONPE says "error aritmético" since 2026 and "error material" before; "acta impugnada" and "votos impugnados".
_STEMS = {
    "material_error": ("aritmet", "error material"),
    "illegible": ("ilegib",),
    "incomplete": ("incomplet",),
    "no_data": ("sin datos",),
    "no_signatures": ("sin firma",),
    "annulment_request": ("nulidad",),
    "challenged_votes": ("impugnad",),
    "lost": ("extraviad",),
    "destroyed": ("siniestrad",),
}
REASONS = (*_STEMS, OTHER, UNSTATED)


def reasons_of(observation: str | None) -> tuple[str, ...]:
    """The reasons a sentence of the source names, in our order; never empty.

    A sentence that names none we know is `other`; no sentence at all is `unstated`.
    """
    if not observation:
        return (UNSTATED,)
    plain = unicodedata.normalize("NFKD", observation).encode("ascii", "ignore").decode().lower()
    found = tuple(reason for reason, stems in _STEMS.items() if any(stem in plain for stem in stems))
    return found or (OTHER,)
