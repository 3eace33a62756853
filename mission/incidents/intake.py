"""The intake's switch: an admin may stop reports from being taken, and every turn stays on record."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert, select

from mission.people.accounts import stamp
from mission.people.auditlog import Action, Actor, record
from mission.people.tables import intake_turns
from mission.transactions import exclusive
from tally.errors import IntakeStopped
from tally.storage.database import transaction


class Intake(Struct, frozen=True):
    """How the switch stands: since when, and why; None if it was never turned."""

    is_stopped: bool
    at: str | None = None
    reason: str | None = None


def read_intake(engine: Engine) -> Intake:
    """How the switch stands."""
    with transaction(engine) as connection:
        return _newest(connection)


def turn_intake(engine: Engine, by: Actor, reason: str, now: datetime, *, is_stopped: bool) -> Intake:
    """Stop the intake, or open it again. Turning it to where it stands changes nothing."""
    with exclusive(engine) as connection:
        newest = _newest(connection)
        if newest.is_stopped == is_stopped:
            return newest
        values = {"at": stamp(now), "by": by.name, "is_stopped": is_stopped, "reason": reason}
        connection.execute(insert(intake_turns).values(**values))
        record(connection, stamp(now), by, Action.INTAKE_STOPPED if is_stopped else Action.INTAKE_OPENED, "", reason)
        return _newest(connection)


def check_intake(connection: Connection) -> None:
    """Return if reports are taken; for the transaction that takes one.

    Raises: IntakeStopped.
    """
    newest = _newest(connection)
    if newest.is_stopped:
        raise IntakeStopped(f"the mission takes no reports since {newest.at}: {newest.reason}")


def _newest(connection: Connection) -> Intake:
    row = connection.execute(select(intake_turns).order_by(intake_turns.c.id.desc()).limit(1)).first()
    return Intake(False) if row is None else Intake(row.is_stopped, row.at, row.reason)
