"""Tables of the alerts: what was raised, who may listen, what was sent on. Times: ISO UTC, whole seconds."""

from typing import Any

from sqlalchemy import BigInteger, Connection, Select, Text, inspect, select
from sqlmodel import Field, SQLModel

from mission.transactions import append_only
from tally.storage.tables import table_of


class AlertRow(SQLModel, table=True):
    """One alert. `key` names what it is about, so that it is raised once; `least` is the lowest role that reads it.

    `figures`: JSON of what its sentence needs. `es` and `en` are the sentences of the previous version, which still
    reads and writes them.
    """

    __tablename__ = "alerts"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    least: str
    es: str = Field(default="", sa_type=Text)
    en: str = Field(default="", sa_type=Text)
    figures: str | None = Field(default=None, sa_type=Text)
    href: str | None = None
    at: str


class WatchRow(SQLModel, table=True):
    """What was last seen of something an alert may be raised of: its value, and how far it had come then."""

    __tablename__ = "alert_watches"

    name: str = Field(primary_key=True)
    value: str
    place: int = Field(sa_type=BigInteger)


class TicketRow(SQLModel, table=True):
    """A ticket, by its hash, that lets one socket listen: `credential` is what its holder came in with."""

    __tablename__ = "tickets"

    hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="accounts.id")
    credential: str
    ends_at: str
    used_at: str | None = None


class DeliveryRow(SQLModel, table=True):
    """An alert on its way out over one channel. `due` is an epoch time: when it may be tried again."""

    __tablename__ = "alert_deliveries"

    alert_id: int = Field(primary_key=True, foreign_key="alerts.id")
    channel: str = Field(primary_key=True)
    tries: int = 0
    due: float = 0.0
    done_at: str | None = None
    is_sent: bool | None = None


alerts = append_only(AlertRow)
_FIGURES = "figures"


def has_figures(connection: Connection) -> bool:
    """Whether alerts have figures in this database; before schema 0003, which `serve` may find, they have none."""
    return any(column["name"] == _FIGURES for column in inspect(connection).get_columns(alerts.name))


def select_alerts(connection: Connection) -> Select[Any]:
    """Alerts with every column that this database has."""
    own = has_figures(connection)
    return select(*(column for column in alerts.c if own or column.name != _FIGURES))


watches = table_of(WatchRow)
tickets = table_of(TicketRow)
deliveries = table_of(DeliveryRow)
