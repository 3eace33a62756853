"""Asking the source, politely: every attempt is archived before anybody reads the answer."""

import asyncio
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar
from typing import Protocol

import httpx
import structlog
from msgspec import Struct

from ingest.archive import Archive, Attempt
from ingest.budget import Budget
from ingest.inflate import ACCEPTED, Body
from ingest.strict import is_marked
from tally import moments
from tally.errors import FeedMalformed, FeedRefused, FeedUnavailable

_log = structlog.get_logger()

# Rehearsal servers mark their answers; the source never does.
REHEARSAL_HEADER = "x-escrutinio-rehearsal"

_REFUSALS = (401, 403, 405, 429)
_SECONDS = re.compile("[0-9]{1,12}")


class Question(Struct, frozen=True):
    """One GET: a path below the feed's base and its parameters in order."""

    path: str
    params: tuple[tuple[str, str], ...] = ()


class Answer(Struct, frozen=True):
    """Raw bytes of one answer. `src` names them in the archive ("sha256:…"); `fetched_at` ISO UTC."""

    url: str
    body: bytes
    src: str
    fetched_at: str
    headers: Mapping[str, str]


def is_rehearsal(answer: Answer) -> bool:
    """Whether it is marked as a rehearsal's."""
    return any(name.lower() == REHEARSAL_HEADER for name in answer.headers)


class Ask(Protocol):
    """Whoever answers questions: the network, a folder of recordings, a test."""

    async def __call__(self, question: Question) -> Answer: ...


class FetchLimits(Struct, frozen=True):
    """`total_s` from the request to the last byte; `body_bytes` after inflating."""

    total_s: float = 20.0
    body_bytes: int = 16_000_000


class _NoCookies(CookieJar):
    """Keeps none and sends none: nobody needs to know us again, and a source's cookie may be anything."""

    def extract_cookies(self, *_: object) -> None:
        """See CookieJar."""

    def add_cookie_header(self, *_: object) -> None:
        """See CookieJar."""


class Fetcher:
    """Asks one host. Redirects are not followed, cookies neither kept nor sent; the host never changes.

    `guarded`: how the paths begin that the source's firewall guards by themselves. A challenge there is met with a
    pause of those alone: one question at a time tries again when it is over, and the others are not even asked.
    """

    def __init__(
        self,
        base_url: str,
        archive: Archive,
        budget: Budget,
        *,
        user_agent: str,
        guarded: str | None = None,
        limits: FetchLimits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.archive, self.budget, self.limits = archive, budget, limits or FetchLimits()
        self.asked = 0
        self._is_mark_noted = False
        self._guarded, self._door, self._is_knocking = guarded, budget.apart(), False
        self._base = base_url.rstrip("/")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
            "Content-Type": "application/json",
            "Referer": f"{self._base}/",
            "User-Agent": user_agent,
        }
        self._client = httpx.AsyncClient(
            headers=headers,
            cookies=_NoCookies(),
            transport=transport,
            timeout=self.limits.total_s,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __call__(self, question: Question) -> Answer:
        """The answer's raw bytes (maybe none), archived.

        Raises: FeedUnavailable, FeedRefused, FeedMalformed (too large), ArchiveError.
        """
        url = str(httpx.URL(self._base + question.path, params=list(question.params)))
        is_guarded = self._guarded is not None and question.path.startswith(self._guarded)
        if is_guarded and self._is_knocking:
            left = self._door.pause_s
            raise FeedRefused(f"{url}: not asked; such questions are refused", pause_s=left, is_apart=True)
        if not is_guarded or not self._door.pause_s:
            return await self._fetch(url, self._door if is_guarded else self.budget)
        self._is_knocking = True
        try:
            await self._door.wait()
            return await self._fetch(url, self._door)
        finally:
            self._is_knocking = False

    async def _fetch(self, url: str, door: Budget) -> Answer:
        left_at = await self.budget.wait()
        at, started = moments.write(moments.utc_now()), time.perf_counter()
        self.asked += 1
        try:
            async with asyncio.timeout(self.limits.total_s):
                response, body = await self._read(url)
        except (httpx.HTTPError, TimeoutError, FeedMalformed) as error:
            reason = _reason(error, self.limits)
            self.archive.log(Attempt(at, url, None, _ms(started), error=reason))
            pause = self.budget.failed(left_at)
            if isinstance(error, FeedMalformed):
                raise
            raise FeedUnavailable(f"{url}: {reason}; next try in {pause:.0f} s", pause_s=pause) from error
        sha256 = self.archive.keep(body) if body else None
        self._note_mark(url, body)
        kind = response.headers.get("content-type")
        self.archive.log(Attempt(at, url, response.status_code, _ms(started), kind, len(body), sha256))
        self._judge(url, response, left_at, door)
        return Answer(url, body, f"sha256:{sha256}", at, response.headers)

    def _note_mark(self, url: str, body: bytes) -> None:
        """Answers behind a byte order mark are read: that they are is said once."""
        if is_marked(body) and not self._is_mark_noted:
            self._is_mark_noted = True
            _log.info("an answer begins with a byte order mark; such answers are read without it", url=url)

    async def _read(self, url: str) -> tuple[httpx.Response, bytes]:
        async with self._client.stream("GET", url) as response:
            try:
                body = Body(response.headers.get("content-encoding"), self.limits.body_bytes)
                # Not httpx's own unpacking: it inflates a whole network chunk at once, up to a thousandfold.
                async for chunk in response.stream:  # type: ignore[union-attr] # the asynchronous kind
                    body.add(chunk)
                return response, body.whole()
            except FeedMalformed as error:
                raise FeedMalformed(f"{url}: {error}") from error

    def _judge(self, url: str, response: httpx.Response, left_at: float, door: Budget) -> None:
        status, is_challenge = response.status_code, "x-amzn-waf-action" in response.headers
        if status in _REFUSALS or is_challenge:
            wish = _retry_after(response.headers.get("retry-after"))
            is_apart = is_challenge and door is not self.budget
            pause = (door if is_apart else self.budget).refused(left_at, wish)
            asked_for = "" if wish is None else f" (it asked for {wish:.0f} s)"
            sentence = f"{url}: refused with {status}; we stop asking for {pause:.0f} s{asked_for}"
            raise FeedRefused(sentence, retry_after_s=wish, pause_s=pause, is_apart=is_apart)
        if status >= 500 or 300 <= status < 400:
            pause = self.budget.failed(left_at)
            raise FeedUnavailable(f"{url}: answered {status}; next try in {pause:.0f} s", pause_s=pause)
        self.budget.succeeded()
        door.succeeded()
        if status not in (200, 202, 204):
            raise FeedMalformed(f"{url}: the source rejected the question with {status}")


def _reason(error: Exception, limits: FetchLimits) -> str:
    if isinstance(error, TimeoutError):
        return f"no whole answer within {limits.total_s:.0f} s"
    if isinstance(error, httpx.ConnectError):
        return "no connection (is the host right, and is it up?)"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _retry_after(text: str | None) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date; None if it holds neither."""
    if text is None:
        return None
    if _SECONDS.fullmatch(text.strip()):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - moments.utc_now()).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):  # the parser raises each of them
        return None


def _ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
