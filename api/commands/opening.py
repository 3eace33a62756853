"""What commands are about: a count in a database, and a moment of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from ingest.registry import known_elections
from tally import moments
from tally.choice import settle_election
from tally.election import find_election
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.database import check_exists
from tally.storage.store import CountInfo, Store


@contextmanager
def open_count(database: str | None, election: str | None) -> Iterator[tuple[Store, CountInfo]]:
    """The store, closed at the end, and the count of the election that was named or is the only one.

    Raises: UnknownElection, InvalidInput, NotFound, StoreUnavailable.
    """
    settings = load_settings(database_url=database, election=election)
    find_election(known_elections(), settings.election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    contest = find_election(known_elections(), settings.election).contest(settings.contest)
    with closing(Store.open(settings.database_url)) as store:
        yield store, store.info(settings.election, contest.id)


def read_moment(option: str, text: str) -> str:
    """The moment of an option, as the log writes it.

    Raises: InvalidInput: not a moment.
    """
    try:
        return moments.normal(text)
    except ValueError as error:
        raise InvalidInput(f"{option} {text!r} is not a moment like 2026-06-13T19:05:18Z") from error
