"""What of people has served its time, and goes: docs/privacy.md says what is kept, and why."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, or_

from mission.alert_tables import tickets
from mission.messages.strangers import forget_strangers
from mission.messages.tables import text_strangers
from mission.people.accounts import stamp
from mission.people.attempts import purge_attempts
from mission.people.auditlog import RETENTION
from mission.people.contacts import purge_contacts
from mission.people.tables import devices, invitations, sessions
from mission.thresholds import THRESHOLDS
from mission.transactions import exclusive
from tally.storage.database import has_table

CONTACTS_KEPT = timedelta(days=THRESHOLDS.retention.contacts_days)


def purge(engine: Engine, now: datetime, mission_ends: datetime | None = None) -> int:
    """Remove attempts that count no more, and whatever let somebody in and does so no longer. Returns: how many.

    Some days after the mission's end names and numbers of its people go too.
    Raises: StoreUnavailable.
    """
    at = stamp(now)
    with exclusive(engine) as connection:
        removed = purge_attempts(connection, now)
        for table in (sessions, devices, tickets):
            removed += connection.execute(delete(table).where(table.c.ends_at <= at)).rowcount
        ended = or_(invitations.c.ends_at <= at, invitations.c.used_at.is_not(None))
        removed += connection.execute(delete(invitations).where(ended)).rowcount
        if has_table(connection, text_strangers.name):
            removed += forget_strangers(connection, now)
    if mission_ends is not None and now >= mission_ends + CONTACTS_KEPT:
        removed += purge_contacts(engine, RETENTION, now)
    return removed
