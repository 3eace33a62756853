"""Why a number changed: each step of an area split into what its parts report, and what no part explains.

A step lasts until the next one: parts that the source publishes a little later are told with the step they belong to.
The parts' differences and the unexplained rest add up to the area's difference, always.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from api.story.trails import Point, Trail, steps
from tally.model import AreaCount
from tally.rules.review import lead_of

_NAMED = 8


class FigureMoves(Struct, frozen=True):
    """Differences of one step. Actas: counted + at_jee + pending = total; `from_jee` + `from_pending` = counted."""

    votes: tuple[int, ...]
    valid: int
    cast: int
    counted: int
    at_jee: int
    pending: int
    total: int
    from_pending: int
    from_jee: int

    def __add__(self, other: "FigureMoves") -> "FigureMoves":
        votes = tuple(one + two for one, two in zip(self.votes, other.votes, strict=True))
        return FigureMoves(votes, *(one + two for one, two in zip(_numbers(self), _numbers(other), strict=True)))

    def __sub__(self, other: "FigureMoves") -> "FigureMoves":
        votes = tuple(one - two for one, two in zip(self.votes, other.votes, strict=True))
        return FigureMoves(votes, *(one - two for one, two in zip(_numbers(self), _numbers(other), strict=True)))


class Part(Struct, frozen=True):
    """What one area below reported, with its votes before and after: how the same area moved."""

    key: str
    name: str | None
    moved: FigureMoves
    before: tuple[int, ...]
    after: tuple[int, ...]


class PartGroup(Struct, frozen=True):
    """Several parts together. largest: the one area at home with most actas; rest: all others at home; abroad."""

    id: str
    key: str | None
    name: str | None
    areas: int
    moved: FigureMoves


class WhyStep(Struct, frozen=True):
    """One change of an area. `moved` = Σ `parts` + `others` + `unexplained`; also = Σ `groups` + `unexplained`."""

    seq: int
    at: str
    source_at: str | None
    is_first: bool
    leader: int | None
    leader_before: int | None
    margin: int
    margin_before: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    moved: FigureMoves
    parts: list[Part]
    others: PartGroup
    groups: list[PartGroup]
    unexplained: FigureMoves


class Names(Struct, frozen=True):
    """What areas are called, and how they are told together."""

    names: Mapping[str, str]
    groups: Mapping[str, str]
    largest: str | None


class Step(Struct, frozen=True):
    """A point of an area, the one before it, and the last version before the next one."""

    earlier: Point | None
    point: Point
    end: int


def choose_steps(whole: Trail, before: int | None, limit: int) -> list[Step]:
    """The newest `limit` steps older than version `before`, newest first."""
    points = steps(whole.points)
    ends = [point.seq - 1 for point in points[1:]] + [whole.reached]
    chosen = [index for index, point in enumerate(points) if before is None or point.seq < before][-limit:]
    return [Step(points[index - 1] if index else None, points[index], ends[index]) for index in reversed(chosen)]


def explain(whole: Trail, below: Mapping[str, Trail], names: Names, *, before: int | None, limit: int) -> list[WhyStep]:
    """The newest `limit` steps older than version `before`, newest first; `below` reach as far as `whole`."""
    return [explain_step(step, below, names) for step in choose_steps(whole, before, limit)]


def explain_step(step: Step, below: Mapping[str, Trail], names: Names) -> WhyStep:
    """What a step was made of; `below` reach from before it to its end."""
    earlier, point = step.earlier, step.point
    moved = _moved(None if earlier is None else earlier.count, point.count)
    nothing = _moved(point.count, point.count)
    parts = [
        part
        for key, trail in below.items()
        if (part := _part(key, trail, (point.seq - 1, step.end), names, is_first=earlier is None)) is not None
    ]
    parts.sort(key=lambda part: (-abs(part.moved.valid), -abs(part.moved.counted), part.key))
    explained = _total((part.moved for part in parts), nothing)
    rest = parts[_NAMED:]
    leader, margin = lead_of(point.count.votes)
    leader_before, margin_before = (None, 0) if earlier is None else lead_of(earlier.count.votes)
    return WhyStep(
        seq=point.seq,
        at=point.at,
        source_at=point.count.source_at,
        is_first=earlier is None,
        leader=leader,
        leader_before=leader_before,
        margin=margin,
        margin_before=margin_before,
        before=(0,) * len(moved.votes) if earlier is None else earlier.count.votes,
        after=point.count.votes,
        moved=moved,
        parts=parts[:_NAMED],
        others=PartGroup("others", None, None, len(rest), _total((part.moved for part in rest), nothing)),
        groups=_groups(parts, names, nothing),
        unexplained=moved - explained,
    )


def _part(key: str, trail: Trail, window: tuple[int, int], names: Names, *, is_first: bool) -> Part | None:
    """What an area moved within a window of versions; None where it did not, or where that cannot be known."""
    earlier, later = (trail.at(seq) for seq in window)
    if later is None or later is earlier:
        return None
    # A first figure, or one from the other side, says how much there is, not how much was added.
    if earlier is None and not is_first:
        return None
    if earlier is not None and earlier.is_published is not later.is_published:
        return None
    moved = _moved(None if earlier is None else earlier.count, later.count)
    if not any((*moved.votes, *_numbers(moved))):
        return None
    before = (0,) * len(moved.votes) if earlier is None else earlier.count.votes
    return Part(key, names.names.get(key), moved, before, later.count.votes)


def _groups(parts: Sequence[Part], names: Names, nothing: FigureMoves) -> list[PartGroup]:
    found: list[PartGroup] = []
    for group in ("largest", "rest", "abroad"):
        own = [part for part in parts if names.groups.get(part.key) == group]
        if own:
            is_largest = group == "largest"
            key = names.largest if is_largest else None
            name = names.names.get(names.largest or "") if is_largest else None
            found.append(PartGroup(group, key, name, len(own), _total((part.moved for part in own), nothing)))
    return found


def _moved(before: AreaCount | None, after: AreaCount) -> FigureMoves:
    votes = after.votes if before is None else tuple(b - a for a, b in zip(before.votes, after.votes, strict=True))
    then = (0, 0, 0, 0, 0) if before is None else _buckets(before)
    cast, counted, at_jee, pending, total = (b - a for a, b in zip(then, _buckets(after), strict=True))
    # An acta that leaves the jury is counted; all others that are counted came straight from the pending ones.
    from_jee = min(max(0, -at_jee), max(0, counted))
    return FigureMoves(votes, sum(votes), cast, counted, at_jee, pending, total, counted - from_jee, from_jee)


def _buckets(count: AreaCount) -> tuple[int, int, int, int, int]:
    return count.cast, count.counted, count.at_jee, count.pending, count.total


def _numbers(moved: FigureMoves) -> tuple[int, ...]:
    return tuple(getattr(moved, name) for name in FigureMoves.__struct_fields__[1:])


def _total(moves: Iterable[FigureMoves], nothing: FigureMoves) -> FigureMoves:
    return sum(moves, nothing)
