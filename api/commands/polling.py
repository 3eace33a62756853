"""Wiring of the poller: settings in, a poller that owns its count out, everything closed at the end."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.containment import contained
from ingest.feeds import Feed
from ingest.fetch import Fetcher
from ingest.health import FeedHealth
from ingest.identity import Identity, check_kind
from ingest.ownership import check_owner, claim
from ingest.poller import Pace, Poller, ReadingProgress
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer, sealing
from ingest.publisher import Publisher
from ingest.reading import NotingAsk
from ingest.recordings import SCHEME, Recordings
from ingest.registry import make_feed
from ingest.relay import Relay, RelayOnly, relaying
from tally import moments
from tally.board import Board
from tally.changes import ChangeSet
from tally.election import Election
from tally.errors import InvalidInput, NotFound, StoreUnavailable
from tally.settings import Settings, archive_folder
from tally.storage.schema import WRITES
from tally.storage.store import CountInfo, Store
from tally.storage.writer import become_writer

RELAY = "relay:"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class PollOptions(Struct, frozen=True):
    """How to poll. `is_unlimited` is for loopback feeds only; None is the election's own pace.

    `budget`: one that is kept over several pollers, so that a source that refuses is left alone by the next one too.
    """

    is_unlimited: bool = False
    requests_per_s: float | None = None
    cycle_s: float | None = None
    budget: Budget | None = None


@asynccontextmanager
async def open_poller(
    settings: Settings,
    election: Election,
    options: PollOptions,
    announce: Callable[[ChangeSet], None] = lambda _: None,
    on_progress: Callable[[ReadingProgress], None] = lambda _: None,
) -> AsyncIterator[Poller | RelayOnly]:
    """A poller that is the one writer of the election's count, once the source has shown that it is about it.

    With the feed "relay:" nobody is asked: whoever holds the relay's token vouches for what it is about.

    Raises: InvalidInput, FeedUnavailable, FeedRefused, WrongElection, WriterBusy, StoreUnavailable, ArchiveError.
    """
    contest = election.contest(settings.contest)
    feed = make_feed(election, contest)
    store = Store.open(settings.database_url, WRITES)
    source = make_source(settings, election, feed, options)
    try:
        is_relay = settings.feed == RELAY
        known = _known(store, election.id, contest.id)
        check_owner(source.archive.folder, election.id, contest.id, known)
        asking = NotingAsk(source)
        is_test = False if is_relay else await contained(feed.identify(asking), asking.__str__)
        if known is not None and known.seq and not is_relay:
            check_kind(was_test=known.is_test, is_test=is_test)
        at = moments.write(moments.utc_now())
        writer = await become_writer(store, election.id, contest.id, is_test=is_test, at=at)
        try:
            claim(source.archive.folder, writer.info)
            board = Board(len(contest.lists), contest.scope, election.largest)
            entries = store.latest(writer.info.id).values()
            board.restore((entry.change.key, entry.change.data) for entry in entries)
            is_hurried = options.is_unlimited or isinstance(source, Recordings)
            pace = Pace(options.cycle_s or election.polling.cycle_s, *((16, True) if is_hurried else (4,)))
            health = FeedHealth(pace.cycle_s, writer.info.feed.note)
            publisher = Publisher(board, writer, source.archive, announce, 1.0 if is_hurried else 0.2, health)
            signer = load_signer(source.archive.folder, settings.seal_key)
            relay = Relay(store, election.id, feed, publisher, source.archive)
            async with sealing(Sealer(source.archive, writer, signer)), relaying(relay):
                if is_relay:
                    yield RelayOnly(publisher)
                else:
                    same = Identity(feed, source, is_test=is_test, every_s=election.polling.identify_s)
                    yield Poller(feed, same, publisher, pace, on_progress, same.watch)
        finally:
            with suppress(StoreUnavailable):  # the lease ends by itself
                writer.release()
    finally:
        await source.close()
        store.close()


def _known(store: Store, election: str, contest: str) -> CountInfo | None:
    """The count as it stands; None: it has not been begun."""
    try:
        return store.info(election, contest)
    except NotFound:
        return None


def make_source(settings: Settings, election: Election, feed: Feed, options: PollOptions) -> Fetcher | Recordings:
    """Whoever answers, with the archive: a host within its request budget, or a folder ("file:FOLDER").

    Raises: InvalidInput: not a web address or folder, or a real host without a budget. ArchiveError.
    """
    own = f"https://{election.hosts[0]}"
    base = own if settings.feed in (None, RELAY) else settings.feed.rstrip("/")
    if base.startswith(SCHEME):
        folder = Path(base.removeprefix(SCHEME))
        return Recordings(folder, Archive(archive_folder(settings)), feed.base_path, election.hosts)
    check_address(base, own, is_unlimited=options.is_unlimited)
    archive, budget = Archive(archive_folder(settings)), options.budget or make_budget(election, options)
    return Fetcher(base + feed.base_path, archive, budget, user_agent=user_agent(settings), guarded=feed.guarded)


def check_address(base: str, example: str, *, is_unlimited: bool) -> str:
    """The host of a source's address.

    Raises: InvalidInput: not a web address, or a real host without a budget.
    """
    host = urlsplit(base).hostname
    if host is None or urlsplit(base).scheme not in ("http", "https"):
        raise InvalidInput(
            f"--feed {base!r} is not a web address like {example}, a folder like file:FOLDER, or {RELAY}"
        )
    if is_unlimited and host not in _LOOPBACK:
        raise InvalidInput(f"--unlimited is only for a feed on this machine, not for {host}")
    return host


def user_agent(settings: Settings) -> str:
    """Who asks, for whoever is asked."""
    return f"Escrutinio/0.1 (follows the public count; {settings.contact})"


def make_budget(election: Election, options: PollOptions) -> Budget:
    """How often the source may be asked."""
    rate = None if options.is_unlimited else options.requests_per_s or election.polling.requests_per_s
    return Budget(rate, time.monotonic, longest_wish_s=election.polling.longest_wish_s)
