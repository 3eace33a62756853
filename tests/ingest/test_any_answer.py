"""Whatever a source answers becomes values or an error of the tree: every reading of both feeds, and asking itself."""

import asyncio
import json
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from ingest.archive import Archive
from ingest.budget import Budget
from ingest.feeds import ActaHead, Feed, Kept
from ingest.fetch import Answer, Fetcher, FetchLimits, Question
from ingest.registry import make_feed
from tally.board import Board, Fact
from tally.errors import FeedError
from tally.keys import is_area, is_key
from tests.ingest.rig import SOURCES, Rig, Source, a_small_country

DISTRICT = "140101"
NOTHING = Answer("http://host/", b"", "sha256:x", "2026-06-08T00:00:00Z", {})
NAMED = ("nation", "scope/abroad", "department/14", "province/1401", "district/140101")

# What a number or a text of an answer may turn into, as it stands in the payload.
LEXEMES = (
    *("0", "-0", "-1", "1.5", "1e306", "-1e306", "1e400", "NaN", "Infinity", "null", "true", "[]", "{}", '""', '" "'),
    *(str(10**12), str(10**12 + 1), str(2**63), "9" * 20, "9" * 5000, f'"{"9" * 5000}"', f'"{"x" * 300}"'),
    *(
        '"\\u0000"',
        '"A\\u0007B"',
        '"\\ud800"',
        '"\\u202e"',
        '"A\\r\\nB"',
        '"０００００１"',
        '"１４０１０１"',
        '"#"',
        '"../x"',
    ),
    *('"0001-01-01T00:00:00+05:00"', '"9999-12-31T23:59:59-05:00"', '"0001-01-01"', '"01/01/0001"', '"31/12/9999"'),
    *('"2026-06-08"', "-62135596800000", "253402300799000", "1" + "0" * 17, '"140100"', "140100", "1000000000"),
)


class Told(Struct, frozen=True):
    """One generation's sound answers, by question, and the heads of one district."""

    source: Source
    answers: dict[Question, Answer]
    head: ActaHead


@cache
def told(generation: str) -> Told:
    source = SOURCES[generation]
    with tempfile.TemporaryDirectory() as folder:
        mesas = a_small_country(Path(folder) / "mesas.csv", source.election)
        rig = Rig(source, mesas, f"sqlite:///{folder}/count.db", Path(folder))
        answers: dict[Question, Answer] = {}

        async def read() -> list[ActaHead]:
            fetcher = rig.fetcher()

            async def ask(question: Question) -> Answer:
                answers[question] = await fetcher(question)
                return answers[question]

            [*_, heads] = [await reading(rig.feed, ask) for reading in READINGS[:-1]]
            await rig.feed.acta(ask, heads[0])
            await fetcher.close()
            return heads

        head = asyncio.run(read())[0]
        rig.store.close()
    return Told(source, answers, head)


Reading = Callable[..., Any]
READINGS: tuple[Reading, ...] = (
    lambda feed, ask: feed.identify(ask),
    lambda feed, ask: feed.catalogue(ask),
    lambda feed, ask: feed.moved(ask),
    *(lambda feed, ask, key=key: feed.area(ask, key, None) for key in NAMED),
    lambda feed, ask: feed.acta_list(ask, f"district/{DISTRICT}"),
    lambda feed, ask: feed.acta(ask, told(feed.election.generation).head),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a payload."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def spoil(body: bytes, pick: int, lexeme: str) -> bytes:
    """The payload with something else in one place."""
    mark, value = "\ue000 here \ue000", json.loads(body)
    every = list(places(value))
    *above, last = ("whole", *every[pick % len(every)])
    inner = root = {"whole": value}
    for key in above:
        inner = inner[key]
    inner[last] = mark
    return json.dumps(root["whole"], ensure_ascii=False).replace(f'"{mark}"', lexeme).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
lexemes = st.sampled_from(LEXEMES) | json_values.map(json.dumps)
Spoiling = Callable[[bytes], bytes]
spoilings: st.SearchStrategy[Spoiling] = (
    st.builds(lambda pick, lexeme: lambda body: spoil(body, pick, lexeme), st.integers(0, 10**4), lexemes)
    | st.binary(max_size=60).map(lambda other: lambda body: other)
    | json_values.map(lambda value: lambda body: json.dumps(value).encode())
    | st.sampled_from(["utf-8-sig", "utf-16", "utf-32", "utf-7"]).map(
        lambda name: lambda body: body.decode().encode(name)
    )
)


@pytest.mark.parametrize("generation", sorted(SOURCES))
@settings(max_examples=600, deadline=None)
@given(number=st.integers(0, len(READINGS) - 1), turn=st.integers(0, 2), spoiling=spoilings)
def test_every_reading_gives_values_that_can_be_kept_or_an_error_of_the_tree(
    generation: str, number: int, turn: int, spoiling: Spoiling
) -> None:
    known = told(generation)
    election = known.source.election
    feed, asked = make_feed(election, election.contest()), 0

    async def ask(question: Question) -> Answer:
        nonlocal asked
        answer, asked = known.answers.get(question, NOTHING), asked + 1
        return msgspec.structs.replace(answer, body=spoiling(answer.body)) if asked == turn + 1 else answer

    try:
        said = asyncio.run(READINGS[number](feed, ask))
    except FeedError as error:
        said, sentence = None, str(error)
    else:
        sentence = ""
    assert sentence.isprintable()
    assert len(sentence) < 600
    keep(said)


def keep(said: Any) -> None:
    """A board takes in what was said, and what it makes of it can be written."""
    if isinstance(said, dict):
        assert all(is_key(key) and is_area(key) for key in said)
    rows = said if isinstance(said, list) else [said]
    facts = [fact for row in rows for fact in (row.facts if isinstance(row, ActaHead) else (row,))]
    board = Board(2)
    for change in board.apply([fact for fact in facts if isinstance(fact, Fact)]):
        for text in (change.key, *texts(msgspec.json.decode(change.data))):
            assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in text), text
            assert len(text) <= 2000
    board.sums.cross_check()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


@pytest.mark.parametrize("generation", sorted(SOURCES))
@settings(deadline=None)
@given(
    path=st.text(max_size=20) | st.sampled_from(["140100", "0" * 6, "１４０１０１", "x", "9" * 5000]),
    rest=st.text(max_size=20) | st.sampled_from(["140101", "１４０１０１", "0/0", "x"]),
    number=st.integers(0, 100),
    spoiling=spoilings | st.just(bytes),
)
def test_every_kept_answer_under_any_address_is_reread_without_harm(
    generation: str, path: str, rest: str, number: int, spoiling: Spoiling
) -> None:
    """A relay names the addresses of its answers itself."""
    known = told(generation)
    election = known.source.election
    feed: Feed = make_feed(election, election.contest())
    questions = sorted(known.answers, key=str)
    question = questions[number % len(questions)]
    others = (
        Question(f"{question.path.rpartition('/')[0]}/{path}", question.params),
        Question(f"{question.path.rpartition('/')[0]}/{path}/{rest}", question.params),
        Question(question.path, tuple((name, path) for name, _ in question.params)),
        Question(question.path, tuple((name, rest if name[0] in "cip" else value) for name, value in question.params)),
    )
    body = spoiling(known.answers[question].body)
    keep(feed.reread([Kept("sha256:x", (question, *others), body)] * 2, {}))


names = st.sampled_from(
    ["retry-after", "content-encoding", "content-type", "content-length", "set-cookie", "location", "x-amzn-waf-action"]
)
values = (
    st.binary(max_size=40).filter(lambda value: not set(value) & {0, 10, 13})
    | st.text("0123456789", max_size=400).map(str.encode)
    | st.sampled_from(
        [
            *(b"\xb2", "９０".encode(), b"1e306", b"NaN", b"-5", b"Fri, 31 Dec 9999 23:59:59 GMT"),
            *(b"gzip", b"gzip, gzip", b"deflate", b"identity", b"br", b"Mon, 00 Jan 0000 0:0:0 -9999"),
            b"x=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
        ]
    )
)


statuses = st.sampled_from([200, 202, 204, 301, 400, 401, 403, 404, 405, 429, 500, 503]) | st.integers(200, 599)


@settings(max_examples=400, deadline=None)
@given(statuses, st.lists(st.tuples(names, values), max_size=4), st.binary(max_size=60))
def test_asking_gives_an_answer_or_an_error_of_the_tree_whatever_its_headers_say(
    status: int, headers: list[tuple[str, bytes]], body: bytes
) -> None:
    given_headers = [(name.encode(), value) for name, value in headers]
    transport = httpx.MockTransport(
        lambda _: httpx.Response(status, headers=given_headers, stream=httpx.ByteStream(body))
    )

    async def ask(folder: str) -> Answer:
        budget = Budget(None, lambda: 0.0, seed=1)
        fetcher = Fetcher("http://host", Archive(Path(folder)), budget, user_agent="x", transport=transport)
        try:
            return await fetcher(Question("/"))
        finally:
            await fetcher.close()

    with tempfile.TemporaryDirectory() as folder:
        try:
            assert asyncio.run(ask(folder)).body is not None
        except FeedError:
            return


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_asking_over_the_wire_gives_an_answer_or_an_error_of_the_tree_whatever_comes(
    sent: bytes, is_http: bool
) -> None:
    async def run(folder: str) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write((b"HTTP/1.1 " if is_http else b"") + sent)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            closed.set()

        closed = asyncio.Event()
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        limits = FetchLimits(total_s=0.5)
        budget = Budget(None, lambda: 0.0, seed=1)
        fetcher = Fetcher(f"http://127.0.0.1:{port}", Archive(Path(folder)), budget, user_agent="x", limits=limits)
        try:
            await fetcher(Question("/"))
        finally:
            await fetcher.close()
            await closed.wait()
            server.close()
            await server.wait_closed()

    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(run(folder))
        except FeedError:
            return
