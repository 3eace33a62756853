"""The tables of the program that knew of no revisions; those it made already stay as they are."""

import sqlalchemy as sa
from alembic import op

from tally.migrations.schema_0001 import APPEND_ONLY, tables
from tally.migrations.triggers import refuse_changes

revision, oldest = "0001", "0001"
down_revision = None


def upgrade() -> None:
    """See above."""
    connection = op.get_bind()
    present = sa.inspect(connection).get_table_names()
    tables.create_all(connection)
    for table in APPEND_ONLY:
        if table not in present:
            refuse_changes(connection, table)
