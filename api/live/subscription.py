"""What a client of the live protocol is owed next. Pure: it reads a count and returns frames, it sends nothing."""

import asyncio
import json
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET, Struct, UnsetType

from api.live.count import LiveCount, Snapshot
from api.live.feed import describe_feed, times_of
from api.live.following import OwedFrames, Position, Wish
from api.live.frames import Frame
from api.live.ring import Topics
from api.options import ServeOptions
from tally import moments
from tally.errors import InvalidInput
from tally.keys import NATION
from tally.storage.readings import UnitTimes
from tally.topics import CORRECTIONS, check_topic

VERSION = 1
MOST_TOPICS = 16
MISSION = "mission"


class Subscribe(Wish, rename={"from_seq": "from"}):
    """The client's message `sub`: topics, and where it stands if it was here before. With a `ticket` only its own."""

    topics: list[str]
    epoch: str | None = None
    from_seq: int | None = None


class _AnyMessage(Struct):
    t: str


def read_message(text: str | bytes) -> Subscribe | None:
    """A client's message; None for a kind this version does not know, which is ignored.

    Raises: InvalidInput: not a message. NotFound: it asks for a topic that cannot exist.
    """
    try:
        if msgspec.json.decode(text, type=_AnyMessage).t != "sub":
            return None
        message = msgspec.json.decode(text, type=Subscribe)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"not a message of this protocol: {error}") from error
    if message.ticket is not None and message.topics == [MISSION]:
        return message
    topics = sorted({check_topic(topic) for topic in message.topics})
    if not 0 < len(topics) <= MOST_TOPICS:
        raise InvalidInput(f"a subscription has 1 to {MOST_TOPICS} topics, not {len(topics)}")
    return Subscribe(topics, message.epoch, message.from_seq)


class _Hello(Struct, tag_field="t", tag="hello"):
    v: int
    epoch: str
    seq: int
    hb: float
    is_test: bool


class FeedTimes(Struct):
    """How the source is, as a sign of life tells it.

    `note` and `figures` only where there is more to say than the state does.
    """

    state: str
    checked_at: str | None
    changed_at: str | None
    note: str | UnsetType = UNSET
    figures: dict[str, int | str] | UnsetType = UNSET


class _Heartbeat(Struct, tag_field="t", tag="hb"):
    seq: int
    now: str
    feed: FeedTimes
    answers: dict[str, UnitTimes] | UnsetType = UNSET
    hash: str | UnsetType = UNSET


def begin(live: LiveCount, request: Subscribe) -> OwedFrames:
    """The start of a subscription: hello, then a snapshot, or what was missed since the version the client has."""
    topics, since = tuple(request.topics), request.from_seq
    if request.epoch is None or since is None:
        return _snap(live, topics, "start", _hello(live))
    if request.epoch != live.epoch:
        return _snap(live, topics, "epoch", _hello(live))
    if since > live.seq or live.ring.since(since) is None:
        return _snap(live, topics, "gap", _hello(live))
    step = advance(live, Position(topics, live.epoch, since, since))
    return OwedFrames((_hello(live), *step.frames), step.position)


def advance(live: LiveCount, position: Position) -> OwedFrames:
    """What happened since that position. However long ago that was, a key comes once, with its newest value."""
    topics, seen, told = position.topics, position.seen, position.told
    if position.epoch != live.epoch or seen > live.seq:
        return _snap(live, topics, "epoch", _hello(live))
    if seen == live.seq:
        return OwedFrames((), position)
    if live.ring.since(seen) is None:
        return _snap(live, topics, "slow")
    delta = live.delta(topics, seen, told)
    if delta is None:
        return OwedFrames((), Position(topics, live.epoch, live.seq, told))
    return OwedFrames((delta,), Position(topics, live.epoch, live.seq, live.seq))


def write_heartbeat(live: LiveCount, position: Position, now: datetime, *, with_hash: bool) -> Frame:
    """The sign of life: versions, times of the feed, and the hash of what a client at that position must have.

    The position is the newest one: the hash is that of the present state.
    """
    beat = _Heartbeat(
        seq=position.told,
        now=moments.write(now.replace(microsecond=0)),
        feed=feed_times(live, now),
        answers=_answers(live, position.topics, now) or UNSET,
        hash=live.snapshot(_state_topics(position.topics)).hash if with_hash else UNSET,
    )
    return Frame(msgspec.json.encode(beat))


def feed_times(live: LiveCount, now: datetime) -> FeedTimes:
    """The feed of a count as a sign of life tells it."""
    feed = describe_feed(live, now)
    note = UNSET if feed.note in (None, feed.state) else feed.note
    return FeedTimes(feed.state, feed.checked_at, feed.changed_at, note, feed.figures or UNSET)


def _answers(live: LiveCount, topics: Topics, now: datetime) -> dict[str, UnitTimes]:
    """When the units that are followed were last read; of the whole the feed's times say so."""
    found = {key: times_of(live, key, now) for key in topics if key not in (NATION, live.contest.whole)}
    return {key: times for key, times in found.items() if times is not None}


def _state_topics(topics: Topics) -> Topics:
    return tuple(topic for topic in topics if topic != CORRECTIONS)


class OfCount:
    """What is followed of one count: it is told when the count is, as its server was told; see `Followed`."""

    __slots__ = ()
    live: LiveCount

    @property
    def options(self) -> ServeOptions:
        """As the server was told."""
        return self.live.options

    @property
    def listeners(self) -> set[asyncio.Event]:
        """Whoever waits for its next version."""
        return self.live.listeners

    @property
    def standing(self) -> object:
        """How its source is read."""
        return self.live.standing

    def delivered(self, number: int) -> None:
        """So many messages were handed on."""
        self.live.deliveries += number


class FollowedCount(OfCount, Struct, frozen=True):
    """A count as audiences follow it."""

    live: LiveCount

    async def refresh(self, *, is_beat: bool) -> None:
        """A count is brought up to date by who reads the store."""

    def read(self, data: bytes) -> Subscribe | None:
        """See read_message."""
        return read_message(data)

    def begin(self, request: Subscribe) -> OwedFrames:
        """The start of a subscription."""
        return begin(self.live, request)

    def advance(self, position: Position) -> OwedFrames:
        """What happened since that position."""
        return advance(self.live, position)

    def beat(self, position: Position, now: datetime, *, with_hash: bool) -> Frame:
        """The sign of life."""
        return write_heartbeat(self.live, position, now, with_hash=with_hash)


def _hello(live: LiveCount) -> Frame:
    hello = _Hello(VERSION, live.epoch, live.seq, live.options.heartbeat_s, live.info.is_test)
    return Frame(msgspec.json.encode(hello))


def _snap(live: LiveCount, topics: Topics, why: str, *before: Frame) -> OwedFrames:
    """The whole state, or where to fetch it if it is large; the client stands at its version afterwards."""
    snapshot = live.snapshot(_state_topics(topics))
    frame = live.frame(("snap", topics, snapshot.seq, why), partial(_write_snap, live, topics, snapshot, why))
    return OwedFrames((*before, frame), Position(topics, snapshot.epoch, snapshot.seq, snapshot.seq))


def _write_snap(live: LiveCount, topics: Topics, snapshot: Snapshot, why: str) -> Frame:
    head = f'"seq":{snapshot.seq},"hash":"{snapshot.hash}","as_of":"{snapshot.as_of}","why":"{why}"'
    if len(snapshot.state) <= live.options.inline_bytes:
        return Frame(b'{"t":"snap",%s,"state":%s}' % (head.encode(), snapshot.state))
    # With the epoch in it the address is of one state for good, also in caches that nobody can empty.
    query = urlencode([*(("topic", topic) for topic in _state_topics(topics)), ("epoch", snapshot.epoch)], safe="/")
    url = f"{live.path}/state/{snapshot.seq}?{query}"
    return Frame(f'{{"t":"fetch",{head},"url":{json.dumps(url)}}}')
