"""The epochs that a restore ended are remembered: until which version the present history is theirs, and since when."""

import sqlalchemy as sa
from alembic import op

# A program of schema 0001 goes on: it ends epochs without a word, as it did.
revision, oldest = "0005", "0001"
down_revision = "0004"


def upgrade() -> None:
    """See above."""
    op.create_table(
        "former_epochs",
        sa.Column("epoch", sa.String, primary_key=True),
        sa.Column("election_id", sa.String, nullable=False),
        sa.Column("contest_id", sa.String, nullable=False),
        sa.Column("kept", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.String, nullable=False),
    )
