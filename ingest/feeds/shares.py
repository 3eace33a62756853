"""Percentages that a source states beside its figures: they have to be those figures' own."""

from tally.errors import FeedMalformed

# Three decimals, and of the shares of one whole one may be moved by another so that all add up to 100.
_STEP = 0.0011


def check_share(stated: float | None, part: int, whole: int, what: str) -> None:
    """Check a percentage against the part and the whole that it is of; one that is not stated, or of nothing, is fine.

    What is negative has a rule of its own.

    Raises: FeedMalformed: it is another one; answers that are no one's are made of two halves.
    """
    if stated is not None and part >= 0 and whole > 0 and abs(stated - 100 * part / whole) > _STEP:
        raise FeedMalformed(f"{what} is stated as {stated} %, but {part} of {whole} are {100 * part / whole:.3f} %")
