"""What one client of the live protocol is owed next. Pure: it reads a count and returns frames, it sends nothing."""

import json
from datetime import datetime
from urllib.parse import quote, urlencode

import msgspec
from msgspec import UNSET, Struct, UnsetType

from api.feed import describe_feed
from api.live import LiveCount
from tally import moments
from tally.errors import InvalidInput
from tally.topics import CORRECTIONS, check_topic

VERSION = 1
MOST_TOPICS = 16


class Subscribe(Struct, rename={"from_seq": "from"}):
    """The client's message `sub`: topics, and where it stands if it was here before."""

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


class _FeedTimes(Struct):
    state: str
    checked_at: str | None
    changed_at: str | None


class _Heartbeat(Struct, tag_field="t", tag="hb"):
    seq: int
    now: str
    feed: _FeedTimes
    hash: str | UnsetType = UNSET


class Subscription:
    """One client's position: `seq` is the version it was last told of, `seen` how far the log was searched for it."""

    def __init__(self, live: LiveCount, request: Subscribe) -> None:
        self.live, self.topics = live, tuple(request.topics)
        self.epoch, self.seq = request.epoch, request.from_seq
        self.seen = -1

    def start(self) -> list[str]:
        """The first frames: hello, then a snapshot, or what was missed since the version the client has."""
        hello = self._hello()
        if self.epoch is None or self.seq is None:
            return [hello, self._snap("start")]
        if self.epoch != self.live.epoch:
            return [hello, self._snap("epoch")]
        if self.seq > self.live.seq or self.live.ring.since(self.seq) is None:
            return [hello, self._snap("gap")]
        self.seen = self.seq
        return [hello, *self.news()]

    def news(self) -> list[str]:
        """Frames since the last ones. However long ago that was, a key comes once, with its newest value."""
        if self.epoch != self.live.epoch or self.seen > self.live.seq:
            return [self._hello(), self._snap("epoch")]
        if self.seen == self.live.seq:
            return []
        if self.live.ring.since(self.seen) is None:
            return [self._snap("slow")]
        assert self.seq is not None  # noqa: S101 - whoever has an epoch has a version
        delta = self.live.delta(self.topics, self.seen, self.seq)
        self.seen = self.live.seq
        if delta is None:
            return []
        self.seq = self.live.seq
        return [delta]

    def heartbeat(self, now: datetime, *, with_hash: bool) -> str:
        """The sign of life: versions, times of the feed, and the hash of what this client must have."""
        feed = describe_feed(self.live, now)
        beat = _Heartbeat(
            seq=self.seq or 0,
            now=moments.write(now.replace(microsecond=0)),
            feed=_FeedTimes(feed.state, feed.checked_at, feed.changed_at),
            hash=self.live.snapshot(self._state_topics).hash if with_hash else UNSET,
        )
        return msgspec.json.encode(beat).decode()

    @property
    def is_current(self) -> bool:
        """Whether nothing has happened since the last frames."""
        return self.epoch == self.live.epoch and self.seen == self.live.seq

    @property
    def _state_topics(self) -> tuple[str, ...]:
        return tuple(topic for topic in self.topics if topic != CORRECTIONS)

    def _hello(self) -> str:
        live = self.live
        hello = _Hello(VERSION, live.epoch, live.seq, live.options.heartbeat_s, live.info.is_test)
        return msgspec.json.encode(hello).decode()

    def _snap(self, why: str) -> str:
        """The whole state, or where to fetch it if it is large; the client stands at its version afterwards."""
        snapshot = self.live.snapshot(self._state_topics)
        self.epoch, self.seq = snapshot.epoch, snapshot.seq
        self.seen = snapshot.seq
        head = f'"seq":{snapshot.seq},"hash":"{snapshot.hash}","as_of":"{snapshot.as_of}","why":"{why}"'
        if len(snapshot.state) <= self.live.options.inline_bytes:
            return f'{{"t":"snap",{head},"state":{snapshot.state.decode()}}}'
        return f'{{"t":"fetch",{head},"url":{json.dumps(self._url(snapshot.seq))}}}'

    def _url(self, seq: int) -> str:
        query = urlencode([("topic", topic) for topic in self._state_topics], safe="/")
        return f"/api/v1/elections/{quote(self.live.election.id)}/state/{seq}?{query}"
