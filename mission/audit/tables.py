"""Tables of acta audits. Nothing of an audit is ever changed: a reading is a line, and stays."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from mission.transactions import append_only


class AuditRow(SQLModel, table=True):
    """One audit: of which version of which history, from which seed, at which risk limit. `pairs`: JSON of `Pairs`."""

    __tablename__ = "acta_audits"

    id: int | None = Field(default=None, primary_key=True)
    count_id: int
    epoch: str
    seq: int = Field(sa_type=BigInteger)
    as_of: str
    seed: str
    risk_limit: float
    pairs: str = Field(sa_type=Text)
    mesas: int
    cast: int = Field(sa_type=BigInteger)
    bound: float
    planned: int
    made_at: str
    made_by: str


class DrawRow(SQLModel, table=True):
    """One draw: the mesa and what was reported for it, JSON of `Reading`."""

    __tablename__ = "acta_draws"

    audit_id: int = Field(primary_key=True, foreign_key="acta_audits.id")
    n: int = Field(primary_key=True)
    mesa: str
    cast: int
    reported: str = Field(sa_type=Text)


class ReadingRow(SQLModel, table=True):
    """What one person read on the image of one acta, JSON of `Reading`. Nobody reads one twice."""

    __tablename__ = "acta_readings"

    audit_id: int = Field(primary_key=True, foreign_key="acta_audits.id")
    mesa: str = Field(primary_key=True)
    reader_id: int = Field(primary_key=True)
    n: int
    reader: str
    at: str
    reading: str = Field(sa_type=Text)


audits = append_only(AuditRow)
draws = append_only(DrawRow)
readings = append_only(ReadingRow)
