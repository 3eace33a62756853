"""Whoever sends a text message and may not: answered once a day, and nothing kept but how often, by a keyed hash."""

from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from mission.messages.limits import load_limits
from mission.messages.tables import text_strangers
from mission.transactions import exclusive

LIMITS = load_limits().receiving


def note_stranger(engine: Engine, sender: str, now: datetime) -> bool:
    """Whether that sender is to be answered: the first time of a day, while few enough of them were.

    Raises: StoreUnavailable.
    """
    day, same = f"{now:%Y-%m-%d}", text_strangers.c.sender == sender
    with exclusive(engine) as connection:
        forget_strangers(connection, now)
        counted = update(text_strangers).where(same).values(count=text_strangers.c.count + 1)
        if connection.execute(counted).rowcount:
            return False
        if connection.execute(select(func.count()).select_from(text_strangers)).scalar_one() >= LIMITS.most_strangers:
            return False
        connection.execute(insert(text_strangers).values(sender=sender, day=day, count=1))
    return True


def forget_strangers(connection: Connection, now: datetime) -> int:
    """Remove those of earlier days. Returns: how many."""
    return connection.execute(delete(text_strangers).where(text_strangers.c.day < f"{now:%Y-%m-%d}")).rowcount
