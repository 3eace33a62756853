"""The public pages, each made once a version and given to all who ask for the same, whatever else their link says."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from anyio import CapacityLimiter, to_thread
from msgspec import Struct
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.answers import pack
from api.http.asking import ask
from api.http.making import Makings
from api.http.workers import Turns, Workers, showing
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.feed import describe_feed
from api.options import ServeOptions
from api.serving.ready_answers import ReadyAnswer, ReadyAnswers
from dashboard.headers import PAST_CACHE
from dashboard.routes import MOMENT, parameters_of
from tally import moments
from tally.changes import digest

# Pages that are made at once. Python works at one of them at a time: the others are about to be read something.
_PRESENT, _PAST = 3, 2
# What each way to send a page says by itself.
_OF_FORM = frozenset({"cache-control", "content-length", "content-type", "etag", "vary"})


class Shown(Struct, frozen=True):
    """What a page shows: a count, and with `others` what there is of every other one, too."""

    live: LiveCount
    others: Counts | None = None

    def now(self) -> tuple[object, ...]:
        """All that it depends on. Times are shown in minutes."""
        live, now = self.live, moments.utc_now()
        feed = describe_feed(live, now)
        head = None if live.info.head is None else live.info.head.root
        times = [(at or "")[:16] for at in (moments.write(now), feed.checked_at, feed.changed_at)]
        told = feed.state, feed.note, tuple(sorted(feed.figures.items()))
        news = None if self.others is None else self.others.news
        return (self._lasting, news, live.seq, head, *told, *times)

    def is_still(self, then: tuple[object, ...], *, is_settled: bool) -> bool:
        """Whether it shows what it showed then; a settled past depends on less."""
        return self._lasting == then[0] if is_settled else self.now() == then

    @property
    def _lasting(self) -> tuple[object, ...]:
        return self.live.epoch, self.live.info.is_test


class PageShelf:
    """Pages of the dashboard. Those of the present wait for none of the past, whose workers give way to them."""

    def __init__(self, options: ServeOptions, ready: ReadyAnswers) -> None:
        self._options, self._ready = options, ready
        self.present, self.past = Turns(_PRESENT), Turns(_PAST)
        self._makings = Makings[ReadyAnswer | Sequence[Message]](Workers(1), 0)
        # Not those threads in which others wait for the database.
        self._packing = CapacityLimiter(_PRESENT)

    async def give(self, pages: ASGIApp, shown: Shown, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page; what is no page of the public is asked of `pages` as it is.

        Raises: AtCapacity. Departed.
        """
        names = parameters_of(scope["path"])
        if scope["method"] != "GET" or names is None:
            await pages(scope, receive, send)
            return
        scope = {**scope, "query_string": _chosen(scope["query_string"], names)}
        messages: Sequence[Message] | None = self._ready.find(scope)
        if messages is None:
            host = Headers(scope=scope).get("host", "")
            home = self._options.home(f"{scope['scheme']}://{host}")
            key = (scope["path"], scope["query_string"], home, shown.now())
            made = await self._makings.share(key, partial(self._make, pages, shown, scope))
            messages = made.messages(scope) if isinstance(made, ReadyAnswer) else made
        for message in messages:
            await send(message)

    async def _make(self, pages: ASGIApp, shown: Shown, scope: Scope, address: str) -> ReadyAnswer | list[Message]:
        """The page in all its forms; anything else but a page as it comes."""
        then = shown.now()
        head = Headers(scope=scope).mutablecopy()
        head["accept-encoding"] = "identity"
        for condition in ("if-none-match", "range"):
            del head[condition]
        is_past = _is_past(scope["query_string"])
        turns = self.past if is_past else self.present
        await turns.take(address)
        with ExitStack() as stack:
            stack.callback(turns.give_back)
            if not is_past:
                stack.enter_context(showing)
            asked = await ask(pages, {**scope, "headers": head.raw})
        if asked.status != HTTPStatus.OK:
            return asked.messages()
        told = Headers(raw=asked.headers)
        own = {name: value for name, value in told.items() if name not in _OF_FORM}
        whole = partial(pack, asked.body, digest(asked.body), told["content-type"], own)
        answer = await to_thread.run_sync(whole, limiter=self._packing)
        cache = told.get("cache-control", "")
        is_served = partial(shown.is_still, then, is_settled=cache == PAST_CACHE)
        ready = self._ready.prepare(scope, is_served, answer, cache)
        if self._options.has_one_home:
            self._ready.keep_ready(scope, ready)
        return ready


def _chosen(query: bytes, names: Sequence[str]) -> bytes:
    """What a query says under those names, in their order; the first where it says more."""
    given = dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
    return urlencode({name: given[name] for name in names if name in given}).encode()


def _is_past(query: bytes) -> bool:
    return any(name == MOMENT for name, _ in parse_qsl(query.decode()))
