"""The tables as the last program without revisions made them. A record: nothing in it is ever changed."""

from functools import partial

import sqlalchemy as sa

APPEND_ONLY = (
    "acta_audits", "acta_draws", "acta_readings", "alerts", "deeds", "flag_checkpoints", "frozen_flags", "intake_turns",
    "mission_events",
)  # fmt: skip

tables = sa.MetaData()
column = partial(sa.Column, nullable=False)
_UPDATES_ASIDE = sa.text("kind <> 'update'")

sa.Table(
    "counts",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("election_id", sa.String),
    column("contest_id", sa.String),
    column("epoch", sa.String),
    column("seq", sa.BigInteger),
    column("is_test", sa.Boolean),
    column("created_at", sa.String),
    sa.Column("writer", sa.String),
    column("writer_until", sa.Float),
    column("feed_state", sa.String),
    sa.Column("feed_note", sa.String),
    sa.Column("checked_at", sa.String),
    sa.Column("changed_at", sa.String),
    sa.Column("source_at", sa.String),
    sa.UniqueConstraint("election_id", "contest_id"),
)
sa.Table(
    "change_sets",
    tables,
    column("count_id", sa.Integer, primary_key=True),
    column("seq", sa.BigInteger, primary_key=True),
    column("at", sa.String),
)
sa.Table(
    "changes",
    tables,
    column("count_id", sa.Integer, primary_key=True),
    column("seq", sa.BigInteger, primary_key=True),
    column("n", sa.Integer, primary_key=True),
    column("key", sa.String),
    column("kind", sa.String),
    column("data", sa.Text),
    sa.Column("src", sa.String),
    sa.Column("note", sa.String),
    sa.Index("changes_by_key", "count_id", "key", "seq"),
    sa.Index("changes_of_note", "count_id", "seq", sqlite_where=_UPDATES_ASIDE, postgresql_where=_UPDATES_ASIDE),
    sqlite_with_rowid=False,
)
sa.Table(
    "releases",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("count_id", sa.Integer),
    column("key", sa.String),
    column("by", sa.String),
    column("reason", sa.String),
    column("at", sa.String),
    sa.Column("done_at", sa.String),
    sa.Column("seq", sa.BigInteger),
)
sa.Table(
    "relays",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("election_id", sa.String),
    column("url", sa.String),
    column("fetched_at", sa.String),
    column("body", sa.LargeBinary),
    column("received_at", sa.String),
    sa.Column("done_at", sa.String),
    sa.Column("facts", sa.Integer),
    sa.Index("relays_open", "election_id", "done_at"),
)
sa.Table(
    "heads",
    tables,
    column("count_id", sa.Integer, primary_key=True),
    column("size", sa.BigInteger, primary_key=True),
    column("root", sa.String),
    column("at", sa.String),
    column("note", sa.Text),
    column("key", sa.String),
    column("since", sa.BigInteger),
    column("proof", sa.Text),
)
sa.Table(
    "accounts",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("name", sa.String, unique=True),
    column("role", sa.String),
    column("pseudonym", sa.String, unique=True),
    sa.Column("password", sa.Text),
    column("created_at", sa.String),
    sa.Column("revoked_at", sa.String),
)
sa.Table(
    "acta_audits",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("count_id", sa.Integer),
    column("epoch", sa.String),
    column("seq", sa.BigInteger),
    column("as_of", sa.String),
    column("seed", sa.String),
    column("risk_limit", sa.Float),
    column("pairs", sa.Text),
    column("mesas", sa.Integer),
    column("cast", sa.BigInteger),
    column("bound", sa.Float),
    column("planned", sa.Integer),
    column("made_at", sa.String),
    column("made_by", sa.String),
)
sa.Table(
    "alert_watches",
    tables,
    column("name", sa.String, primary_key=True),
    column("value", sa.String),
    column("place", sa.BigInteger),
)
sa.Table(
    "alerts",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("key", sa.String, unique=True),
    column("kind", sa.String),
    column("least", sa.String),
    column("es", sa.Text),
    column("en", sa.Text),
    sa.Column("href", sa.String),
    column("at", sa.String),
)
sa.Table(
    "attempts",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("subject", sa.String),
    column("address", sa.String),
    column("at", sa.String),
    column("is_good", sa.Boolean),
    sa.Index("attempts_from", "address", "at"),
    sa.Index("attempts_of", "subject", "address", "at"),
)
sa.Table(
    "deeds",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("at", sa.String),
    sa.Column("actor_id", sa.Integer),
    column("actor", sa.String),
    column("deed", sa.String, index=True),
    column("subject", sa.String),
    column("detail", sa.Text),
)
sa.Table(
    "flag_checkpoints",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("count_id", sa.Integer),
    column("epoch", sa.String),
    column("name", sa.String),
    column("seq", sa.BigInteger),
    column("as_of", sa.String),
    column("frozen_at", sa.String),
    column("counted", sa.Integer),
    column("at_jee", sa.Integer),
    column("pending", sa.Integer),
    column("total", sa.Integer),
    column("summary", sa.Text),
    sa.UniqueConstraint("count_id", "epoch", "name"),
)
sa.Table(
    "flag_claims",
    tables,
    column("count_id", sa.Integer, primary_key=True),
    column("epoch", sa.String, primary_key=True),
    column("name", sa.String, primary_key=True),
    column("holder", sa.String),
    column("until", sa.Float),
)
sa.Table(
    "intake_turns",
    tables,
    column("id", sa.Integer, primary_key=True),
    column("at", sa.String),
    column("by", sa.String),
    column("is_stopped", sa.Boolean),
    column("reason", sa.Text),
)
sa.Table(
    "mission_events",
    tables,
    column("election_id", sa.String, primary_key=True),
    column("seq", sa.BigInteger, primary_key=True),
    column("subject", sa.String, index=True),
    column("at", sa.String),
    column("actor", sa.String),
    column("role", sa.String),
    column("deed", sa.String),
    column("before", sa.String),
    column("after", sa.String),
    column("reason", sa.Text),
    column("data", sa.Text),
)
sa.Table(
    "acta_draws",
    tables,
    column("audit_id", sa.Integer, sa.ForeignKey("acta_audits.id"), primary_key=True),
    column("n", sa.Integer, primary_key=True),
    column("mesa", sa.String),
    column("cast", sa.Integer),
    column("reported", sa.Text),
)
sa.Table(
    "acta_readings",
    tables,
    column("audit_id", sa.Integer, sa.ForeignKey("acta_audits.id"), primary_key=True),
    column("mesa", sa.String, primary_key=True),
    column("reader_id", sa.Integer, primary_key=True),
    column("n", sa.Integer),
    column("reader", sa.String),
    column("at", sa.String),
    column("reading", sa.Text),
)
sa.Table(
    "alert_deliveries",
    tables,
    column("alert_id", sa.Integer, sa.ForeignKey("alerts.id"), primary_key=True),
    column("channel", sa.String, primary_key=True),
    column("tries", sa.Integer),
    column("due", sa.Float),
    sa.Column("done_at", sa.String),
    sa.Column("is_sent", sa.Boolean),
)
sa.Table(
    "devices",
    tables,
    column("hash", sa.String, primary_key=True),
    column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), index=True),
    column("made_at", sa.String),
    column("ends_at", sa.String),
)
sa.Table(
    "frozen_flags",
    tables,
    column("checkpoint_id", sa.Integer, sa.ForeignKey("flag_checkpoints.id"), primary_key=True),
    column("n", sa.Integer, primary_key=True),
    column("flag_id", sa.String, index=True),
    column("key", sa.String, index=True),
    column("data", sa.Text),
)
sa.Table(
    "invitations",
    tables,
    column("hash", sa.String, primary_key=True),
    column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), index=True),
    column("made_at", sa.String),
    column("ends_at", sa.String),
    sa.Column("used_at", sa.String),
)
sa.Table(
    "mission_sessions",
    tables,
    column("hash", sa.String, primary_key=True),
    column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), index=True),
    column("created_at", sa.String),
    column("seen_at", sa.String),
    column("ends_at", sa.String),
)
sa.Table(
    "tickets",
    tables,
    column("hash", sa.String, primary_key=True),
    column("account_id", sa.Integer, sa.ForeignKey("accounts.id")),
    column("credential", sa.String),
    column("ends_at", sa.String),
    sa.Column("used_at", sa.String),
)
