"""The feed as a server: who it says it is, what time it is there, what it refuses to start with."""

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import msgspec
import pytest
import uvicorn

from ingest.rehearsal import server
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import InvalidInput, PortTaken
from tests.ingest.rehearsal.conftest import RUNOFF, ask, at
from tests.waiting import PATIENCE_S


def test_every_answer_of_a_rehearsal_says_that_it_is_one(rehearsal: FeedApp) -> None:
    for path in ("resumen-general/totales", "no/such/path", "actas", "/__rehearsal"):
        headers = ask(rehearsal, path, idEleccion=10, tipoFiltro="nacional", tamanio=999).headers
        assert headers["x-escrutinio-rehearsal"] == "1"
        assert "x-escrutinio-replay" not in headers


def test_every_answer_of_a_replay_says_that_it_is_one(toy: FeedApp) -> None:
    for path in ("resumen-general/totales", "no/such/path", "/__rehearsal"):
        headers = ask(toy, path, idEleccion=10, tipoFiltro="eleccion").headers
        assert headers["x-escrutinio-replay"] == "1"
        assert "x-escrutinio-rehearsal" not in headers


def test_a_drill_can_ask_what_time_it_is(runoff: Election, catalogue: Catalogue, toy_file: Path) -> None:
    real = [at("10-01 12:00:00")]
    plan = FeedPlan(mesas=toy_file, arrivals="primera_vista_utc", speed=60.0)
    app = build_feed(runoff, catalogue, plan, now=lambda: real[0])
    real[0] += timedelta(minutes=3)
    assert msgspec.json.decode(ask(app, "/__rehearsal").body) == {
        "election": RUNOFF,
        "now": "2026-06-08T01:00:00Z",
        "speed": 60.0,
        "cut": "2026-06-08T00:56:02Z",
        "is_test": False,
    }
    assert ask(app, "resumen-general/totales", idEleccion=10, tipoFiltro="eleccion").data["contabilizadas"] == 1


def test_a_count_starts_and_stops_where_it_is_told(runoff: Election, catalogue: Catalogue, toy_file: Path) -> None:
    real = [at("10-01 12:00:00")]
    plan = FeedPlan(
        mesas=toy_file,
        arrivals="primera_vista_utc",
        speed=60.0,
        starts=at("06-08 01:30:00"),
        until=at("06-08 02:00:30"),
    )
    app = build_feed(runoff, catalogue, plan, now=lambda: real[0])

    def state() -> tuple[int, int]:
        totals = ask(app, "resumen-general/totales", idEleccion=10, tipoFiltro="eleccion").data
        return totals["contabilizadas"], totals["enviadasJee"]

    assert state() == (2, 0)
    real[0] += timedelta(hours=1)
    # Frozen at 02:00:30, between two cuts: the acta sent to the jury at 02:00:00 is already there.
    assert state() == (2, 1)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (FeedPlan(mesas=Path("a.csv"), timeline=Path("b.csv")), "not both"),
        (FeedPlan(arrivals="primera_vista_utc"), "needs a file of mesas"),
        (FeedPlan(mesas=Path("no_such_file.csv")), "no_such_file.csv cannot be read"),
        (FeedPlan(speed=1.0, starts=at("06-09 00:00:00"), until=at("06-08 00:00:00")), "before it starts"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    runoff: Election, catalogue: Catalogue, plan: FeedPlan, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        build_feed(runoff, catalogue, plan)


def test_a_port_in_use_is_named(toy: FeedApp) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            server.serve(toy, "127.0.0.1", port, lambda bound: None)


def test_a_served_feed_answers_over_http(toy: FeedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[bytes] = []
    running: list[uvicorn.Server] = []
    start = uvicorn.Server.startup

    async def remember(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        running.append(self)
        await start(self, sockets)

    monkeypatch.setattr(uvicorn.Server, "startup", remember)

    def talk(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/presentacion-backend/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion")
        answered.append(connection.getresponse().read())
        connection.request("GET", "/presentacion-backend/resumen-general/totales?idEleccion=10&tipoFiltro=nacional")
        answered.append(connection.getresponse().read())
        connection.close()
        running[0].should_exit = True

    _serve_and(toy, talk)
    assert msgspec.json.decode(answered[0])["data"]["totalActas"] == 5
    assert answered[1] == b""


def _serve_and(app: FeedApp, talk: Callable[[int], None]) -> None:
    threads = []

    def ready(port: int) -> None:
        threads.append(threading.Thread(target=talk, args=(port,)))
        threads[0].start()

    server.serve(app, "127.0.0.1", 0, ready)
    threads[0].join()
