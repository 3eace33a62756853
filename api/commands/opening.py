"""What commands are about: a count in a database, and a moment of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from api.story.past import is_later_than_now
from ingest.registry import known_elections
from tally import moments
from tally.choice import settle_election
from tally.election import find_election
from tally.errors import InvalidInput, NotFound
from tally.settings import load_settings
from tally.storage.database import check_exists
from tally.storage.store import CountInfo, Store

_MOST_NAMED = 5


@contextmanager
def open_counts(
    database: str | None, election: str | None, contest: str | None = None
) -> Iterator[tuple[Store, list[CountInfo]]]:
    """The store, closed at the end, and the counts of an election in the order of its file: of one contest, or of all.

    The election is the one that was named or is the only one; of it there is at least one count.

    Raises: UnknownElection, InvalidInput, NotFound, StoreUnavailable.
    """
    settings = load_settings(database_url=database, election=election, contest=contest)
    find_election(known_elections(), settings.election)
    check_exists(settings.database_url)
    settings = settle_election(settings)
    chosen = find_election(known_elections(), settings.election)
    named = None if settings.contest is None else chosen.contest(settings.contest).id
    with closing(Store.open(settings.database_url)) as store:
        held = {info.contest_id: info for info in store.counts() if info.election_id == chosen.id}
        found = [held[one.id] for one in chosen.contests if one.id in held and named in (None, one.id)]
        if not found:
            raise NotFound(f"the database holds no count of {' of '.join(filter(None, (named, chosen.id)))}")
        yield store, found


@contextmanager
def open_count(
    database: str | None, election: str | None, contest: str | None = None
) -> Iterator[tuple[Store, CountInfo]]:
    """The same for a command about one count.

    Raises: InvalidInput: there are several, and no contest was named. And as above.
    """
    with open_counts(database, election, contest) as (store, counts):
        if len(counts) > 1:
            held = [info.contest_id for info in counts]
            listed = f"{', '.join(held[:_MOST_NAMED])}{', …' if len(held) > _MOST_NAMED else ''}"
            raise InvalidInput(
                f"the database holds {len(held)} counts of {counts[0].election_id}; name one with --contest: {listed}"
            )
        yield store, counts[0]


def version_at(store: Store, info: CountInfo, option: str, text: str) -> tuple[int, str] | None:
    """The version that stood at the moment of an option, and when it was published; None: nothing was by then.

    Raises: InvalidInput: not a moment, or one still to come. StoreUnavailable.
    """
    asked = read_moment(option, text)
    newest = store.version(info.id, seq=info.seq)
    if is_later_than_now(moments.read(asked), None if newest is None else newest[1]):
        raise InvalidInput(f"{option} {asked} is still to come")
    return store.version(info.id, at=asked)


def read_moment(option: str, text: str) -> str:
    """The moment of an option, as those of addresses are read.

    Raises: InvalidInput: not a moment.
    """
    try:
        return moments.write(moments.read_asked(text))
    except ValueError as error:
        raise InvalidInput(f"{option} {text!r} is not a moment like 2026-06-13T19:05:18Z") from error
