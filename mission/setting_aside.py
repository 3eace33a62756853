"""Deciding that the reports of an observer are set aside, and that they count again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from mission.incidents.book import OBSERVER, Book, NewLine
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.incidents.quarantine import QUARANTINE, RESTORE, quarantined
from mission.people.tables import accounts
from tally.errors import NotFound


def set_aside(casebook: Casebook, by: Member, observer: str, now: datetime, *, is_quarantined: bool) -> Book:
    """Set an observer's reports aside, or take them back; the book after the commit. Twice is as good as once.

    Raises: NotFound: nobody has that pseudonym. StoreUnavailable.
    """

    def decide(connection: Connection, book: Book) -> Sequence[NewLine]:
        known = select(accounts.c.id).where(accounts.c.pseudonym == observer)
        if connection.execute(known).first() is None:
            raise NotFound(f"nobody is called {observer[:40]!r}")
        if (observer in quarantined(book.turns)) is is_quarantined:
            return ()
        return [NewLine(f"{OBSERVER}{observer}", QUARANTINE if is_quarantined else RESTORE)]

    return casebook.write(by, now, decide)
