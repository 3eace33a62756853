"""Shapes of what the mission is answered about incidents, and of their public layer."""

from typing import Any

from api.shapes import Shape

Place = dict[str, str]


class Receipt(Shape):
    id: str
    state: str
    received_at: str


class Incident(Shape):
    id: str
    state: str
    category: str
    severity: str
    place: Place | None
    place_name: str | None
    occurred_at: str
    device_at: str
    received_at: str
    verified_at: str | None
    reporter: str
    is_own: bool
    assigned_to: str | None
    outcome: str | None
    into_state: str | None
    voices: int
    voices_needed: int
    flag: str | None


class IncidentLine(Incident):
    photos: int


class Counted(Shape):
    new: int
    to_verify: int
    verified_open: int


class IncidentList(Shape):
    counts: Counted
    oldest_unverified_at: str | None
    incidents: list[IncidentLine]
    next: str | None


class OfferedMove(Shape):
    move: str
    needs_reason: bool
    needs_basis: bool


class EventShape(Shape):
    at: str
    move: str
    actor: str
    role: str
    before: str
    after: str
    reason: str | None
    basis: str | None
    text: str | None
    detail: dict[str, Any] | None


class PhotoShape(Shape):
    hash: str
    bytes: int
    width: int
    height: int


class PositionShape(Shape):
    lon: float
    lat: float
    accuracy: float | None


class IncidentDetail(Incident):
    reporters: list[str]
    basis: str | None
    text: str
    position: PositionShape | None
    photos: list[PhotoShape]
    moves: list[OfferedMove]
    events: list[EventShape]
    duplicates: list[IncidentLine]
    into: str | None
    absorbed: list[str]


class Region(Shape):
    key: str
    name: str | None
    observers: int
    last_report_at: str | None
    is_silent: bool
    places: int
    visited: int


class Coverage(Shape):
    as_of: str
    silent_after_hours: int
    places_visited: int
    places: int
    observers: int
    regions: list[Region]


class PostingShape(Shape):
    observer: str
    key: str
    name: str | None
    at: str


class Postings(Shape):
    postings: list[PostingShape]
    unassigned: list[str]


class SummaryCell(Shape):
    category: str
    severity: str
    verification: str
    n: int


class SummaryCoverage(Shape):
    places_visited: int
    places: int
    observers: int
    regions: int
    regions_silent: int


class Summary(Shape):
    as_of: str
    is_test: bool
    incidents: int
    reporters: int
    cells: list[SummaryCell]
    coverage: SummaryCoverage


class SeverityCounts(Shape):
    critical: int
    serious: int
    minor: int
    info: int


class PublicIncident(Shape):
    key: str
    category: str
    severity: str
    at: str


class PublicIncidents(Shape):
    as_of: str | None
    delay_minutes: int
    rows: dict[str, SeverityCounts]
    incidents: list[PublicIncident]


class PreviewEntry(Shape):
    id: str
    key: str
    category: str
    severity: str
    at: str
    is_new: bool


class Waiting(Shape):
    id: str
    verified_at: str
    public_from: str


class Hidden(Shape):
    id: str
    reason: str


class Preview(Shape):
    now: PublicIncidents
    next: PublicIncidents
    entries: list[PreviewEntry]
    gone: list[str]
    waiting: list[Waiting]
    hidden: list[Hidden]
    names: dict[str, str | None]
    observers_needed: int
    cut: str
    next_cut: str
    digest: str


class Published(Shape):
    cut: str
    until: str
    incidents: int
