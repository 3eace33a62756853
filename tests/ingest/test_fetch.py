"""Fetching: archived before it is judged, bounded in time and size, polite when refused."""

import asyncio
import gzip
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher, FetchLimits, Question
from tally.election import Polling
from tally.errors import ArchiveError, FeedMalformed, FeedRefused, FeedUnavailable

QUESTION = Question("/resumen-general/totales", (("idEleccion", "10"), ("tipoFiltro", "eleccion")))


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def fetcher(tmp_path: Path, handler: Callable[[httpx.Request], httpx.Response], **limits: float) -> Fetcher:
    budget = Budget(None, time.monotonic, seed=1)
    transport = httpx.MockTransport(handler)
    archive = Archive(tmp_path / "archive")
    made = FetchLimits(**limits) if limits else None
    return Fetcher(
        "https://host.example/base", archive, budget, user_agent="Escrutinio/0", limits=made, transport=transport
    )


def ask(source: Fetcher) -> bytes:
    async def once() -> bytes:
        try:
            return (await source(QUESTION)).body
        finally:
            await source.close()

    return asyncio.run(once())


def test_a_question_is_asked_honestly_and_its_bytes_are_kept(tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b'{"success":true}', headers={"content-type": "application/json"})

    source = fetcher(tmp_path, handler)
    assert ask(source) == b'{"success":true}'
    assert str(seen[0].url) == "https://host.example/base/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion"
    assert seen[0].headers["user-agent"] == "Escrutinio/0"
    assert seen[0].headers["referer"].startswith("https://host.example/")
    [attempt] = source.archive.attempts()
    assert (attempt.status, attempt.bytes, attempt.error, attempt.type) == (200, 16, None, "application/json")
    assert attempt.sha256 is not None
    assert source.archive.read(attempt.sha256) == b'{"success":true}'


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(500), FeedUnavailable),
        (httpx.Response(503, content=b"<html>"), FeedUnavailable),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), FeedUnavailable),
        (httpx.Response(403), FeedRefused),
        (httpx.Response(405), FeedRefused),
        (httpx.Response(429, headers={"retry-after": "90"}), FeedRefused),
        (httpx.Response(202, headers={"x-amzn-waf-action": "challenge"}), FeedRefused),
        (httpx.Response(400), FeedMalformed),
    ],
)
def test_an_answer_that_is_no_data_is_named_and_kept(
    tmp_path: Path, response: httpx.Response, error: type[Exception]
) -> None:
    source = fetcher(tmp_path, lambda _: response)
    with pytest.raises(error, match=r"host\.example"):
        ask(source)
    assert [attempt.status for attempt in source.archive.attempts()] == [response.status_code]


def test_a_redirect_is_never_followed(tmp_path: Path) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(301, headers={"location": "https://elsewhere.example/"})

    with pytest.raises(FeedUnavailable, match="301"):
        ask(fetcher(tmp_path, handler))
    assert asked == ["host.example"]


def test_no_content_is_an_answer_without_bytes(tmp_path: Path) -> None:
    source = fetcher(tmp_path, lambda _: httpx.Response(204))
    assert ask(source) == b""
    assert source.archive.attempts()[0].sha256 is None


def test_a_host_that_is_away_is_unavailable_and_the_attempt_is_kept(tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    source = fetcher(tmp_path, handler)
    with pytest.raises(FeedUnavailable, match="is it up"):
        ask(source)
    assert source.archive.attempts()[0].error is not None


def test_a_compressed_answer_that_inflates_without_end_is_cut_off(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    source = fetcher(
        tmp_path,
        lambda _: httpx.Response(200, content=bomb, headers={"content-encoding": "gzip"}),
        total_s=5.0,
        body_bytes=1_000_000,
    )
    with pytest.raises(FeedMalformed, match="larger than 1000000 bytes"):
        ask(source)


def test_an_answer_that_drips_is_cut_off_by_the_total_deadline(tmp_path: Path) -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                yield b" "
                await asyncio.sleep(0.02)

    source = fetcher(tmp_path, lambda _: httpx.Response(200, stream=Drip()), total_s=0.2, body_bytes=10**9)
    with pytest.raises(FeedUnavailable, match="no whole answer within"):
        ask(source)


def test_the_budget_spaces_requests_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, left = Clock(), []
    sleeping(clock, monkeypatch)

    async def three() -> None:
        budget = Budget(2.0, clock)
        for _ in range(3):
            await budget.wait()
            left.append(clock.now)

    asyncio.run(three())
    assert left == [0.0, 0.5, 1.0]


def test_refusals_double_the_pause_up_to_an_end_and_retry_after_is_obeyed() -> None:
    budget = Budget(2.0, clock := Clock(), seed=3)

    def refuse(wish: float | None = None) -> float:
        clock.now += 1
        return budget.refused(clock.now, wish)

    pauses = [refuse() for _ in range(9)]
    assert all(30 * 2**n <= pause <= 60 * 2**n for n, pause in enumerate(pauses[:5]))
    assert max(pauses) <= 2400
    assert refuse(5000.0) == 5000.0
    budget.succeeded()
    assert refuse() <= 60
    assert Budget(2.0, Clock()).failed(0.0) <= 1.0


def test_connections_that_were_lost_do_not_lengthen_the_first_refusals_pause() -> None:
    budget = Budget(2.0, clock := Clock(), seed=3)
    for _ in range(7):
        clock.now += 200
        budget.failed(clock.now)
    clock.now += 200
    assert budget.refused(clock.now, None) <= 60
    clock.now += 200
    assert budget.failed(clock.now) > 60
    budget.succeeded()
    clock.now += 200
    assert budget.failed(clock.now) <= 1


def test_a_wish_to_be_left_alone_for_years_is_capped_where_the_election_says_so() -> None:
    budget = Budget(2.0, Clock(), seed=3, longest_wish_s=600.0)
    assert budget.refused(0.0, 90.0) == 90.0
    assert budget.refused(1.0, 251_000_000_000.0) == 600.0
    assert Polling().longest_wish_s == 600.0


REFUSED = "https://host.example/base/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion: refused with 429"


@pytest.mark.parametrize(
    ("wish", "told", "least", "most"),
    [
        (b"90", "we stop asking for 90 s (it asked for 90 s)", 90.0, 90.0),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", "we stop asking for 600 s (it asked for 2", 600.0, 600.0),
        (b"9" * 12, "we stop asking for 600 s (it asked for 999999999999 s)", 600.0, 600.0),
        (b"Mon, 01 Jan 2001 00:00:00 GMT", "(it asked for 0 s)", 30.0, 60.0),
        *((nonsense, "s", 30.0, 60.0) for nonsense in (b"\xb2", b"-5", b"1e306", b"NaN", b"9" * 400, b"soon", b"")),
        *(
            (nonsense, "s", 30.0, 60.0)
            for nonsense in (b"Mon, 00 Jan 0000 0:0:0 -9999", b"Fri, 31 Dec 99999 0:0:0 GMT")
        ),
        *((digits.encode(), "s", 30.0, 60.0) for digits in ("９０", "٩٠")),
    ],
)
def test_a_retry_after_of_any_form_is_obeyed_within_reason_or_ignored(
    tmp_path: Path, wish: bytes, told: str, least: float, most: float
) -> None:
    source = fetcher(tmp_path, lambda _: httpx.Response(429, headers=[(b"retry-after", wish)]))
    source.budget = Budget(None, Clock(), seed=1, longest_wish_s=600.0)
    with pytest.raises(FeedRefused) as caught:
        ask(source)
    assert str(caught.value).startswith(REFUSED)
    assert told in str(caught.value)
    assert least <= caught.value.pause_s <= most


def test_cookies_are_neither_kept_nor_sent(tmp_path: Path) -> None:
    seen: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        cookies = [(b"set-cookie", b"id=1; Path=/"), (b"set-cookie", b"\x80"), (b"set-cookie2", b"id=2")]
        return httpx.Response(200, content=b"{}", headers=cookies)

    source = fetcher(tmp_path, handler)

    async def twice() -> None:
        for _ in range(2):
            await source(QUESTION)
        await source.close()

    asyncio.run(twice())
    assert len(seen) == 2
    assert all("cookie" not in headers for headers in seen)


def test_that_answers_begin_with_a_byte_order_mark_is_noted_once(tmp_path: Path) -> None:
    source = fetcher(tmp_path, lambda _: httpx.Response(200, content=b"\xef\xbb\xbf{}"))

    async def twice() -> None:
        for _ in range(2):
            assert (await source(QUESTION)).body == b"\xef\xbb\xbf{}"  # the archive has the bytes as they came
        await source.close()

    with capture_logs() as logs:
        asyncio.run(twice())
    assert ["byte order mark" in log["event"] for log in logs] == [True]


def test_requests_that_were_under_way_together_fail_once() -> None:
    budget = Budget(2.0, clock := Clock(), seed=3)
    clock.now = 10.0
    assert all(budget.failed(left_at) <= 1.0 for left_at in (8.0, 8.5, 9.0, 9.5))
    assert budget.refused(9.5, 90.0) == 90.0
    clock.now = 100.0
    assert 1.0 <= budget.failed(99.0) <= 2.0


def test_a_pause_holds_back_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    sleeping(clock, monkeypatch)

    async def after_a_refusal() -> float:
        budget = Budget(2.0, clock)
        left_at = await budget.wait()
        pause = budget.refused(left_at, 90.0)
        await budget.wait()
        return pause

    assert clock.now <= asyncio.run(after_a_refusal()) <= clock.now + 1
    assert clock.now >= 90


def sleeping(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("ingest.budget.asyncio.sleep", sleep)


def test_the_archive_keeps_each_body_once_and_notices_a_change(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    name = archive.keep(b"body")
    assert archive.keep(b"body") == name
    archive.flush()
    assert [path.name for path in (tmp_path / "objects").rglob("*") if path.is_file()] == [name]
    (tmp_path / "objects" / name[:2] / name).write_bytes(b"bodY")
    with pytest.raises(ArchiveError, match="altered"):
        archive.read(name)
    with pytest.raises(ArchiveError, match="no object"):
        archive.read("00" * 32)


def test_a_log_line_that_was_damaged_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (tmp_path / "log" / "2026-06-08.jsonl").write_text('{"at":"x","url":"u","status":200,"ms":1}\n{"at":\n')
    with pytest.raises(ArchiveError, match=r"2026-06-08\.jsonl line 2"):
        archive.attempts()


def test_an_archive_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match="cannot be written"):
        Archive(tmp_path / "file")
