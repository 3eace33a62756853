"""Rows of the table of contests: how each of them stands, small enough for thousands of them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from tally.election import Contest, Election
from tally.model import AreaCount, AreaState
from tally.outcome.judgement import Judgement, Uncounted, Whole, judge
from tally.outcome.outcome import MarginKind, Outcome
from tally.outcome.rule import ContestRule
from tally.outcome.standing import ContestState, first_places, state_of
from tally.rules.review import is_in_review
from tally.storage.store import CountInfo

_SHOWN = 3
_SHARE_DIGITS = 5


class ActaNumbers(Struct, frozen=True):
    """Where the actas of a contest are: counted, challenged (at the juries), not in yet; all that the source names."""

    counted: int = 0
    challenged: int = 0
    pending: int = 0
    total: int = 0


class LeadingList(Struct, frozen=True, kw_only=True):
    """A list among the first: `index` is its place in the contest, `share` its part of the valid votes.

    In a long table the contest's own address has its id, name and candidate.
    """

    index: int
    id: str | UnsetType = UNSET
    short: str
    name: str | UnsetType = UNSET
    candidate: str | UnsetType = UNSET
    color: str
    votes: int
    share: float | UnsetType = UNSET


class ContestRow(Struct, frozen=True, kw_only=True):
    """How a contest stands; of one that was not read yet only what its election's file says.

    whole: key of the area that is all of it, `place` that area's name; in its own count that is "nation".
    seq, epoch: of its count. as_of: our clock, when that was published; source_at: the source's, of its own figures.
    checked_at, changed_at: when its source was last asked, and when it last said something new.
    outcome: as in an outlook, with the margins that decide; None where nothing is counted or figures are in review.
    registered: its roll, None where it is not known. uncounted: what is out. lists: the first three, ties not cut.
    threshold_votes: how far the first list is above the rule's threshold, in votes; below it negative.
    blank_null_together: both, also where the source does not tell them apart. A long table leaves out `_LONG`.
    """

    id: str
    name: dict[str, str]
    scope: str
    whole: str
    place: str | None
    rule: ContestRule
    state: ContestState
    seq: int | None = None
    epoch: str | None = None
    as_of: str | None = None
    source_at: str | UnsetType | None = UNSET
    checked_at: str | None = None
    changed_at: str | None = None
    outcome: Outcome | None = None
    registered: int | UnsetType | None = UNSET
    actas: ActaNumbers = ActaNumbers()
    uncounted: Uncounted | UnsetType | None = UNSET
    lists: tuple[LeadingList, ...] = ()
    threshold_votes: int | None = None
    cast: int | UnsetType | None = UNSET
    valid: int | None = None
    blank: int | UnsetType | None = UNSET
    null: int | UnsetType | None = UNSET
    blank_null_together: int | UnsetType | None = UNSET


# What a row of a long table does not have: each is half as long without.
_LONG = ("source_at", "registered", "uncounted", "cast", "blank", "null", "blank_null_together")
_LONG_LIST = ("id", "name", "candidate", "share")


def shorten(row: ContestRow) -> ContestRow:
    """The row as a long table has it."""
    lists = tuple(structs.replace(one, **dict.fromkeys(_LONG_LIST, UNSET)) for one in row.lists)
    return structs.replace(row, lists=lists, **dict.fromkeys(_LONG, UNSET))


class CountStanding(Struct, frozen=True):
    """What a row is made from: a count, the version of it, and its values of all and of abroad. Nothing of it moves."""

    info: CountInfo
    seq: int
    as_of: str
    nation: bytes | None
    abroad: bytes | None


def make_row(contest: Contest, place: str | None, election: Election, standing: CountStanding | None) -> ContestRow:
    """The row of a contest; `standing` is None while the store has no count of it."""
    stated: dict[str, Any] = {name: getattr(contest, name) for name in ("id", "name", "scope", "whole")}
    stated |= {"place": place, **dict.fromkeys(_LONG), "registered": contest.registered}
    if standing is None:
        return ContestRow(**stated, rule=contest.rule, state=ContestState.NOT_READ)
    info, feed = standing.info, standing.info.feed
    told: dict[str, Any] = {
        "seq": standing.seq,
        "epoch": info.epoch,
        "as_of": standing.as_of,
        "checked_at": feed.checked_at,
        "changed_at": feed.changed_at,
        "rule": contest.rule,
    }
    return ContestRow(**{**stated, **told, **_figures(contest, election, standing)})


def _figures(contest: Contest, election: Election, standing: CountStanding) -> dict[str, Any]:
    nation, abroad = _state(standing.nation), _state(standing.abroad)
    published = None if nation is None else nation.published
    if nation is None or published is None:
        return {"state": ContestState.NOT_READ}
    is_doubtful = is_in_review(nation) or (abroad is not None and is_in_review(abroad))
    whole = Whole(published, nation.computed, None if abroad is None else abroad.published, is_doubtful)
    found = judge(whole, contest, election)
    state = state_of(published, found.outcome)
    is_told = state not in (ContestState.NOTHING_COUNTED, ContestState.NO_VALID_VOTES)
    return {
        "state": state,
        "source_at": published.source_at,
        "outcome": found.outcome if is_told else None,
        "registered": _roll(contest, whole),
        "actas": ActaNumbers(published.counted, published.at_jee, published.pending, published.total),
        "uncounted": found.uncounted if published.total else None,
        "lists": _lists(contest, published.votes, published.valid),
        "threshold_votes": _distance(found) if is_told else None,
        **_votes(published),
    }


def _state(data: bytes | None) -> AreaState | None:
    return None if data is None else msgspec.json.decode(data, type=AreaState)


def _roll(contest: Contest, whole: Whole) -> int | None:
    """As the contest's file has it, else our own where every acta is known."""
    return contest.registered or (whole.computed.registered if whole.is_named else None)


def _lists(contest: Contest, votes: Sequence[int], valid: int) -> tuple[LeadingList, ...]:
    shown = ((place, contest.lists[place]) for place in first_places(votes, contest.running, _SHOWN))
    return tuple(
        LeadingList(
            index=place,
            id=one.id,
            short=one.short,
            name=one.name,
            candidate=one.candidate,
            color=one.color,
            votes=votes[place],
            share=_share(votes[place], valid),
        )
        for place, one in shown
    )


def _share(votes: int, valid: int) -> float:
    return round(votes / valid, _SHARE_DIGITS) if valid else 0.0


def _distance(found: Judgement) -> int | None:
    margins = () if found.outcome is None else found.outcome.margins
    return next((margin.votes for margin in margins if margin.kind is MarginKind.FIRST_THRESHOLD), None)


def _votes(published: AreaCount) -> dict[str, int | None]:
    """Votes cast and what of them is not valid: some sources tell blank and null apart only later."""
    together = published.cast - published.valid - (published.challenged or 0)
    return {
        "cast": published.cast,
        "valid": published.valid,
        "blank": published.blank,
        "null": published.null,
        "blank_null_together": together,
    }
