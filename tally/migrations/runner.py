"""Running revisions with Alembic, which takes a fifth of a second to import: only who needs them does so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Column, Connection, MetaData, String, Table, update

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0007"
# Alembic's own table, with one more column: the oldest schema a program must know to use the database as it is now.
VERSION = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True), Column("oldest", String(32))
)


class Revision(Struct, frozen=True):
    """One step of the schema: its number, and in one sentence what it does."""

    id: str
    what: str


def revisions_after(revision: str) -> list[Revision]:
    """The steps from there ("": from nothing) to the newest, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config()).iterate_revisions(NEWEST, revision or "base")
    return [Revision(script.revision, script.doc) for script in scripts][::-1]


def migrate(connection: Connection, to: str = NEWEST, applied: Callable[[str], None] = lambda revision: None) -> None:
    """Bring the schema to a revision, within the transaction of `connection`. `applied` hears of each step."""
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config()
    config.attributes["connection"] = connection
    config.attributes["applied"] = lambda step, **_: applied(step.up_revision_id)
    VERSION.create(connection, checkfirst=True)
    command.upgrade(config, to)
    script = ScriptDirectory.from_config(config).get_revision(to)
    connection.execute(update(VERSION).values(oldest=script.module.oldest))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "tally:migrations")
    return config
