"""Review flags: a mesa whose share or turnout differs from the other mesas of its polling place."""

from collections.abc import Callable
from math import ceil

import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_id
from mission.flags.sheets import Integers, Sheets
from mission.flags.thresholds import WithinPlace
from mission.flags.within import Tested, compare_within
from mission.flags.words import CAUSES, against_margin, commas, joined, likely, percent, spaced
from tally.keys import mesa_key


class Away(Struct, frozen=True):
    """One flagged row: x of n, the share of the rest of its place, and how many votes that is away."""

    row: int
    x: int
    n: int
    usual: float
    votes: int


# The texts of a flagged row in both languages, and the most votes it could move.
Write = Callable[[Away], tuple[tuple[str, str], int]]


class Family(Struct, frozen=True):
    """One family of tests with its flags. `list_index`: whose share it is about, None for turnout."""

    name: str
    list_index: int | None
    tested: Tested
    flags: list[Flag]


def review(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace) -> list[Family]:
    """Share and turnout of tallied actas; `place` are their polling places.

    Of two lists one share says all. With more, each of the two leading lists has a family of its own, against all
    others together: a test for every list would flag what each mesa's small lists do, and correct it all away.
    """
    families = [_share(sheets, place, setting, limits, index) for index in _tested_lists(setting)]
    return [*families, _turnout(sheets, place, setting, limits)]


def _tested_lists(setting: Setting) -> tuple[int, ...]:
    return (min(setting.leaders),) if len(setting.names) == 2 else setting.leaders


def _share(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace, index: int) -> Family:
    tested = compare_within(place, sheets.votes[:, index], sheets.votes.sum(axis=1), limits)
    name, suffix = setting.names[index], "" if len(setting.names) == 2 else str(index)

    def write(one: Away) -> tuple[tuple[str, str], int]:
        mesa, share, usual = sheets.mesas[one.row], percent(one.x / one.n), percent(one.usual)
        what = (
            f"Mesa {mesa}: {spaced(one.x)} de {spaced(one.n)} votos válidos para {name} ({share}); en las otras mesas "
            f"de su local, {usual}.",
            f"Mesa {mesa}: {commas(one.x)} of {commas(one.n)} valid votes for {name} ({share}); in the other mesas of "
            f"its polling place, {usual}.",
        )
        moved = 2 * one.votes
        because = ("Si la mesa hubiera votado como su local", "Had the mesa voted like its polling place")
        return joined(what, _how_likely(tested, one.row), CAUSES, against_margin(moved, setting, because)), moved

    flags = _flags(FlagKind.SHARE, sheets, tested, write, suffix)
    return Family(f"share{suffix and '/' + suffix}", index, tested, flags)


def _turnout(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace) -> Family:
    tested = compare_within(place, sheets.cast, sheets.registered, limits)

    def write(one: Away) -> tuple[tuple[str, str], int]:
        mesa, share, usual = sheets.mesas[one.row], percent(one.x / one.n), percent(one.usual)
        what = (
            f"Mesa {mesa}: votaron {spaced(one.x)} de {spaced(one.n)} electores ({share}); en las otras mesas de su "
            f"local, {usual}.",
            f"Mesa {mesa}: {commas(one.x)} of {commas(one.n)} registered voters voted ({share}); in the other mesas "
            f"of its polling place, {usual}.",
        )
        because = (
            "Si esos votos sobraran o faltaran para una sola lista",
            "Were those votes too many or too few for a single list",
        )
        moved = against_margin(one.votes, setting, because)
        return joined(what, _how_likely(tested, one.row), CAUSES, moved), one.votes

    return Family("turnout", None, tested, _flags(FlagKind.TURNOUT, sheets, tested, write))


def _how_likely(tested: Tested, row: int) -> tuple[str, str]:
    es, en = likely(float(tested.q[row]), tested.tests)
    if tested.is_firm[row]:
        return es, en
    return (
        f"{es} Señal débil: no se sostiene si se cuenta también la incertidumbre de las otras mesas del local.",
        f"{en} Weak: it does not stand once the uncertainty of the other mesas of the place is counted in.",
    )


def _flags(kind: FlagKind, sheets: Sheets, tested: Tested, write: Write, suffix: str = "") -> list[Flag]:
    """A flag for each row that is one, the least likely first."""
    rows = np.flatnonzero(tested.is_flagged)
    return [
        _flag(kind, sheets, tested, write, suffix, row)
        for row in rows[np.argsort(tested.p[rows], kind="stable")].tolist()
    ]


def _flag(kind: FlagKind, sheets: Sheets, tested: Tested, write: Write, suffix: str, row: int) -> Flag:
    x, n, usual = int(tested.x[row]), int(tested.n[row]), float(tested.share[row])
    one = Away(row, x, n, usual, ceil(abs(x - n * usual)))
    (es, en), moved = write(one)
    key = mesa_key(sheets.mesas[row])
    return Flag(
        id=flag_id(kind, key, suffix),
        kind=kind,
        severity=FlagSeverity.REVIEW,
        key=key,
        place=sheets.places[sheets.place[row]],
        ubigeo=sheets.ubigeos[row],
        evidence={
            "x": x,
            "n": n,
            "expected": round(usual, 4),
            "votes_away": one.votes,
            "tests": tested.tests,
            "rho": round(tested.rho, 6),
            "p": float(tested.p[row]),
            "is_firm": bool(tested.is_firm[row]),
        },
        q=float(tested.q[row]),
        at_most_votes=moved,
        es=es,
        en=en,
    )
