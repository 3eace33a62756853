"""What the rehearsal's tests share: elections, a small catalogue, a feed asked without a socket."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.catalogue import Catalogue, District
from tally.election import Election
from tally.files.election_files import load_elections

ELECTIONS = Path(__file__).parents[3] / "ingest" / "elections"
RUNOFF = "2026-06-07-president-runoff"

# Five mesas: two in Lima's first district, one in Callao, one remote in Amazonas, one abroad that never opened.
# Columns as in a real file; the first acta comes at 18:30 in Lima, the third goes to the jury.
TOY_MESAS = """\
mesa,ubigeo_onpe,cod_local,local,centro_poblado,electores,emitidos,fuerza_popular,juntos_por_el_peru,blancos,nulos,\
impugnados,primera_vista_utc,tipo_llegada,notas
040001,140101,2674,IE 1,,300,210,120.0,80.0,3.0,7.0,0.0,2026-06-07T23:30:00Z,contabilizada,a
040002,140101,2674,IE 1,,280,200,90,100,4,6,0,2026-06-08T01:00:00Z,contabilizada,b
078001,240101,3001,IE 2,,300,250,150,90,2,7,1,2026-06-08T02:00:00Z,enviada_jee,c
900001,010101,4001,IE 3,ALTO,120,100,20,75,1,4,0,2026-06-08T12:00:00Z,contabilizada,d
088000,922802,5001,CONSULADO,,487,0,,,,,,2026-06-08T21:52:06Z,contabilizada,e
"""


class Reply(msgspec.Struct):
    """One answer of a feed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The payload inside the envelope."""
        return msgspec.json.decode(self.body)["data"]


def ask(app: FeedApp, path: str, method: str = "GET", **question: object) -> Reply:
    """Put one question to a feed; a path without a slash in front is one of the contract."""
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path if path.startswith("/") else f"/presentacion-backend/{path}",
        "query_string": urlencode(question).encode(),
        "headers": [],
    }
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, sent[1]["body"])


def at(text: str) -> datetime:
    """A moment in UTC: "06-08 02:12:03" of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.fixture(scope="session")
def elections() -> dict[str, Election]:
    return load_elections(ELECTIONS)


@pytest.fixture(scope="session")
def runoff(elections: dict[str, Election]) -> Election:
    return elections[RUNOFF]


@pytest.fixture(scope="session")
def catalogue(runoff: Election) -> Catalogue:
    """Two provinces of three districts in every department and continent, and the districts of the toy file."""
    assert runoff.official is not None
    leaves = {
        f"{area.ubigeo[:2]}{province:02d}{district:02d}": area.name
        for area in runoff.official.areas
        for province in (1, 2)
        for district in (1, 2, 3)
    }
    leaves["922802"] = "AMÉRICA"
    return Catalogue(
        District(ubigeo, department, f"PROVINCE {ubigeo[:4]}", f"DISTRICT {ubigeo}")
        for ubigeo, department in leaves.items()
    )


@pytest.fixture(scope="session")
def rehearsal(runoff: Election, catalogue: Catalogue) -> FeedApp:
    """The whole run-off drawn from a seed, standing at its end; tests that move its time put it back."""
    return build_feed(runoff, catalogue, FeedPlan(seed=7))


@pytest.fixture
def toy_file(tmp_path: Path) -> Path:
    path = tmp_path / "mesas.csv"
    path.write_text(TOY_MESAS, encoding="utf-8")
    return path


@pytest.fixture
def toy(runoff: Election, catalogue: Catalogue, toy_file: Path) -> FeedApp:
    """The toy file replayed in its recorded order; `step_to` chooses the moment."""
    return build_feed(runoff, catalogue, FeedPlan(mesas=toy_file, arrivals="primera_vista_utc"))


@pytest.fixture
def mesas_file(tmp_path: Path) -> Callable[[str], Path]:
    """Write a file of mesas."""

    def write(text: str) -> Path:
        path = tmp_path / "other.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def totals_only(runoff: Election, catalogue: Catalogue, mesas_file: Callable[[str], Path]) -> FeedApp:
    """A recording of one national cut: no mesas, and no roll of the counted actas."""
    lists = ",".join(entry.id for entry in runoff.contest().lists)
    text = f"at_utc,ubigeo,counted,at_jee,pending,total,cast,{lists}\n2026-06-08T05:00:00Z,000000,1,2,3,6,9,4,5\n"
    return build_feed(runoff, catalogue, FeedPlan(timeline=mesas_file(text)))
