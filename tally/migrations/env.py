"""Alembic's way in: revisions run on the connection, and within the transaction, of whoever asked for them."""

from alembic import context

_given = context.config.attributes
context.configure(connection=_given["connection"], on_version_apply=_given["applied"])
context.run_migrations()
