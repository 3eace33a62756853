"""Wiring of the poller: settings in, a poller that owns its count out, everything closed at the end."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from msgspec import Struct

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.feeds import Feed
from ingest.fetch import Fetcher
from ingest.keyring import load_signer
from ingest.poller import Pace, Poller, Progress
from ingest.publisher import Publisher
from ingest.registry import make_feed
from ingest.seal import Sealer, sealing
from tally import moments
from tally.board import Board
from tally.changes import ChangeSet
from tally.election import Election
from tally.errors import InvalidInput
from tally.settings import Settings, archive_folder
from tally.store import Store
from tally.writer import Writer

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class PollOptions(Struct, frozen=True):
    """How to poll. `requests_per_s` None is unlimited, for loopback feeds only; `cycle_s` None is the election's."""

    is_unlimited: bool = False
    requests_per_s: float | None = None
    cycle_s: float | None = None


@asynccontextmanager
async def open_poller(
    settings: Settings,
    election: Election,
    options: PollOptions,
    announce: Callable[[ChangeSet], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> AsyncIterator[Poller]:
    """A poller that is the one writer of the election's count, once the source has shown that it is about it.

    Raises: InvalidInput, FeedUnavailable, FeedRefused, WrongElection, WriterBusy, StoreUnavailable, ArchiveError.
    """
    contest = election.contest()
    feed = make_feed(election, contest)
    store = Store.open(settings.database_url)
    fetcher = make_fetcher(settings, election, feed, options)
    try:
        is_test = await feed.identify(fetcher)
        at = moments.write(moments.utc_now())
        writer = Writer.acquire(store, election.id, contest.id, is_test=is_test, at=at)
        try:
            board = Board(len(contest.lists), contest.scope)
            entries = store.latest(writer.info.id).values()
            board.restore((entry.change.key, entry.change.data) for entry in entries)
            linger_s = 1.0 if options.is_unlimited else 0.2
            publisher = Publisher(board, writer, fetcher.archive, announce, linger_s)
            pace = Pace(options.cycle_s or election.polling.cycle_s, *((16, True) if options.is_unlimited else (4,)))
            signer = load_signer(fetcher.archive.folder, settings.seal_key)
            async with sealing(Sealer(fetcher.archive, writer, signer)):
                yield Poller(feed, fetcher, publisher, pace, on_progress)
        finally:
            writer.release()
    finally:
        await fetcher.close()
        store.close()


def make_fetcher(settings: Settings, election: Election, feed: Feed, options: PollOptions) -> Fetcher:
    """Whoever asks the source, with its archive and its request budget.

    Raises: InvalidInput: not a web address, or a real host without a budget. ArchiveError.
    """
    base = (settings.feed or f"https://{election.hosts[0]}").rstrip("/")
    host = urlsplit(base).hostname
    if host is None or urlsplit(base).scheme not in ("http", "https"):
        raise InvalidInput(f"--feed {base!r} is not a web address; it looks like https://{election.hosts[0]}")
    if options.is_unlimited and host not in _LOOPBACK:
        raise InvalidInput(f"--unlimited is only for a feed on this machine, not for {host}")
    rate = None if options.is_unlimited else options.requests_per_s or election.polling.requests_per_s
    user_agent = f"Escrutinio/0.1 (follows the public count; {settings.contact})"
    budget = Budget(rate, time.monotonic)
    return Fetcher(base + feed.base_path, Archive(archive_folder(settings)), budget, user_agent=user_agent)
