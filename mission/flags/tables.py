"""Tables of frozen flags. A claim says who is computing a checkpoint; what was computed is never changed."""

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from mission.transactions import append_only
from tally.storage.tables import table_of


class ClaimRow(SQLModel, table=True):
    """Who computes a checkpoint, and until when (epoch seconds) the others wait for it."""

    __tablename__ = "flag_claims"

    count_id: int = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    holder: str
    until: float


class CheckpointRow(SQLModel, table=True):
    """One checkpoint of one history: at which version it was taken, how far the count was, and what was tested."""

    __tablename__ = "flag_checkpoints"
    __table_args__ = (UniqueConstraint("count_id", "epoch", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    count_id: int
    epoch: str
    name: str
    seq: int = Field(sa_type=BigInteger)
    as_of: str
    frozen_at: str
    counted: int
    at_jee: int
    pending: int
    total: int
    summary: str = Field(sa_type=Text)


class FrozenFlagRow(SQLModel, table=True):
    """One flag of one checkpoint: JSON, see `mission.flags.records`."""

    __tablename__ = "frozen_flags"

    checkpoint_id: int = Field(primary_key=True, foreign_key="flag_checkpoints.id")
    n: int = Field(primary_key=True)
    flag_id: str = Field(index=True)
    key: str = Field(index=True)
    data: str = Field(sa_type=Text)


claims = table_of(ClaimRow)
checkpoints = append_only(CheckpointRow)
frozen_flags = append_only(FrozenFlagRow)
