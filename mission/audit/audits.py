"""Audits in the database: begun once, read by two people an acta, never changed."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, Row, func, insert, select

from mission.audit.macro import Pairs
from mission.audit.plan import AuditPlan, Drawn, write_pairs
from mission.audit.reading import Reading, ReadingEntry, missing
from mission.audit.standing import AuditStanding, stand
from mission.audit.tables import audits, draws, readings
from mission.people.accounts import stamp
from mission.transactions import exclusive
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound
from tally.storage.database import transaction


class Origin(Struct, frozen=True):
    """Which state of which history is audited, and by whose order."""

    count_id: int
    epoch: str
    seq: int
    as_of: str
    made_by: str


class Audit(Struct, frozen=True):
    """What is fixed from the start."""

    id: int
    origin: Origin
    seed: str
    risk_limit: float
    pairs: Pairs
    mesas: int
    cast: int
    bound: float
    planned: int
    made_at: str


class Audits(Struct, frozen=True):
    """All audits of a database."""

    engine: Engine

    def begin(self, plan: AuditPlan, origin: Origin, now: datetime) -> int:
        """Begin an audit; its id.

        Raises: StoreUnavailable.
        """
        values = {
            **msgspec.structs.asdict(origin),
            **{name: getattr(plan, name) for name in ("seed", "risk_limit", "mesas", "cast", "bound", "planned")},
            "pairs": write_pairs(plan.pairs),
            "made_at": stamp(now),
        }
        with exclusive(self.engine) as connection:
            new = connection.execute(insert(audits).values(**values)).inserted_primary_key
            assert new is not None  # noqa: S101 - a row that was inserted has a key
            connection.execute(
                insert(draws),
                [
                    {
                        "audit_id": new[0],
                        "n": one.n,
                        "mesa": one.mesa,
                        "cast": one.cast,
                        "reported": _write(one.reported),
                    }
                    for one in plan.drawn
                ],
            )
        return int(new[0])

    def of_history(self, count_id: int, epoch: str) -> list[Audit]:
        """Audits of that history, newest first: also those that somebody would rather not have begun."""
        where = (audits.c.count_id == count_id) & (audits.c.epoch == epoch)
        with transaction(self.engine) as connection:
            return [_audit(row) for row in connection.execute(select(audits).where(where).order_by(audits.c.id.desc()))]

    def find(self, audit_id: int) -> Audit:
        """One audit.

        Raises: NotFound.
        """
        with transaction(self.engine) as connection:
            row = connection.execute(select(audits).where(audits.c.id == audit_id)).first()
        if row is None:
            raise NotFound(f"there is no audit {audit_id}")
        return _audit(row)

    def drawn(self, audit_id: int) -> list[Drawn]:
        """All draws of an audit."""
        with transaction(self.engine) as connection:
            rows = connection.execute(select(draws).where(draws.c.audit_id == audit_id).order_by(draws.c.n))
            return [Drawn(row.n, row.mesa, row.cast, _read(row.reported)) for row in rows]

    def entries(self, audit_id: int) -> dict[str, list[ReadingEntry]]:
        """All readings of an audit, by mesa, in the order they came."""
        with transaction(self.engine) as connection:
            return _entries(connection, audit_id)

    def standing(self, audit: Audit) -> AuditStanding:
        """How it stands now."""
        return stand(self.drawn(audit.id), self.entries(audit.id), audit.pairs, audit.bound, audit.risk_limit)

    def enter(self, audit: Audit, mesa: str, entry: ReadingEntry) -> None:
        """Keep a reading.

        Raises: NotFound: that mesa was not drawn. InvalidInput: it has not as many lists. Conflict: it is settled.
        Forbidden: the same person read it before. StoreUnavailable.
        """
        with exclusive(self.engine) as connection:
            where = (draws.c.audit_id == audit.id) & (draws.c.mesa == mesa)
            row = connection.execute(select(draws.c.reported).where(where).limit(1)).first()
            if row is None:
                raise NotFound(f"mesa {mesa[:10]} was not drawn in audit {audit.id}")
            lists = len(_read(row.reported).votes or ())
            if entry.reading.votes is not None and len(entry.reading.votes) != lists:
                raise InvalidInput(f"an acta of this contest has votes of {lists} lists")
            before = _entries(connection, audit.id, mesa).get(mesa, [])
            if any(one.reader_id == entry.reader_id for one in before):
                raise Forbidden("you have read this acta already; somebody else has to")
            if not missing(before):
                raise Conflict(f"mesa {mesa} is settled: two people read the same")
            number = connection.execute(select(func.count()).select_from(readings)).scalar_one()
            values = {"audit_id": audit.id, "mesa": mesa, "reader_id": entry.reader_id, "n": number}
            written = {"reader": entry.reader, "at": entry.at, "reading": _write(entry.reading)}
            connection.execute(insert(readings).values(**values, **written))


def _entries(connection: Connection, audit_id: int, mesa: str | None = None) -> dict[str, list[ReadingEntry]]:
    chosen = select(readings).where(readings.c.audit_id == audit_id).order_by(readings.c.n)
    if mesa is not None:
        chosen = chosen.where(readings.c.mesa == mesa)
    found: dict[str, list[ReadingEntry]] = defaultdict(list)
    for row in connection.execute(chosen):
        found[row.mesa].append(ReadingEntry(row.reader_id, row.reader, row.at, _read(row.reading)))
    return found


def _write(reading: Reading) -> str:
    return msgspec.json.encode(reading).decode()


def _read(data: str) -> Reading:
    return msgspec.json.decode(data, type=Reading)


def _audit(row: Row[Any]) -> Audit:
    return Audit(
        row.id,
        Origin(row.count_id, row.epoch, row.seq, row.as_of, row.made_by),
        row.seed,
        row.risk_limit,
        msgspec.json.decode(row.pairs, type=Pairs),
        row.mesas,
        row.cast,
        row.bound,
        row.planned,
        row.made_at,
    )
