"""An hour's answers in two and a half minutes: 10,000 devices, one response each, at random moments of the hour.

A device's wait runs from the moment at which it wants to send, not from when the server comes round to it. Every tenth
device hears no answer, and sends the same again.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.hub import BenchedProcess
from bench.responses.devices import seed
from mission.incidents.location import Location
from mission.journal import Entry
from mission.people.roles import Role
from mission.responses.response import Filed, Given, Sent
from mission.responses.responses import FILE, Responses, fold, responses_of
from tally import moments
from tally.keys import mesa_key
from tally.storage.store import Store
from tests.api.country import ELECTION, Country

_DEVICES, _HOUR_S, _TIMES = 10_000, 3600, 24
_AGAIN_S = 2.0  # what Retry-After says
_FOLDED, _ROUNDS = 20_000, 200
# Of a mesa that opened well: all that the form asks there.
_ANSWERS: Mapping[str, Given] = {
    **dict.fromkeys(("access", "installed", "sealed", "box_empty", "secret", "personeros_free"), "yes"),
    **dict.fromkeys(("other_observers", "pressure"), "no"),
    **{"installed_at": "06:50", "first_vote": "07:20", "presided": "titular", "missing": ["nothing"]},
    **{"members": 3, "women": 2, "registered": 280, "personeros": 4, "notes": "Sin novedad al abrir la mesa."},
}


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    say(f"{_DEVICES} devices' answers within an hour, {_TIMES} times as fast")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store.open(f"sqlite:///{folder / 'mission.db'}")
        mesas = Country(store).mesas
        tokens = seed(store.engine, _DEVICES)
        server = BenchedProcess("bench.responses.servers", name)
        try:
            waits, ids, seconds = asyncio.run(_send(server.hear(), tokens, mesas))
        finally:
            server.close()
        kept = responses_of(store.engine).of(ELECTION.id).read()
        figures = _waits(waits) | {
            "per_s": round(len(waits) / seconds),
            "lost": len(set(ids) - kept.responses.keys()),
            "twice": len(kept.responses) - len(kept.of_observer),
            "kept": len(kept.responses),
            "fold_ms": _fold_ms(),
        }
        store.close()
    return figures


async def _send(port: int, tokens: Sequence[str], mesas: Sequence[str]) -> tuple[list[float], list[str], float]:
    """How long each waited, in seconds, the ids they were told, and how long all of it took."""
    chance = random.Random(1)
    wanted = sorted((chance.uniform(0, _HOUR_S / _TIMES), token) for token in tokens)
    began = time.perf_counter()

    async def one(at: float, token: str, mesa: str) -> tuple[float, str]:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        request, told = _request(token, mesa), b""
        for _ in range(2 if token.endswith("7") else 1):
            told = await _taken(port, request)
        return time.perf_counter() - began - at, msgspec.json.decode(told)["id"]

    done = await asyncio.gather(*(one(at, token, mesas[n % len(mesas)]) for n, (at, token) in enumerate(wanted)))
    return [wait for wait, _ in done], [told for _, told in done], time.perf_counter() - began


async def _taken(port: int, request: bytes) -> bytes:
    """The receipt. Who is told to come again (503) does so, as the queue of a phone does."""
    while True:
        head, body = await _exchange(port, request)
        if head.startswith((b"HTTP/1.1 201", b"HTTP/1.1 200")):
            return body
        if not head.startswith(b"HTTP/1.1 503"):
            raise AssertionError((head + body).decode())
        await asyncio.sleep(_AGAIN_S)


async def _exchange(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Head and body of an answer, over a connection of its own: each device is far from all others."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


def _request(token: str, mesa: str) -> bytes:
    body = msgspec.json.encode(_body(mesa))
    lines = (
        *("POST /api/v1/mission/responses HTTP/1.1", "Host: 127.0.0.1", "Connection: close"),
        *(f"Authorization: Bearer {token}", "Idempotency-Key: the-opening"),
        *("Content-Type: application/json", f"Content-Length: {len(body)}"),
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _body(mesa: str) -> dict[str, object]:
    now = moments.write(datetime.now(UTC).replace(microsecond=0))
    times = dict.fromkeys(("started_at", "finished_at", "device_at"), now)
    return {"form": "opening", "version": 1, "place": {"mesa": mesa}, "answers": _ANSWERS, **times}


def _waits(waits: Sequence[float]) -> dict[str, float]:
    ordered = sorted(waits)
    return {f"p{share}_ms": round(1000 * ordered[len(ordered) * share // 100], 1) for share in (50, 99)}


def _fold_ms() -> float:
    """CPU of taking one more response into a state of so many."""
    entries = [_entry(n) for n in range(_FOLDED + _ROUNDS)]
    state = fold(Responses(), entries[:_FOLDED])
    before = time.process_time()
    for entry in entries[_FOLDED:]:
        state = fold(state, [entry])
    return round(1000 * (time.process_time() - before) / _ROUNDS, 2)


def _entry(n: int) -> Entry:
    now = "2030-01-06T12:00:00Z"
    location = Location(mesa_key(f"{n:06}"))
    sent = Sent(
        form="opening", version=1, location=location, started_at=now, finished_at=now, device_at=now, answers=_ANSWERS
    )
    data = msgspec.json.encode(Filed(sent))
    return Entry(f"id-{n}", FILE, data, seq=n + 1, at=now, actor=f"ave-{n % 10_000}", role=Role.OBSERVER.value)
