"""Tables from which nothing is ever taken away: the database itself refuses."""

from sqlalchemy import Connection

_REFUSED = "nothing is changed in or removed from"
_SQLITE = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{refused} {table}'); END
"""
# A statement-level trigger: it also refuses where no row would be met, and TRUNCATE.
_POSTGRESQL = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN RAISE EXCEPTION '{refused} {table}'; END $body$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""


def refuse_changes(connection: Connection, table: str) -> None:
    """From now on rows are only ever added to that table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL.format(table=table, refused=_REFUSED))
        return
    for action in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(_SQLITE.format(table=table, action=action, refused=_REFUSED))


def allow_changes(connection: Connection, table: str) -> None:
    """For a revision that mends what is in such a table; it ends with `refuse_changes`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP TRIGGER {table}_append_only ON {table}")
        connection.exec_driver_sql(f"DROP FUNCTION {table}_append_only()")
        return
    for action in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{action}")
