"""A change set says in which format its changes are written; those that are there have format 1."""

import sqlalchemy as sa
from alembic import op

# A program of schema 0001 goes on: what it writes has format 1, which is the column's default.
revision, oldest = "0002", "0001"
down_revision = "0001"


def upgrade() -> None:
    """See above."""
    op.add_column("change_sets", sa.Column("format", sa.Integer, nullable=False, server_default="1"))
