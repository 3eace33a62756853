"""Tables of text messages: what is on its way out, and of whom nobody knows that they were answered. Times: ISO UTC."""

from sqlalchemy import BigInteger, Float, Index
from sqlmodel import Field, SQLModel

from tally.storage.tables import table_of


class TextDeliveryRow(SQLModel, table=True):
    """One message to one person. It holds neither the text, which the journal has, nor the number it goes to.

    due, tried_at: seconds since 1970. `done_at` is None while it waits.
    """

    __tablename__ = "text_deliveries"
    __table_args__ = (Index("text_deliveries_due", "done_at", "due"),)

    election_id: str = Field(primary_key=True)
    message: int = Field(primary_key=True, sa_type=BigInteger)
    account_id: int = Field(primary_key=True, foreign_key="accounts.id")
    tries: int = 0
    due: float = Field(sa_type=Float)
    tried_at: float | None = Field(default=None, sa_type=Float)
    done_at: str | None = None
    is_sent: bool | None = None


class TextStrangerRow(SQLModel, table=True):
    """Who wrote and may not: a keyed hash of the number, how often on that day, and no more; gone the day after."""

    __tablename__ = "text_strangers"

    sender: str = Field(primary_key=True)
    day: str = Field(index=True)
    count: int


text_deliveries = table_of(TextDeliveryRow)
text_strangers = table_of(TextStrangerRow)
