"""Review flags: a mesa whose share or turnout differs from the other mesas of its polling place."""

from math import ceil

import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_mesa
from mission.flags.sheets import Integers, Sheets
from mission.flags.thresholds import WithinPlace
from mission.flags.within import Tested, compare_within


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
    tested = (min(setting.leaders),) if setting.lists == 2 else setting.leaders
    families = [_share(sheets, place, setting, limits, index) for index in tested]
    return [*families, _turnout(sheets, place, setting, limits)]


def _share(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace, index: int) -> Family:
    tested = compare_within(place, sheets.votes[:, index], sheets.votes.sum(axis=1), limits)
    suffix = "" if setting.lists == 2 else str(index)
    about = _About(FlagKind.SHARE, setting.margin, index, suffix)
    return Family(f"share{suffix and '/' + suffix}", index, tested, _flags(about, sheets, tested))


def _turnout(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace) -> Family:
    tested = compare_within(place, sheets.cast, sheets.registered, limits)
    return Family("turnout", None, tested, _flags(_About(FlagKind.TURNOUT, setting.margin), sheets, tested))


class _About(Struct, frozen=True):
    """What all flags of a family have in common."""

    kind: FlagKind
    margin: int
    list_index: int | None = None
    suffix: str = ""


def _flags(about: _About, sheets: Sheets, tested: Tested) -> list[Flag]:
    """A flag for each row that is one, the least likely first."""
    rows = np.flatnonzero(tested.is_flagged)
    return [_flag(about, sheets, tested, row) for row in rows[np.argsort(tested.p[rows], kind="stable")].tolist()]


def _flag(about: _About, sheets: Sheets, tested: Tested, row: int) -> Flag:
    x, n, usual = int(tested.x[row]), int(tested.n[row]), float(tested.share[row])
    votes_away = ceil(abs(x - n * usual))
    figures = {
        "x": x,
        "n": n,
        "expected": round(usual, 4),
        "votes_away": votes_away,
        "tests": tested.tests,
        "rho": round(tested.rho, 6),
        "p": float(tested.p[row]),
        "is_firm": bool(tested.is_firm[row]),
        "margin": about.margin,
    }
    return flag_mesa(
        sheets,
        row,
        about.kind,
        FlagSeverity.REVIEW,
        about.suffix,
        figures=figures if about.list_index is None else {"list": about.list_index, **figures},
        q=float(tested.q[row]),
        # Votes that went to the wrong list move the margin by twice their number.
        at_most_votes=votes_away if about.list_index is None else 2 * votes_away,
    )
