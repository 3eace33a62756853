"""A small country in the contract of any generation, read through a feed, and the truth to compare with."""

import asyncio
import csv
import hashlib
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from geo.ubigeo import load_catalogue
from ingest.feeds import Kept
from ingest.fetch import Answer, Question
from ingest.registry import make_feed
from ingest.rehearsal.faults.exchange import FaultRequest
from ingest.rehearsal.faults.source import SoundSource
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import build_feed
from tally.election import Election
from tally.model import ActaState

DISTRICTS = ("010101", "140101", "140201", "150101", "920101")
# What becomes of an acta, in the words of the open data, and the states in which a source may show it.
FATES = {
    "CONTABILIZADA": (ActaState.COUNTED,),
    "COMPUTADA RESUELTA": (ActaState.COUNTED,),
    "ANULADA": (ActaState.COUNTED, ActaState.ANNULLED),
    "SIN INSTALAR": (ActaState.NOT_INSTALLED,),
    "EN PROCESO": (ActaState.AT_JEE,),
    "PENDIENTE": (ActaState.PENDING,),
}
COUNTED = ("CONTABILIZADA", "COMPUTADA RESUELTA", "ANULADA", "SIN INSTALAR")
_ROLL, _BLANK, _NULL, _CHALLENGED = 250, 3, 5, 1

# What happens to the n-th answer of a reading on its way.
Change = Callable[[int, bytes], bytes]


class Mesa(Struct, frozen=True):
    """One mesa as it really is; a fate without votes has none."""

    number: str
    ubigeo: str
    fate: str
    votes: tuple[int, ...]
    blank: int = 0
    null: int = 0
    challenged: int = 0

    @property
    def cast(self) -> int:
        return sum(self.votes) + self.blank + self.null + self.challenged


def country(election: Election) -> list[Mesa]:
    """In every district an acta of every fate, and two of the usual one."""
    lists = election.contest().lists
    mesas = []
    for n, (ubigeo, fate) in enumerate((ubigeo, fate) for ubigeo in DISTRICTS for fate in (*FATES, "CONTABILIZADA")):
        votes = tuple(0 if entry.is_withdrawn else (n + 7 * k) % 5 for k, entry in enumerate(lists))
        number = f"{n + 1:06d}"
        if fate in ("SIN INSTALAR", "PENDIENTE"):
            mesas.append(Mesa(number, ubigeo, fate, (0,) * len(lists)))
        elif fate == "ANULADA":
            mesas.append(Mesa(number, ubigeo, fate, (0,) * len(lists), null=170))
        else:
            mesas.append(Mesa(number, ubigeo, fate, votes, _BLANK, _NULL, _CHALLENGED))
    return mesas


class Source:
    """A served country that stands at its end, a feed that reads it, and every answer that was given.

    `serves`: the election whose figures are served; the feed reads `election`.
    """

    def __init__(self, election: Election, folder: Path, serves: Election | None = None) -> None:
        self.election, served = election, serves or election
        self.mesas = country(served)
        plan = FeedPlan(mesas=_write(folder / f"{served.id}.csv", self.mesas, served))
        app = build_feed(served, load_catalogue(served.date.year), plan)
        self._sound = SoundSource(app, app.feed.clock, app.generation.shapes)
        self.feed = make_feed(election, election.contest())
        self.headers: dict[str, str] = {}
        self.kept: dict[str, Kept] = {}
        self.given: list[bytes] = []
        self._change: Change = lambda position, body: body

    def read(self, reading: Coroutine[Any, Any, Any], change: Change | None = None) -> Any:
        """What one reading of the feed gives; `change` is what happens to the answers on their way."""
        self.given, self._change = [], change or (lambda position, body: body)
        return asyncio.run(reading)

    async def ask(self, question: Question) -> Answer:
        reply = await self._sound.ask(FaultRequest(self.feed.base_path + question.path, question.params))
        body = self._change(len(self.given), reply.body)
        self.given.append(body)
        src = "sha256:" + hashlib.sha256(repr(question).encode() + body).hexdigest()
        self.kept[src] = Kept(src, (question,), body)
        return Answer(question.path, body, src, "2026-06-08T02:12:03Z", self.headers)

    def below(self, prefix: str) -> list[Mesa]:
        return [mesa for mesa in self.mesas if mesa.ubigeo.startswith(prefix)]


def published(mesas: Iterable[Mesa]) -> dict[str, Any]:
    """What a source publishes of an area with those mesas: observed actas show votes but are in no sum."""
    every = list(mesas)
    counted = [mesa for mesa in every if mesa.fate in COUNTED]
    return {
        "total": len(every),
        "counted": len(counted),
        "at_jee": sum(mesa.fate == "EN PROCESO" for mesa in every),
        "pending": sum(mesa.fate == "PENDIENTE" for mesa in every),
        "cast": sum(mesa.cast for mesa in counted),
        "valid": sum(sum(mesa.votes) for mesa in counted),
        "blank": sum(mesa.blank for mesa in counted),
        "null": sum(mesa.null for mesa in counted),
        "challenged": sum(mesa.challenged for mesa in counted),
        "votes": tuple(map(sum, zip(*(mesa.votes for mesa in counted), strict=True))),
    }


def _write(path: Path, mesas: list[Mesa], election: Election) -> Path:
    lists = [entry.id for entry in election.contest().lists if not entry.is_withdrawn]
    places = ("local", "cod_local")
    fixed = ("mesa", "ubigeo_onpe", "estado_acta", "electores", "emitidos", "blancos", "nulos", "impugnados", *places)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*fixed, *lists])
        for mesa in mesas:
            shown = mesa.fate != "PENDIENTE"
            figures = (mesa.cast, mesa.blank, mesa.null, mesa.challenged)
            votes = [
                votes
                for votes, entry in zip(mesa.votes, election.contest().lists, strict=True)
                if not entry.is_withdrawn
            ]
            place = 2 * DISTRICTS.index(mesa.ubigeo) + int(mesa.number) % 2
            row = [mesa.number, mesa.ubigeo, mesa.fate, _ROLL]
            row += [figure if shown else "" for figure in figures]
            writer.writerow([*row, f"IE {place}", f"{place:04d}", *(vote if shown else "" for vote in votes)])
    return path
