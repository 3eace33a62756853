"""Tables of the whole observation: its journal, what a roster says of people, who is suspended, and text messages."""

import sqlalchemy as sa
from alembic import op

from tally.migrations.triggers import refuse_changes

# A program of schema 0001 goes on: it knows none of these tables.
revision, oldest = "0007", "0001"
down_revision = "0006"


def upgrade() -> None:
    """See above."""
    op.create_table(
        "journal",
        sa.Column("election_id", sa.String, primary_key=True),
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("subject", "at", "actor", "role", "deed")),
        sa.Column("data", sa.Text, nullable=False),
    )
    refuse_changes(op.get_bind(), "journal")
    op.create_table(
        "contacts",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("name", sa.String, nullable=True),
        sa.Column("phone", sa.String, nullable=True),
        sa.Column("sender", sa.String, nullable=True, unique=True),
        sa.Column("reference", sa.String, nullable=True, unique=True),
    )
    op.create_table(
        "suspensions",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "text_deliveries",
        sa.Column("election_id", sa.String, primary_key=True),
        sa.Column("message", sa.BigInteger, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("tried_at", sa.Float, nullable=True),
        sa.Column("done_at", sa.String, nullable=True),
        sa.Column("is_sent", sa.Boolean, nullable=True),
    )
    op.create_index("text_deliveries_due", "text_deliveries", ["done_at", "due"])
    op.create_table(
        "text_strangers",
        sa.Column("sender", sa.String, primary_key=True),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("ix_text_strangers_day", "text_strangers", ["day"])
