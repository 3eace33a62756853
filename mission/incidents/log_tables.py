"""The table of the mission's log: every report, move, note, photo, posting and publication is one line of it."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from mission.transactions import append_only


class MissionEventRow(SQLModel, table=True):
    """One line. `subject` is what it happened to: incident/<id>, observer/<pseudonym> or publication."""

    __tablename__ = "mission_events"

    election_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    subject: str = Field(index=True)
    at: str
    actor: str
    role: str
    deed: str
    before: str
    after: str
    reason: str = Field(sa_type=Text)
    data: str = Field(sa_type=Text)


mission_events = append_only(MissionEventRow)
