"""Nobody's address is kept: those in the audit log and beside attempts to come in are removed."""

import sqlalchemy as sa
from alembic import op

from tally.migrations.triggers import allow_changes, refuse_changes

# A program of schema 0001 goes on: it still writes addresses beside attempts, which this one removes again.
revision, oldest = "0004", "0001"
down_revision = "0003"

_WITH_ADDRESS = ("signed in", "sign-in throttled", "device added")


def upgrade() -> None:
    """See above."""
    connection = op.get_bind()
    deeds = sa.table("deeds", sa.column("deed"), sa.column("detail"))
    allow_changes(connection, "deeds")
    op.execute(sa.update(deeds).where(deeds.c.deed.in_(_WITH_ADDRESS)).values(detail=""))
    refuse_changes(connection, "deeds")
    op.execute(sa.delete(sa.table("attempts")))
