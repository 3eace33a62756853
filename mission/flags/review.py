"""Review flags: a mesa whose share or turnout differs from the other mesas of its polling place."""

from math import ceil

import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_mesa
from mission.flags.sheets import Integers, Sheets
from mission.flags.thresholds import Thresholds, WithinPlace
from mission.flags.within import Tested, compare_columns, compare_within


class Family(Struct, frozen=True):
    """One family of tests with its flags: each of the `lists` by its votes, or turnout. Corrected over all of it."""

    name: str
    lists: tuple[int, ...]
    tested: list[Tested]
    flags: list[Flag]


def review(sheets: Sheets, place: Integers, setting: Setting, limits: Thresholds) -> list[Family]:
    """Share and turnout of tallied actas; `place` are their polling places."""
    return [_shares(sheets, place, setting, limits), _turnout(sheets, place, setting, limits.within_place)]


def find_tested(sheets: Sheets, setting: Setting, limits: Thresholds) -> tuple[int, ...]:
    """The lists whose votes are tested, each against all others together: those with enough votes in the whole count.

    Of two lists one share says all. The two whose margin decides are tested however few votes they have.
    """
    if setting.lists == 2:
        return (min(setting.leaders),)
    votes = sheets.votes[sheets.is_tallied].sum(axis=0)
    enough = np.flatnonzero(votes >= limits.lists.least_share * votes.sum()).tolist()
    return tuple(dict.fromkeys((*setting.leaders, *enough)))


def _shares(sheets: Sheets, place: Integers, setting: Setting, limits: Thresholds) -> Family:
    lists = find_tested(sheets, setting, limits)
    tested = compare_columns(place, sheets.votes[:, lists], sheets.votes.sum(axis=1), limits.within_place)
    tests, flags = sum(one.tests for one in tested), []
    for index, one in zip(lists, tested, strict=True):
        about = _About(FlagKind.SHARE, setting, tests, index, "" if setting.lists == 2 else str(index))
        flags += _flags(about, sheets, one)
    return Family("share", lists, tested, sorted(flags, key=lambda flag: flag.figures["p"]))


def _turnout(sheets: Sheets, place: Integers, setting: Setting, limits: WithinPlace) -> Family:
    tested = compare_within(place, sheets.cast, sheets.registered, limits)
    about = _About(FlagKind.TURNOUT, setting, tested.tests)
    return Family("turnout", (), [tested], _flags(about, sheets, tested))


class _About(Struct, frozen=True):
    """What all flags of a family have in common."""

    kind: FlagKind
    setting: Setting
    tests: int
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
        "tests": about.tests,
        "rho": round(tested.rho, 6),
        "p": float(tested.p[row]),
        "is_firm": bool(tested.is_firm[row]),
        **_moves(about, votes_away, x > n * usual),
    }
    return flag_mesa(
        sheets,
        row,
        about.kind,
        FlagSeverity.REVIEW,
        about.suffix,
        figures=figures if about.list_index is None else {"list": about.list_index, **figures},
        q=float(tested.q[row]),
        at_most_votes=_most(about, votes_away),
    )


def _most(about: _About, votes_away: int) -> int:
    """Between the two lists of the margin a vote in the wrong column moves it by two."""
    return 2 * votes_away if about.list_index in about.setting.leaders else votes_away


def _moves(about: _About, votes_away: int, is_more: bool) -> dict[str, int]:
    """What the margin would do if the mesa had voted as its place; no direction where nobody knows whose votes."""
    most, setting = _most(about, votes_away), about.setting
    if about.list_index not in setting.leaders:
        return setting.either_way(most)
    return setting.one_way(-most if is_more is (about.list_index == setting.leaders[0]) else most)
