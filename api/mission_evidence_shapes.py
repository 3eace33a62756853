"""Shapes of what the mission is answered about flags, votes at stake, badges and audits of actas."""

from typing import Any

from api.shapes import Shape


class CheckpointShape(Shape):
    name: str
    seq: int
    as_of: str
    frozen_at: str
    counted: int
    at_jee: int
    pending: int
    total: int


class RateShape(Shape):
    family: str
    tests: int
    rho: float | None
    false_discovery: float
    significant: int
    flagged: int
    firm: int


class FlagShape(Shape):
    id: str
    kind: str
    severity: str
    key: str
    area_name: str | None
    place: str | None
    place_name: str | None
    ubigeo: str | None
    figures: dict[str, Any]
    q: float | None
    at_most_votes: int | None
    first_seen: str
    gone: str | None
    at: str


class ProgressShape(Shape):
    counted: int
    at_jee: int
    pending: int
    total: int


class Flags(Shape):
    checkpoints: list[CheckpointShape]
    checkpoint: str | None
    mesas: int
    places: int
    tested: int
    not_testable: int
    rates: list[RateShape]
    identical_expected: float | None
    counts: dict[str, int]
    first_checkpoint: int
    progress: ProgressShape | None
    flags: list[FlagShape]
    left_out: int


class OneFlag(FlagShape):
    checkpoints: list[str]


class SightingShape(Shape):
    checkpoint: str
    as_of: str
    id: str
    kind: str
    severity: str


class FlagHistory(Shape):
    mesa: str
    is_testable: bool | None
    checkpoints: list[str]
    history: list[SightingShape]


class IncidentCounts(Shape):
    critical: int
    serious: int
    minor: int
    info: int


class BadgeStake(Shape):
    mesas: int
    at_most: int
    if_annulled: int | None
    margin: int | None
    is_troubled: bool


class Badge(Shape):
    incidents: IncidentCounts
    flags: int
    stake: BadgeStake | None


class Badges(Shape):
    level: str
    seq: int
    checkpoint: str | None
    rows: dict[str, Badge]


class MarginShape(Shape):
    key: str
    name: str | None
    margin: int
    mesas: int
    at_most: int
    if_annulled: int
    is_safe: bool
    is_safe_if_annulled: bool


class StakeMargins(Shape):
    district: MarginShape | None
    department: MarginShape | None
    nation: MarginShape | None


class StakeShape(Shape):
    seq: int
    checkpoint: str | None
    sets: list[str]
    mesas: int
    unknown: list[str]
    registered: int
    if_annulled: int
    at_most: int
    margins: StakeMargins
    verdict: str


class TroubledArea(Shape):
    key: str
    level: str
    name: str | None
    mesas: int
    at_most: int
    if_annulled: int
    margin: int


class Troubled(Shape):
    seq: int
    checkpoint: str | None
    areas: list[TroubledArea]


class AuditLine(Shape):
    id: int
    seed: str
    risk_limit: float
    made_at: str
    made_by: str
    seq: int
    as_of: str
    mesas: int
    cast: int
    margin: int
    bound: float
    planned: int


class ActaAudits(Shape):
    audits: list[AuditLine]


class ReadingShape(Shape):
    votes: list[int] | None
    blank: int | None
    null: int | None
    challenged: int | None


class DrawShape(Shape):
    n: int
    mesa: str
    entries: int
    missing: int
    is_read_by_you: bool
    reported: ReadingShape | None
    read: ReadingShape | None
    taint: float | None
    p: float | None


class ActaAudit(AuditLine):
    outcome: str
    settled: int
    needed: int
    discrepancies: int
    p_value: float
    draws: list[DrawShape]


class EntryReceipt(Shape):
    mesa: str
    missing: int
