"""An observer's copy beside the acta that the authority publishes: which figures differ, and what that is worth."""

from enum import StrEnum

from msgspec import Struct

from mission.audit.macro import Pairs
from mission.quickcount.estimate import Copy
from tally.model import NOT_VALID, Acta, ActaState


class CopyStanding(StrEnum):
    """What a copy says of its acta. An annulled one or one of a mesa not installed is not compared: that is a ruling.

    `unread`: no figure differs, but a list's votes could not be read in one of the two. `at_jee`: not counted, and its
    votes, where they are shown, are compared all the same. `no_such_mesa`: the count names all its mesas, and not this.
    """

    EQUAL = "equal"
    DIFFERENT = "different"
    UNREAD = "unread"
    NOT_PUBLISHED = "not_published"
    NO_SUCH_MESA = "no_such_mesa"
    AT_JEE = ActaState.AT_JEE.value
    ANNULLED = ActaState.ANNULLED.value
    NOT_INSTALLED = ActaState.NOT_INSTALLED.value


class FigureDifference(Struct, frozen=True):
    """A figure that differs: "blank", "cast" … or "votes" of the list at `place` in the contest."""

    figure: str
    place: int | None
    copied: int
    published: int

    @property
    def votes(self) -> int:
        """What the acta lacks of the copy; negative: has more."""
        return self.copied - self.published


class PairMove(Struct, frozen=True):
    """By how many votes the first list's lead over the second grew if the copy stood in place of the acta."""

    first: int
    second: int
    votes: int


class MarginMove(Struct, frozen=True):
    """The same of a margin that decides: over the `second` list, or, None, to the part of the votes that is asked for.

    `margin` is what is published; is_enough: that move alone would end it.
    """

    first: int
    second: int | None
    margin: int
    votes: float

    @property
    def is_enough(self) -> bool:
        """Whether nothing would be left of it."""
        return self.margin + self.votes <= 0


class Comparison(Struct, frozen=True):
    """A copy beside its acta. is_held: a newer value of the acta breaks a rule, and its last good one was compared."""

    standing: CopyStanding
    differences: tuple[FigureDifference, ...] = ()
    moves: tuple[PairMove, ...] = ()
    is_held: bool = False


_BY_RULING = {ActaState.ANNULLED: CopyStanding.ANNULLED, ActaState.NOT_INSTALLED: CopyStanding.NOT_INSTALLED}


def compare(copy: Copy, acta: Acta | None, *, is_whole: bool = False) -> Comparison:
    """What the copy says of the acta as it is published, if it is; `is_whole`: the count names all mesas there are."""
    if acta is None and is_whole:
        return Comparison(CopyStanding.NO_SUCH_MESA)
    if acta is None or acta.state is ActaState.PENDING:
        return Comparison(CopyStanding.NOT_PUBLISHED)
    is_held = bool(acta.held)
    if acta.state in _BY_RULING:
        return Comparison(_BY_RULING[acta.state], is_held=is_held)
    votes = acta.votes if acta.votes is not None and len(acta.votes) == len(copy.votes) else (None,) * len(copy.votes)
    differences = _differ(copy, acta, votes)
    if acta.state is ActaState.AT_JEE:
        standing = CopyStanding.AT_JEE
    elif differences:
        standing = CopyStanding.DIFFERENT
    else:
        standing = CopyStanding.EQUAL if copy.is_whole and None not in votes else CopyStanding.UNREAD
    return Comparison(standing, differences, _move(differences, len(copy.votes)), is_held)


def move_margins(comparison: Comparison, claims: Pairs, lists: int) -> tuple[MarginMove, ...]:
    """What the differences would do to the margins that decide the published outcome; nothing where no vote differs."""
    shifts = _shift(comparison.differences, lists)
    if not any(shifts):
        return ()
    pairs = zip(claims.pairs, claims.margins, strict=True)
    moves = [MarginMove(first, second, margin, shifts[first] - shifts[second]) for (first, second), margin in pairs]
    for claim in claims.shares:
        part, whole = claim.part
        moved = shifts[claim.place] - sum(shifts) * part / whole
        sign = 1 if claim.excess > 0 else -1
        moves.append(MarginMove(claim.place, None, abs(claim.margin), sign * moved))
    return tuple(moves)


def _differ(copy: Copy, acta: Acta, votes: tuple[int | None, ...]) -> tuple[FigureDifference, ...]:
    figures: list[tuple[str, int | None, int | None, int | None]] = [
        ("votes", place, *both) for place, both in enumerate(zip(copy.votes, votes, strict=True))
    ]
    figures += [(name, None, getattr(copy, name), getattr(acta, name)) for name in (*NOT_VALID, "cast", "registered")]
    return tuple(
        FigureDifference(name, place, copied, published)
        for name, place, copied, published in figures
        if copied is not None and published is not None and copied != published
    )


def _shift(differences: tuple[FigureDifference, ...], lists: int) -> list[int]:
    shifts = [0] * lists
    for one in differences:
        if one.place is not None:
            shifts[one.place] = one.votes
    return shifts


def _move(differences: tuple[FigureDifference, ...], lists: int) -> tuple[PairMove, ...]:
    shifts = _shift(differences, lists)
    pairs = ((first, second) for first in range(lists) for second in range(first + 1, lists))
    return tuple(
        PairMove(first, second, shifts[first] - shifts[second])
        for first, second in pairs
        if shifts[first] != shifts[second]
    )
