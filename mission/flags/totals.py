"""Flags about totals: what the source publishes against the sum of its actas, totals that fell, actas taken back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import starmap
from typing import Any

import msgspec
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, flag_id, lead_of
from tally.keys import Level, is_area, level_of, ubigeo_of
from tally.ledger import LedgerEntry
from tally.model import Acta, ActaState, AreaCount, AreaState
from tally.rules.issues import Issue, Rule
from tally.rules.reconcile import is_complete


class _Fall(Struct, frozen=True):
    """A published figure that fell: votes of a list by its index, None: votes cast."""

    list: int | None
    before: int
    after: int


class _Published(Struct):
    """The published side of an area's value; the rest is skipped."""

    published: AreaCount | None = None


class Differences(Struct, frozen=True):
    """Flags of areas that are counted whole on both sides and yet differ, and how many others only are not read as far.

    While actas are out, as many counted ones need not be the same ones: that is a state of reading, not of the count.
    """

    flags: list[Flag]
    behind: int


def find_differences(values: Mapping[str, bytes]) -> Differences:
    """Areas whose published count is not the sum of as many counted actas, as the board marks them."""
    flags, behind = [], 0
    for key, data in values.items():
        if is_area(key) and b'"flags":' in data:  # few are marked: only those are read
            state = msgspec.json.decode(data, type=AreaState)
            differences = (issue for issue in state.flags or () if issue.rule == Rule.RECONCILIATION)
            found = [_difference(key, state, issue) for issue in differences]
            if state.published is not None and is_complete(state.published) and is_complete(state.computed):
                flags += found
            else:
                behind += len(found)
    return Differences(flags, behind)


def find_corrections(lines: Iterable[LedgerEntry]) -> list[Flag]:
    """From the ledger's corrections, newest first: published totals that fell, and actas that went back to a jury.

    One flag a key: it tells the newest case and how many there were.
    """
    fallen: dict[str, list[tuple[LedgerEntry, list[_Fall]]]] = defaultdict(list)
    reopened: dict[str, list[LedgerEntry]] = defaultdict(list)
    for line in lines:
        if line.before is None:
            continue
        if is_area(line.key):
            lower = _lower(line.before, line.after)
            if lower:
                fallen[line.key].append((line, lower))
        elif level_of(line.key) is Level.MESA and _went_back(line.before, line.after):
            reopened[line.key].append(line)
    return [
        *(_decrease(key, cases) for key, cases in fallen.items()),
        *(_reopened(key, cases) for key, cases in reopened.items()),
    ]


def _lower(before: bytes, after: bytes) -> list[_Fall]:
    """Votes of lists, and votes cast, that the source published lower than before."""
    old = msgspec.json.decode(before, type=_Published).published
    new = msgspec.json.decode(after, type=_Published).published
    if old is None or new is None:
        return []
    pairs = zip((*range(len(old.votes)), None), (*old.votes, old.cast), (*new.votes, new.cast), strict=True)
    return [fall for fall in starmap(_Fall, pairs) if fall.after < fall.before]


def _went_back(before: bytes, after: bytes) -> bool:
    old, new = (msgspec.json.decode(data, type=Acta) for data in (before, after))
    return old.state is ActaState.COUNTED and new.state is ActaState.AT_JEE


def _difference(key: str, state: AreaState, issue: Issue) -> Flag:
    return Flag(
        id=flag_id(FlagKind.AGGREGATE, key),
        kind=FlagKind.AGGREGATE,
        severity=FlagSeverity.HIGH,
        key=key,
        ubigeo=ubigeo_of(key),
        figures={"rule": issue.rule, "issue": msgspec.to_builtins(issue)},
    )


def _decrease(key: str, cases: list[tuple[LedgerEntry, list[_Fall]]]) -> Flag:
    line, falls = cases[0]
    return Flag(
        id=flag_id(FlagKind.DECREASE, key),
        kind=FlagKind.DECREASE,
        severity=FlagSeverity.INFO,
        key=key,
        ubigeo=ubigeo_of(key),
        figures={"falls": msgspec.to_builtins(falls), **_told(line, len(cases))},
        at_most_votes=sum(fall.before - fall.after for fall in falls if fall.list is not None),
    )


def _reopened(key: str, cases: list[LedgerEntry]) -> Flag:
    line = cases[0]
    assert line.before is not None  # noqa: S101 - only such lines are collected
    before = msgspec.json.decode(line.before, type=Acta)
    return Flag(
        id=flag_id(FlagKind.REOPENED, key),
        kind=FlagKind.REOPENED,
        severity=FlagSeverity.INFO,
        key=key,
        place=before.place,
        ubigeo=before.ubigeo,
        figures=_told(line, len(cases)),
        at_most_votes=lead_of(before.votes or ()),
    )


def _told(line: LedgerEntry, times: int) -> dict[str, Any]:
    return {"seq": line.seq, "at": line.at, "times": times}
