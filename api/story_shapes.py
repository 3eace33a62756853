"""Shapes of the queue at the juries, of the moments a count turned, and of the reasons it moved."""

from typing import Any

from api.shapes import Parent, Shape


class Stamp(Shape):
    seq: int
    at: str
    source_at: str | None


class Outcome(Stamp):
    state: str
    code: str
    cast: int | None
    valid: int | None
    votes: list[int | None] | None


class QueuedActa(Shape):
    key: str
    mesa: str
    state: str
    reasons: list[str]
    observation: str | None
    code: str
    registered: int | None
    cast: int | None
    votes: list[int | None] | None
    where: list[Parent]
    since: Stamp | None
    resolved: Outcome | None


class QueueSummary(Shape):
    open: int
    published_open: int | None
    resolved: dict[str, int]
    at_most_votes: int
    at_most_is_bound: bool
    votes: list[int] | None
    votes_of: int
    cast: int | None
    cast_of: int
    leader: int | None
    margin: int | None
    exceeds_margin: bool | None
    reasons: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    oldest: dict[str, str] | None


class Queue(Shape):
    election: str
    epoch: str
    seq: int
    as_of: str
    within: str
    reason: str | None
    state: str | None
    is_test: bool
    summary: QueueSummary
    matching: int
    actas: list[QueuedActa]
    next: str | None


class TurnShape(Stamp):
    kind: str
    leader: int | None
    before: int | None
    margin: int
    counted: int
    total: int
    uncounted_actas: int
    uncounted_registered: int | None
    uncounted_registered_is_bound: bool | None


class Moments(Shape):
    key: str
    epoch: str
    seq: int
    moments: list[TurnShape]


class MovedShape(Shape):
    votes: list[int]
    valid: int
    cast: int
    counted: int
    at_jee: int
    pending: int
    total: int
    from_pending: int
    from_jee: int


class PartShape(Shape):
    key: str
    name: str | None
    moved: MovedShape
    before: list[int]
    after: list[int]


class GroupShape(Shape):
    id: str
    key: str | None
    name: str | None
    areas: int
    moved: MovedShape


class StepShape(Stamp):
    is_first: bool
    leader: int | None
    leader_before: int | None
    margin: int
    margin_before: int
    before: list[int]
    after: list[int]
    moved: MovedShape
    parts: list[PartShape]
    others: GroupShape
    groups: list[GroupShape]
    unexplained: MovedShape


class Why(Shape):
    key: str
    epoch: str
    seq: int
    steps: list[StepShape]
    next: int | None
