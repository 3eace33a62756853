"""Table of the observation's journal: answers, people's teams, copies of actas, messages, each a room of its own."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from mission.transactions import append_only


class JournalRow(SQLModel, table=True):
    """One entry. `subject` is what it happened to, as the room names it; `data` is JSON."""

    __tablename__ = "journal"

    election_id: str = Field(primary_key=True)
    room: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    subject: str
    at: str
    actor: str
    role: str
    deed: str
    data: str = Field(sa_type=Text)


journal = append_only(JournalRow)
