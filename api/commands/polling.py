"""Wiring of the poller: settings in, a poller that owns its counts out, everything closed at the end."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.commits import Commits
from ingest.containment import contained
from ingest.feeds import Feed
from ingest.fetch import Ask, Fetcher
from ingest.followed import ContestFeed
from ingest.health import FeedHealth
from ingest.identity import Identity, check_kind
from ingest.ownership import check_owner, claim
from ingest.packs.background import packing
from ingest.poller import Pace, Poller
from ingest.progress import PollingFigures, ReadingProgress
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer, sealing
from ingest.publisher import Publisher
from ingest.reading import NotingAsk
from ingest.registry import make_feed
from ingest.sources.recordings import SCHEME, Recordings
from ingest.sources.relay import Relay, RelayOnly, relaying
from tally import moments
from tally.board import Board
from tally.changes import ChangeSet
from tally.election import Contest, Election
from tally.errors import InvalidInput, StoreUnavailable
from tally.rules.checks import Largest
from tally.settings import Settings, archive_folder
from tally.storage.schema import WRITES
from tally.storage.store import CountInfo, Store
from tally.storage.writer import Writer, become_writers, release_all
from tally.web_addresses import split_address

RELAY = "relay:"
# That the whole of a contest costs where it moved.
_QUESTIONS = 2
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class PollOptions(Struct, frozen=True):
    """How to poll. `is_unlimited` is for loopback feeds only; None is the election's own pace.

    `budget`: one that is kept over several pollers, so that a source that refuses is left alone by the next one too.
    `figures`: what they count.
    """

    is_unlimited: bool = False
    requests_per_s: float | None = None
    cycle_s: float | None = None
    budget: Budget | None = None
    figures: PollingFigures = field(default_factory=PollingFigures)


@asynccontextmanager
async def open_poller(
    settings: Settings,
    election: Election,
    options: PollOptions,
    announce: Callable[[ChangeSet], None] = lambda _: None,
    on_progress: Callable[[ReadingProgress], None] = lambda _: None,
) -> AsyncIterator[Poller | RelayOnly]:
    """A poller that is the one writer of the election's counts, once the source has shown that it is about it.

    All contests are followed, within one budget and into one archive, unless the settings name one.
    With the feed "relay:" nobody is asked: whoever holds the relay's token vouches for what it is about.

    Raises: InvalidInput, FeedUnavailable, FeedRefused, WrongElection, WriterBusy, StoreUnavailable, ArchiveError.
    """
    contests = followed_contests(settings, election)
    feeds = [make_feed(election, contest) for contest in contests]
    store = Store.open(settings.database_url, WRITES)
    source = make_source(settings, election, feeds[0], options)
    try:
        known = _known(store, election.id, contests)
        check_owner(source.archive.folder, election.id, known)
        is_test = settings.feed != RELAY and await _is_test(feeds[0], source, known)
        at = moments.write(moments.utc_now())
        writers = await become_writers(store, election.id, list(known), is_test=is_test, at=at)
        try:
            claim(source.archive.folder, [writer.info for writer in writers])
            is_hurried = options.is_unlimited or isinstance(source, Recordings)
            cycle_s = options.cycle_s or cycle_of(election, len(contests), options)
            pace = Pace(cycle_s, *((16, True) if is_hurried else (4,)))
            publish = partial(_publisher, source.archive, announce, pace, election.largest)
            commits = Commits(source.archive)
            publishers = [publish(contest, writer, commits) for contest, writer in zip(contests, writers, strict=True)]
            followed = [
                ContestFeed(feed, publisher, contest.id if len(contests) > 1 else "")
                for contest, feed, publisher in zip(contests, feeds, publishers, strict=True)
            ]
            signer = load_signer(source.archive.folder, settings.seal_key)
            relay = Relay(store, election.id, followed, source.archive)
            is_packed = packing(source.archive.folder) if settings.pack_archive else nullcontext()
            budget = source.budget if isinstance(source, Fetcher) and settings.feed != RELAY else None
            at_work = options.figures.at_work(publishers, budget)
            async with sealing(Sealer(source.archive, writers, signer)), relaying(relay), is_packed, at_work:
                if settings.feed == RELAY:
                    yield RelayOnly(publishers)
                else:
                    same = Identity(feeds[0], source, is_test=is_test, every_s=election.polling.identify_s)
                    poller = Poller(followed, same, pace, on_progress, same.watch)
                    poller.figures = options.figures
                    yield poller
        finally:
            with suppress(StoreUnavailable):  # the leases end by themselves
                release_all(writers)
    finally:
        await source.close()
        store.close()


def followed_contests(settings: Settings, election: Election) -> Sequence[Contest]:
    """The contests to follow: the one that was named, or all of them.

    Raises: InvalidInput: there is none of that name.
    """
    return election.contests if settings.contest is None else (election.contest(settings.contest),)


def cycle_of(election: Election, contests: int, options: PollOptions) -> float:
    """Seconds between two readings of one contest's whole: within its budget a round of all takes half of the time."""
    rate = request_rate(election, options)
    return max(election.polling.cycle_s, 0.0 if rate is None else 2 * _QUESTIONS * contests / rate)


def _publisher(
    archive: Archive,
    announce: Callable[[ChangeSet], None],
    pace: Pace,
    largest: Largest,
    contest: Contest,
    writer: Writer,
    commits: Commits,
) -> Publisher:
    """One contest's, with its count as the log has it."""
    board = Board(len(contest.lists), contest.scope, largest)
    entries = writer.store.latest(writer.info.id).values() if writer.info.seq else ()
    board.restore((entry.change.key, entry.change.data) for entry in entries)
    health = FeedHealth(pace.cycle_s, writer.info.feed.note)
    return Publisher(board, writer, archive, announce, 1.0 if pace.is_hurried else 0.2, health, commits)


async def _is_test(feed: Feed, source: Ask, known: Mapping[str, CountInfo | None]) -> bool:
    """Whether the source is a rehearsal, as what is held of it is too."""
    asking = NotingAsk(source)
    is_test = await contained(feed.identify(asking), asking.__str__)
    for info in known.values():
        if info is not None and info.seq:
            check_kind(was_test=info.is_test, is_test=is_test)
    return is_test


def _known(store: Store, election_id: str, contests: Sequence[Contest]) -> dict[str, CountInfo | None]:
    """The counts as they stand, by contest; None: it has not been begun."""
    held = {info.contest_id: info for info in store.counts() if info.election_id == election_id}
    return {contest.id: held.get(contest.id) for contest in contests}


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
    parts = split_address(base)
    host = None if parts is None else parts.hostname
    if host is None:
        raise InvalidInput(
            f"--feed {base!r} is not a web address like {example}, a folder like file:FOLDER, or {RELAY}"
        )
    if is_unlimited and host not in LOOPBACK:
        raise InvalidInput(f"--unlimited is only for a feed on this machine, not for {host}")
    return host


def user_agent(settings: Settings) -> str:
    """Who asks, for whoever is asked."""
    return f"Escrutinio/0.1 (follows the public count; {settings.contact})"


def request_rate(election: Election, options: PollOptions) -> float | None:
    """Requests a second of all contests together; None: no limit."""
    return None if options.is_unlimited else options.requests_per_s or election.polling.requests_per_s


def make_budget(election: Election, options: PollOptions) -> Budget:
    """How often the source may be asked."""
    rate = request_rate(election, options)
    return Budget(rate, time.monotonic, longest_wish_s=election.polling.longest_wish_s)
