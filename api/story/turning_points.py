"""The moments a count is remembered for: who went ahead when, and when arithmetic decided it, from the log alone."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from api.story.trails import Point, Trail
from tally.election import Contest, Election
from tally.outcome.judgement import Judgement, Whole, judge
from tally.outcome.outcome import Outcome
from tally.rules.review import lead_of

Kind = Literal["lead", "decided", "undecided"]


class Turn(Struct, frozen=True):
    """What turned at version `seq`; `source_at` is the stamp of the source's own figures.

    lead: another list went ahead, `before` led until then. decided, undecided: the contest's rule leaves nothing open,
    or does so no more; `outcome` says what.
    """

    kind: Kind
    seq: int
    at: str
    source_at: str | None
    leader: int | None
    before: int | None
    margin: int
    counted: int
    total: int
    uncounted_actas: int
    uncounted_registered: int | None = None
    uncounted_registered_is_bound: bool | None = None
    outcome: Outcome | None = None


class Lead:
    """Who leads in one area, followed from its first number on; a tie turns nothing."""

    def __init__(self) -> None:
        self._leading: int | None = None

    def see(self, point: Point) -> Turn | None:
        """What the next value turned: another list leads than the one that led last."""
        leader, _ = lead_of(point.count.votes)
        before = self._leading
        if leader is None or leader == before:
            return None
        self._leading = leader
        return None if before is None else _turn("lead", point, before, None)


def lead_turns(points: Sequence[Point]) -> list[Turn]:
    """Every version at which another list leads than the one that led last."""
    lead = Lead()
    return [turn for point in points if (turn := lead.see(point)) is not None]


def decision_turns(nation: Sequence[Point], abroad: Trail, contest: Contest, election: Election) -> list[Turn]:
    """Every version at which arithmetic decided the count, or left it open again. A count begins open.

    While figures are in review nothing is decided and nothing is left open.
    """
    turns: list[Turn] = []
    was_decided = False
    for point in _judged(nation, abroad):
        if not point.is_published:
            continue
        away = abroad.at(point.seq)
        away_count = away.count if away is not None and away.is_published else None
        whole = Whole(point.count, point.computed, away_count, _is_doubted(point) or _is_doubted(away))
        found = judge(whole, contest, election)
        if found.outcome is not None and found.outcome.is_decided is not was_decided:
            was_decided = found.outcome.is_decided
            turns.append(_turn("decided" if was_decided else "undecided", point, None, found))
    return turns


def _judged(nation: Sequence[Point], abroad: Trail) -> list[Point]:
    """What the nation said, also where what is abroad came into review or left it."""
    said = Trail(points=list(nation))
    before = (None, *abroad.points)
    turned = [
        now for now, then in zip(abroad.points, before, strict=False) if _is_doubted(now) is not _is_doubted(then)
    ]
    again = [replace(point, seq=now.seq, at=now.at) for now in turned if (point := said.at(now.seq)) is not None]
    return sorted((*nation, *again), key=lambda point: point.seq)


def _is_doubted(point: Point | None) -> bool:
    """Whether something was said that is in review."""
    return point is not None and point.is_in_review


def _turn(kind: Kind, point: Point, before: int | None, found: Judgement | None) -> Turn:
    count = point.count
    leader, margin = lead_of(count.votes)
    return Turn(
        kind=kind,
        seq=point.seq,
        at=point.at,
        source_at=count.source_at,
        leader=leader,
        before=before,
        margin=margin,
        counted=count.counted,
        total=count.total,
        uncounted_actas=count.at_jee + count.pending,
        uncounted_registered=None if found is None else found.uncounted.voters,
        uncounted_registered_is_bound=None if found is None else found.uncounted.is_bound,
        outcome=None if found is None else found.outcome,
    )
