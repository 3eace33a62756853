"""Shapes of the answers, for the API's description and the tests that hold real answers against it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Words = dict[str, str]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _KeyShape(Shape):
    """Members of the key's own data (published, computed, votes, …) stand beside the named ones."""

    model_config = ConfigDict(extra="allow", strict=True)


class ElectionName(Shape):
    id: str
    name: Words
    date: str
    is_test: bool


class ListShape(Shape):
    id: str
    code: str
    name: str
    short: str
    candidate: str
    color: str
    is_withdrawn: bool


class ContestShape(Shape):
    id: str
    name: Words
    scope: str
    lists: list[ListShape]


class FeedShape(Shape):
    state: str
    checked_at: str | None
    changed_at: str | None
    source_at: str | None
    note: Literal["starting", "stale", "down", "away"] | None


class OutlookShape(Shape):
    leader: int | None
    margin: int | None
    uncounted_actas: int | None
    uncounted_registered: int | None
    uncounted_registered_is_bound: bool
    decided: bool | None


class ArchiveShape(Shape):
    size: int
    root: str
    short: str
    at: str


class HeadShape(ArchiveShape):
    note: str
    key: str


class Heads(Shape):
    heads: list[HeadShape]
    next: int | None


class ProofStep(Shape):
    from_: int = Field(alias="from")
    to: int
    root: str
    proof: list[str]


class Consistency(Shape):
    from_: int = Field(alias="from")
    to: int
    steps: list[ProofStep]


class OfficialFinalShape(Shape):
    on: str
    source: Words
    actas: int
    registered: int
    cast: int
    votes: list[int]
    blank: int
    null: int


class Meta(Shape):
    id: str
    name: Words
    short: Words | None
    result_page: str | None
    date: str
    timezone: str
    closes_at: str
    credit: Words
    is_test: bool
    status: str
    epoch: str
    seq: int
    as_of: str
    max_registered_per_mesa: int
    contest: ContestShape
    feed: FeedShape
    archive: ArchiveShape | None
    outlook: OutlookShape
    official_final: OfficialFinalShape | None


class State(Shape):
    v: int
    epoch: str
    seq: int
    hash: str
    as_of: str
    status: str
    is_test: bool
    topics: list[str]
    state: dict[str, dict[str, Any]]


class Reset(Shape):
    reset: bool


class ChangeShape(Shape):
    k: str
    kind: str
    d: dict[str, Any]
    src: str | None
    topic: str | None = None


class Delta(Shape):
    seq: int
    prev: int
    at: str
    changes: list[ChangeShape]


class Changes(Shape):
    v: int
    epoch: str
    seq: int
    deltas: list[Delta]


class RowShape(_KeyShape):
    key: str
    level: str
    name: str | None
    ubigeo: str | None
    parent: str | None
    changed_at: str
    changed_seq: int


class Results(Shape):
    election: str
    level: str
    within: str | None
    epoch: str
    seq: int
    as_of: str
    is_test: bool
    lists: list[str]
    rows: list[RowShape]


class Parent(Shape):
    key: str
    name: str | None


class Area(_KeyShape):
    key: str
    level: str
    name: str | None
    parents: list[Parent]
    changed_at: str
    changed_seq: int
    children_level: str | None


class MesaLine(_KeyShape):
    key: str
    mesa: str
    changed_at: str


class PositionShape(Shape):
    lon: float
    lat: float
    precision: str


class Place(_KeyShape):
    key: str
    name: str
    code: str
    changed_at: str
    changed_seq: int
    parents: list[Parent]
    mesas: list[MesaLine]
    position: PositionShape | None


class HistoryEntry(Shape):
    seq: int
    at: str
    kind: str
    d: dict[str, Any]
    src: str | None


class Mesa(_KeyShape):
    key: str
    mesa: str
    changed_at: str
    changed_seq: int
    parents: list[Parent]
    history: list[HistoryEntry]


class Point(Shape):
    seq: int
    at: str
    kind: str
    published: dict[str, Any] | None
    computed: dict[str, Any] | None


class Timeline(Shape):
    key: str
    points: list[Point]


class Hit(Shape):
    key: str
    level: str
    name: str
    context: str


class Hits(Shape):
    query: str
    hits: list[Hit]


class PlacePoint(Shape):
    key: str
    name: str
    lon: float
    lat: float
    precision: str


class Points(Shape):
    places: list[PlacePoint]


class NoticeShape(Shape):
    """What is to be said beside a map: the id of a sentence, and its figures."""

    figures: dict[str, int | str]
    id: str


class GeometryIndex(Shape):
    bounds: list[float] = Field(min_length=4, max_length=4)
    schematic: dict[str, bool]
    notice: NoticeShape | None
    layers: dict[str, dict[str, str]]
    labels: str


class Health(Shape):
    status: str


class RelayReceipt(Shape):
    id: int
    election: str
    src: str


class Problem(Shape):
    type: str
    title: str
    status: int
    detail: str
    instance: str
