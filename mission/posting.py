"""Assigning observers: who is where decides coverage, and what may be shown to the public."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from mission.incidents.book import OBSERVER, POST, Book, NewLine
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.people.accounts import stamp
from mission.stations import Posting


def assign_observers(
    casebook: Casebook, by: Member, orders: Sequence[tuple[str, str | None, str | None]], now: datetime
) -> Book:
    """Enter orders (pseudonym, key, ubigeo prefix); the book after the commit.

    Raises: StoreUnavailable.
    """

    def decide(_: Connection, book: Book) -> Sequence[NewLine]:
        at = max(stamp(now), book.at)
        return [
            NewLine(f"{OBSERVER}{observer}", POST, data=msgspec.json.encode(Posting(observer, at, key, prefix)))
            for observer, key, prefix in orders
        ]

    return casebook.write(by, now, decide)
