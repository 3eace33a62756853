"""Who of the observers is assigned where: the denominator of coverage, and of what may be shown to the public."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct


class Posting(Struct, frozen=True):
    """From `at` (ISO UTC) on, that observer is at `key`: a place, district, province or department; None: nowhere.

    `prefix` is the key's ubigeo prefix: six digits for a place, too.
    """

    observer: str
    at: str
    key: str | None
    prefix: str | None


def posted(postings: Iterable[Posting], at: str | None = None) -> dict[str, Posting]:
    """Where everybody is, by pseudonym: at a moment (ISO UTC), or now. `postings` stand in the log's order."""
    newest = {posting.observer: posting for posting in postings if at is None or posting.at <= at}
    return {observer: posting for observer, posting in newest.items() if posting.key is not None}


def count_observers(postings: Iterable[Posting], at: str | None = None) -> dict[str, int]:
    """How many observers are assigned at each ubigeo prefix itself."""
    return dict(Counter(posting.prefix for posting in posted(postings, at).values() if posting.prefix is not None))
