"""A side table: when the answer that gives an area, place or mesa was last read, and last said something new."""

import sqlalchemy as sa
from alembic import op

# A program of schema 0001 goes on: it neither reads nor writes the table, whose times then only grow old.
revision, oldest = "0006", "0001"
down_revision = "0005"

_OF_AREAS = sa.text("told IS NOT NULL")


def upgrade() -> None:
    """See above."""
    op.create_table(
        "readings",
        sa.Column("count_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("checked_at", sa.String, nullable=False),
        sa.Column("changed_at", sa.String, nullable=True),
        sa.Column("told", sa.Float, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("readings_told", "readings", ["told"], sqlite_where=_OF_AREAS, postgresql_where=_OF_AREAS)
