"""All flags of one state of a count, and the figures that say how much the tests could see."""

from collections.abc import Iterable, Mapping
from statistics import median

import msgspec
import numpy as np
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, Setting
from mission.flags.review import Family, review
from mission.flags.rules import find_broken_rules
from mission.flags.sheets import Sheets, read_sheets
from mission.flags.swaps import find_swaps
from mission.flags.thresholds import Thresholds
from mission.flags.totals import find_corrections, find_differences
from mission.flags.twins import find_twins
from mission.flags.zeros import find_zeros
from tally.keys import NATION
from tally.ledger import LedgerEntry
from tally.model import AreaState
from tally.outcome.outcome import find_outcome
from tally.outcome.rule import LEAD, ContestRule


class Rate(Struct, frozen=True):
    """One family of tests: `significant` before, `flagged` after the filter of effect size, `firm` of those.

    rho: of the first list that is tested, None where nothing was testable. false_discovery: the part of the flagged
    that is expected to be false.
    """

    family: str
    tests: int
    rho: float | None
    false_discovery: float
    significant: int
    flagged: int
    firm: int


class Screening(Struct, frozen=True):
    """Flags by severity and kind; `mesas` are the tallied ones, of which `tested` had enough siblings.

    What is not testable is not normal either: nothing is known about it. behind: areas whose actas were not read as far
    as their total is published.
    """

    mesas: int
    places: int
    tested: int
    not_testable: int
    rates: tuple[Rate, ...]
    identical_expected: float
    counts: dict[str, int]
    flags: tuple[Flag, ...]
    behind: int = 0


def screen(
    values: Mapping[str, bytes],
    lists: int,
    ledger: Iterable[LedgerEntry],
    limits: Thresholds,
    rule: ContestRule = LEAD,
) -> Screening:
    """Screen the state of a count of so many lists, won by that rule: `values` is the canonical JSON by key.

    Pure, and about a second for the whole country: call it off the loop.
    """
    sheets = read_sheets(values.items(), lists)
    statistics = screen_sheets(sheets, _setting(values.get(NATION), sheets, rule), limits)
    differences = find_differences(values)
    exact = [
        *find_broken_rules(sheets, values),
        *differences.flags,
        *find_corrections(ledger),
    ]
    flags = (*exact, *statistics.flags)
    return msgspec.structs.replace(statistics, flags=flags, counts=_count(flags), behind=differences.behind)


def screen_sheets(sheets: Sheets, setting: Setting, limits: Thresholds) -> Screening:
    """The statistical flags alone: what columns can tell, without the log around them."""
    is_tallied = sheets.is_tallied
    place = np.where(is_tallied, sheets.place, -1)
    families = review(sheets, place, setting, limits)
    share = families[0]
    rhos = [one.rho for one in share.tested if not np.isnan(one.rho)] or [0.0]
    swaps = find_swaps(sheets, place, setting, median(rhos), limits)
    twins = find_twins(sheets, place, share.lists[0], rhos[0], limits.identical.least_chance)
    flags = (
        *swaps.flags,
        *(flag for family in families for flag in family.flags),
        *twins.flags,
        *find_zeros(sheets, is_tallied, setting),
    )
    mesas = int(is_tallied.sum())
    return Screening(
        mesas,
        len(np.unique(place[place >= 0])),
        share.tested[0].tests,
        mesas - share.tested[0].tests,
        tuple(_rate(family, limits) for family in families),
        round(twins.expected, 1),
        _count(flags),
        flags,
    )


def setting_of(sheets: Sheets, votes: tuple[int, ...] | None = None, rule: ContestRule = LEAD) -> Setting:
    """The two lists whose margin decides by the rule: by the votes given, or by the tallied actas themselves.

    Where the closest margin is to a threshold, it is that of the two leading lists; a list alone is ahead of nobody.
    """
    totals = list(votes) if votes is not None else sheets.votes[sheets.is_tallied].sum(axis=0).tolist()
    if len(totals) == 1:
        return Setting(1, (0, 0), totals[0])
    found = find_outcome(rule, dict(enumerate(totals)), 0)
    pairs = [(one.votes, one.ahead, one.behind) for one in found.margins if one.behind is not None]
    if not pairs:  # two lists with half of the votes each: both go on
        return setting_of(sheets, votes)
    margin, first, second = min(pairs)
    return Setting(len(totals), (first, second), margin)


def _setting(nation: bytes | None, sheets: Sheets, rule: ContestRule) -> Setting:
    """The margin as published where it is, else our own sum."""
    state = None if nation is None else msgspec.json.decode(nation, type=AreaState)
    published = None if state is None else state.published
    return setting_of(sheets, None if published is None else published.votes, rule)


def _rate(family: Family, limits: Thresholds) -> Rate:
    tested = family.tested
    return Rate(
        family.name,
        sum(one.tests for one in tested),
        _number(tested[0].rho),
        limits.within_place.false_discovery,
        sum(int(one.is_significant.sum()) for one in tested),
        sum(int(one.is_flagged.sum()) for one in tested),
        sum(int(one.is_firm.sum()) for one in tested),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def _count(flags: Iterable[Flag]) -> dict[str, int]:
    kinds = [flag.kind for flag in flags]
    return {kind.value: kinds.count(kind) for kind in FlagKind}
