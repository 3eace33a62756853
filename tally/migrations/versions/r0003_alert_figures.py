"""An alert carries the figures of its sentence; those raised before have their two sentences instead."""

import sqlalchemy as sa
from alembic import op

# A program of schema 0001 goes on: it writes sentences and no figures, and finds sentences in what this one writes.
revision, oldest = "0003", "0001"
down_revision = "0002"


def upgrade() -> None:
    """See above."""
    op.add_column("alerts", sa.Column("figures", sa.Text, nullable=True))
