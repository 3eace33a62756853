"""Votes at stake: what a set of doubtful mesas could change, against the margin of an area. Arithmetic, no probability.

If annulled, the margin moves by −Σ(v1 − v2) over the counted ones. At most the registered voters of all of them are in
question. A winner is safe only if even that is not enough: if every registered voter of those mesas had voted for the
runner-up, instead of what their counted actas say.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec
import numpy as np
from msgspec import Struct

from mission.flags.sheets import UNKNOWN, Booleans, Integers, Sheets
from tally.keys import Level, area_key, areas_of, code_of, is_within, level_of, prefix_of
from tally.model import ActaState, AreaState
from tally.outcome.outcome import MarginKind, Outcome, find_outcome
from tally.outcome.rule import LEAD, ContestRule, RuleKind
from tally.rules.review import is_in_review

# As they stand in canonical JSON: to look for them costs a fiftieth of reading every acta.
_AT_JEE, _HELD = b'"state":"at_jee"', b'"held":['


class RunningVotes(Struct, frozen=True):
    """Votes of the running lists by their places, and the rule that they are judged by."""

    rule: ContestRule
    votes: dict[int, int]

    def without(self, sums: Sequence[int], uncounted: int) -> Outcome:
        """The outcome if those votes were not counted, and so many voters were to vote."""
        return find_outcome(self.rule, {place: own - sums[place] for place, own in self.votes.items()}, uncounted)


class Margin(Struct, frozen=True):
    """The two leading lists of an area, as published where it is, and how many votes are between them.

    Of a contest's whole: the closest margin that its rule hangs on (`kind`), between those two lists or to the
    threshold. While figures of the area are in review (`tally.rules.review`) it says nothing about a winner.
    `running` is None where two lists run and the more votes win: then the margin says all.
    """

    key: str
    name: str | None
    leaders: tuple[int, int]
    votes: int
    is_in_review: bool = False
    kind: MarginKind = MarginKind.FIRST_SECOND
    running: RunningVotes | None = None


class StakeVerdict(StrEnum):
    """What arithmetic says of a set of mesas: there are none, they change no winner, or none if annulled, or could.

    Nothing while the margin is in review.
    """

    NONE = "none"
    IN_REVIEW = "in_review"
    SAFE = "safe"
    SAFE_IF_ANNULLED = "safe_if_annulled"
    OPEN = "open"


class Stake(Struct, frozen=True):
    """What a set of mesas could change in one area.

    if_annulled: what the margin gains (negative: loses) if they are annulled. at_most: their registered voters.
    worst: the most the margin could lose, whatever had truly happened in them. holds: whether the area's whole outcome
    stays what it is then, and if they are annulled; None where the margin says all.
    """

    mesas: int
    at_most: int
    if_annulled: int
    worst: int
    holds: tuple[bool, bool] | None = None

    def is_safe(self, margin: Margin) -> bool:
        """Whether the leader stays ahead whatever happened in those mesas."""
        is_kept = self.worst < margin.votes if self.holds is None else self.holds[0]
        return not margin.is_in_review and is_kept

    def is_safe_if_annulled(self, margin: Margin) -> bool:
        """Whether the leader stays ahead without those mesas."""
        is_kept = margin.votes + self.if_annulled > 0 if self.holds is None else self.holds[1]
        return not margin.is_in_review and is_kept

    def verdict(self, margin: Margin) -> StakeVerdict:
        """Whether those mesas could change who leads; its sentence is in [stake_verdict] of the texts."""
        if not self.mesas:
            return StakeVerdict.NONE
        if margin.is_in_review:
            return StakeVerdict.IN_REVIEW
        if self.is_safe(margin):
            return StakeVerdict.SAFE
        return StakeVerdict.SAFE_IF_ANNULLED if self.is_safe_if_annulled(margin) else StakeVerdict.OPEN


def find_held(values: Mapping[str, bytes]) -> set[str]:
    """Keys of mesas whose newer acta is held."""
    return {key for key, data in values.items() if _HELD in data and level_of(key) is Level.MESA}


def find_observed(values: Mapping[str, bytes]) -> set[str]:
    """Keys of mesas whose acta is under observation: it stands at an electoral jury."""
    return {key for key, data in values.items() if _AT_JEE in data and level_of(key) is Level.MESA}


def margin_of(key: str, data: bytes, rule: ContestRule = LEAD) -> Margin | None:
    """The margin of an area from its canonical value, None where nothing is counted or only one list runs.

    `rule` is the contest's for its whole; within it an area decides nothing, and its leader is told.
    """
    state = msgspec.json.decode(data, type=AreaState)
    votes = state.computed.votes if state.published is None else state.published.votes
    if len(votes) < 2 or not any(votes):
        return None
    first, second = sorted(range(len(votes)), key=lambda place: -votes[place])[:2]
    running = RunningVotes(rule, dict(enumerate(votes)))
    closest = running.without([0] * len(votes), 0).closest
    assert closest is not None  # noqa: S101 - of two lists one is ahead
    leaders = (first, second) if closest.behind is None else (closest.ahead, closest.behind)
    says_all = len(votes) == 2 and rule.kind is not RuleKind.TWO_ROUND
    return Margin(
        key,
        state.name,
        leaders,
        abs(closest.votes),
        is_in_review(state),
        closest.kind,
        None if says_all else running,
    )


def weigh(sheets: Sheets, rows: Booleans, margin: Margin, roll_bound: int) -> Stake:
    """What those rows could change in the area of that margin. `roll_bound`: of a mesa whose roll nobody knows."""
    return _weigh(sheets, np.flatnonzero(rows), margin, roll_bound)


def lies_within(sheets: Sheets, key: str) -> Booleans:
    """Which rows lie in an area, in a polling place, or are that mesa."""
    level, code = level_of(key), code_of(key)
    if level is Level.MESA:
        return _mask(mesa == code for mesa in sheets.mesas)
    if level is Level.POLLING_PLACE:
        number = list(sheets.places).index(code) if code in sheets.places else -2
        return np.asarray(sheets.place == number)
    inside = {ubigeo for ubigeo in set(sheets.ubigeos) if is_within(ubigeo, key)}
    return _mask(ubigeo in inside for ubigeo in sheets.ubigeos)


def common_area(ubigeos: Iterable[str], level: Level) -> str | None:
    """The area of that level that holds all those districts, None if there is none."""
    prefixes = {prefix_of(ubigeo, level) for ubigeo in ubigeos}
    return area_key(prefixes.pop()) if len(prefixes) == 1 else None


def stakes_by_area(sheets: Sheets, margins: Iterable[Margin], roll_bound: int) -> dict[str, tuple[Stake, Margin]]:
    """What all rows together could change in each of those areas; areas without any of them are left out."""
    members: dict[str, list[int]] = {}
    around = {ubigeo: areas_of(ubigeo) for ubigeo in set(sheets.ubigeos)}
    for row, ubigeo in enumerate(sheets.ubigeos):
        for key in around[ubigeo]:
            members.setdefault(key, []).append(row)
    return {
        margin.key: (_weigh(sheets, np.array(members[margin.key]), margin, roll_bound), margin)
        for margin in margins
        if margin.key in members
    }


def _weigh(sheets: Sheets, rows: Integers, margin: Margin, roll_bound: int) -> Stake:
    registered = sheets.registered[rows]
    most = int(np.where(registered == UNKNOWN, roll_bound, registered).sum())
    # What is not counted is in no margin. A figure that nobody could read counts for nobody.
    votes = np.maximum(sheets.votes[rows], 0) * sheets.has_state(ActaState.COUNTED)[rows, None]
    sums = votes.sum(axis=0).tolist()
    gain = _gain(margin, sums)
    return Stake(len(rows), most, gain, most - gain, _holds(margin, sums, most))


def _gain(margin: Margin, sums: Sequence[int]) -> int:
    """By how much the margin grows without those votes."""
    if margin.running is None or margin.kind is not MarginKind.FIRST_THRESHOLD:
        first, second = margin.leaders
        return int(sums[second] - sums[first])
    rule, votes, first = margin.running.rule, margin.running.votes, margin.leaders[0]
    whole = sum(votes.values())
    above, without = votes[first] - rule.least(whole), votes[first] - sums[first] - rule.least(whole - sum(sums))
    return without - above if above >= 0 else above - without


def _holds(margin: Margin, sums: Sequence[int], most: int) -> tuple[bool, bool] | None:
    if margin.running is None:
        return None
    now = margin.running.without([0] * len(sums), 0)
    worst, annulled = margin.running.without(sums, most), margin.running.without(sums, 0)
    return now.is_decided and worst.verdict == now.verdict, now.is_decided and annulled.verdict == now.verdict


def _mask(facts: Iterable[bool]) -> Booleans:
    return np.fromiter(facts, dtype=np.bool_)
