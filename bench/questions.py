"""What strangers may ask: the costliest public questions, cold, and what many of the worst kind do to everybody else.

A replica of its own over the log of a whole country's night, on either database. CPU time is the replica's; a database
server has its own. Every question is the first of its kind in its version.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from bench.country import newest_election
from bench.hub import BenchedProcess, Side, _late, _p99, _probe
from bench.night import copy_night, write_night
from tests import postgres

_B = f"/api/v1/elections/{newest_election().id}"
_THEN = "at=2026-06-08T02:00:00Z"
_MOVED = "since=2026-06-08T02:00:00Z&sort=-change.margin&top=10&columns=key,name,change.margin"
# The costliest of all public addresses, as measured one by one; those in pieces apart.
QUESTIONS = {
    "state_districts": "/state?topic=districts&topic=provinces",
    "state_then": f"/state?topic=districts&topic=provinces&{_THEN}",
    "state_version": "/state/1000?topic=districts&topic=provinces",
    "districts_csv": "/results?level=district&format=csv",
    "districts_then": "/results?level=district&at=2026-06-08T01:00:00Z",
    "districts_moved": f"/results?level=district&{_MOVED}",
    "places": "/places?within=nation",
    "why_nation": "/why?key=nation&limit=100",
    "why_province": "/why?key=province/1401&limit=100",
    "timeline": "/timeline?key=nation&most=200",
    "moments": "/moments?key=department/14",
    "queue": "/queue?format=csv",
    "corrections": "/corrections?limit=1000&kind=correction&kind=hold&kind=release",
    "reconciliation": f"/reconciliation?{_THEN}",
    "embed_map": "/embed/v1/map?area=department/14",
    "page": "/area/province/1401",
}
PIECED = {
    "mesas_csv": "/results?level=mesa&format=csv",
    "mesas_then": f"/results?level=mesa&{_THEN}",
    "mesas_asked": "/results?level=mesa&where=turnout%3E%3D99&sort=-turnout&top=20&columns=key,turnout",
}
_SOCKETS, _PUSHES, _ASKING = 1000, 60, 50
_PAUSE_S = 0.2
# Pages and embeds; all others are the API's.
_BESIDE = ("/embed/", "/area/")
_PACKED = {"Accept-Encoding": "br, gzip"}


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    binaries, found = postgres.find_binaries(), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        say("the log of a whole night")
        url = f"sqlite:///{folder}/night.db"
        write_night(url, newest_election())
        found |= _of_database("sqlite", url, say)
        if binaries is None:
            say("no PostgreSQL found: it is not measured")
            return found
        within = Path(folder) / "postgresql"
        within.mkdir()
        Path(folder).chmod(0o755)
        with postgres.server(within, binaries) as other:
            copy_night(url, other)
            found |= _of_database("postgresql", other, say)
    return found


def _of_database(name: str, url: str, say: Callable[[str], None]) -> dict[str, float]:
    say(f"{name}: the costliest questions")
    server, clients = BenchedProcess("bench.fanout.standing", url), BenchedProcess("bench.fanout.clients")
    try:
        side = Side("count", server, clients)
        found = {"replica_mb": round(side.first / 2**20), "second_mb": round(server.ask(do="second") / 2**20)}
        found |= _costs(server, side.port)
        say(f"{name}: {_SOCKETS} sockets, and {_ASKING} who ask for the past at once")
        found |= _under_load(side)
        found["replica_after_mb"] = round(server.ask(do="memory") / 2**20)
        return {f"{name}_{figure}": value for figure, value in found.items()}
    finally:
        server.close()
        clients.close()


def _costs(server: BenchedProcess, port: int) -> dict[str, float]:
    found: dict[str, float] = {}
    server.ask(do="longest")
    longest = 0.0
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, headers=_PACKED) as client:
        for name, path in {**QUESTIONS, **PIECED}.items():
            before = server.ask(do="cpu")
            answer = client.get(path if path.startswith(_BESIDE) else _B + path)
            assert answer.status_code == 200, (path, answer.status_code)
            spent = 1000 * (server.ask(do="cpu") - before)
            longest = max(longest, server.ask(do="longest"))
            found[f"{name}_ms"] = round(spent, 1)
        found |= _of_places(server, client)
    worst = max(found[f"{name}_ms"] for name in QUESTIONS)
    return {**found, "costliest_ms": worst, "loop_ms": round(1000 * longest, 1)}


def _of_places(server: BenchedProcess, client: httpx.Client) -> dict[str, float]:
    """What a phone fetches of them once, and what a version costs in which no place moved; then it is told 304."""
    path = _B + QUESTIONS["places"]
    first = client.get(path)
    server.ask(do="push")
    before = server.ask(do="cpu")
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    spent = 1000 * (server.ask(do="cpu") - before)
    return {"places_kb": round(first.num_bytes_downloaded / 1024, 1), "places_again_cost_ms": round(spent, 1)}


def _pushed(side: Side) -> list[list[float]]:
    """How long after each push each socket had it."""
    found = []
    for _ in range(_PUSHES):
        time.sleep(_PAUSE_S)
        found.append(side.push(1, at_least=1)[1])
    return found


def _under_load(side: Side) -> dict[str, float]:
    """p99 of a sign of life and of pushes while nobody else asks, and while many ask for ever other moments."""
    side.open(_SOCKETS)
    for _ in range(3):
        side.push(1, at_least=1)
    quiet = _pushed(side)
    busy, told = list[list[float]](), dict[str, float]()

    def flooded() -> None:
        flood = BenchedProcess("bench.fanout.flood", str(side.port), _B, str(_ASKING))
        try:
            flood.hear()
            busy.extend(_pushed(side))
            told.update(flood.ask(do="stop"))
        finally:
            flood.close()

    alive = _probe(side.port, flooded)
    return {
        "healthz_p99_ms": _p99(alive),
        "push_p99_over_quiet": round(median(map(_late, busy)) / median(map(_late, quiet)), 2),
        "flood_answers": told["answers"],
        "flood_refused": told["refused"],
        "flood_failed": told["failed"],
    }
