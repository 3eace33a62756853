"""One acta of the queue at the juries: where, why, since when, and what became of it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from api.tables.rows import NamedKey
from tally.keys import UBIGEO_LEVELS, areas_of, code_of, level_of, place_key
from tally.model import ActaState
from tally.observations import reasons_of
from tally.queue import Look, Stay


class QueueState(StrEnum):
    """Whether an acta is still at a jury, or was settled."""

    OPEN = "open"
    RESOLVED = "resolved"


class QueueMoment(Struct, frozen=True):
    """When something was published; `source_at` is the source's own stamp of it."""

    seq: int
    at: str
    source_at: str | None


class Resolution(QueueMoment, frozen=True):
    """What an acta is now that it is at the jury no more."""

    state: ActaState
    code: str
    cast: int | None
    valid: int | None
    votes: tuple[int | None, ...] | None


class QueuedActa(Struct, frozen=True, kw_only=True):
    """An acta; the source's own code and words (`observation`) stand beside ours. `where`: from the department down."""

    key: str
    mesa: str
    state: QueueState
    reasons: tuple[str, ...]
    observation: str | None
    code: str
    registered: int | None
    cast: int | None
    votes: tuple[int | None, ...] | None
    where: list[NamedKey]
    since: QueueMoment | None
    resolved: Resolution | None


def line_of(stay: Stay, names: Mapping[str, str]) -> QueuedActa:
    """One acta, as it was known last."""
    acta = stay.acta
    where = [key for key in areas_of(acta.ubigeo) if level_of(key) in UBIGEO_LEVELS]
    if acta.place is not None:
        where.append(place_key(acta.place))
    return QueuedActa(
        key=stay.key,
        mesa=code_of(stay.key),
        state=QueueState.OPEN if stay.outcome is None else QueueState.RESOLVED,
        reasons=reasons_of(acta.observation),
        observation=acta.observation,
        code=acta.code,
        registered=acta.registered,
        cast=acta.cast,
        votes=acta.votes,
        where=[NamedKey(key, names.get(key)) for key in where],
        since=None if stay.since is None else QueueMoment(*_stamp(stay.since)),
        resolved=None if stay.outcome is None else _resolution(stay.outcome),
    )


def _stamp(look: Look) -> tuple[int, str, str | None]:
    return look.seq, look.at, look.acta.source_at


def _resolution(look: Look) -> Resolution:
    acta = look.acta
    return Resolution(*_stamp(look), acta.state, acta.code, acta.cast, acta.valid, acta.votes)
