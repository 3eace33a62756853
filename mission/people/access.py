"""Every way in, ended at once: for a database that was restored, in which what was revoked since is not revoked."""

from datetime import datetime

from sqlalchemy import Connection, Engine, delete

from mission.alert_tables import tickets
from mission.people.accounts import end_numbers, stamp
from mission.people.auditlog import Action, Actor, record
from mission.people.tables import devices, invitations, sessions
from mission.transactions import exclusive


def end_all_access(engine: Engine, by: Actor, now: datetime) -> int:
    """End every session, ticket, device, invitation and number; passwords stay. Returns: how many sessions and devices.

    Raises: StoreUnavailable.
    """
    with exclusive(engine) as connection:
        return end_access_within(connection, by, now)


def end_access_within(connection: Connection, by: Actor, now: datetime) -> int:
    """The same, as a part of the caller's exclusive transaction."""
    ended = {table: connection.execute(delete(table)).rowcount for table in (sessions, devices, invitations, tickets)}
    numbers = end_numbers(connection)
    if numbers or any(ended.values()):
        record(connection, stamp(now), by, Action.ACCESS_ENDED, "", f"{ended[sessions]}, {ended[devices]}")
    return ended[sessions] + ended[devices]
