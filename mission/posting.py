"""Assigning observers: who is where decides coverage, and what may be shown to the public."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from mission.incidents.book import OBSERVER, POST, Book, NewLine
from mission.incidents.casebook import Casebook, Decide
from mission.incidents.incident import Member
from mission.people.accounts import stamp
from mission.stations import Posting

# Pseudonym, key of a place or area (None: nowhere), and its ubigeo prefix.
Order = tuple[str, str | None, str | None]


def assign_observers(casebook: Casebook, by: Member, orders: Sequence[Order], now: datetime) -> Book:
    """Enter orders; the book after the commit.

    Raises: StoreUnavailable.
    """
    return casebook.write(by, now, post(orders, now))


def post(orders: Sequence[Order], now: datetime) -> Decide:
    """The decision to enter orders."""

    def decide(_: Connection, book: Book) -> Sequence[NewLine]:
        at = max(stamp(now), book.at)
        return [
            NewLine(f"{OBSERVER}{observer}", POST, data=msgspec.json.encode(Posting(observer, at, key, prefix)))
            for observer, key, prefix in orders
        ]

    return decide
