"""A whole country on one server, ready for browsers: `python -m bench.nation`; what the page is measured on.

Every area of the catalogue has numbers from a seed, each level the sum of the one below. Commands come as lines of JSON
on stdin ({"do": "change"} moves one district and all above it), answers to stdout behind "= "; the first is the port.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from typing import Any

import msgspec
import uvloop

from api.commands.web_server import make_server
from api.http.listening import bind
from api.main import create_app
from api.options import ServeOptions
from bench.country import newest_election
from dashboard.app import build
from geo.boundaries import load_geometry
from geo.ubigeo import load_catalogue
from tally import moments
from tally.changes import Change, ChangeSet, Kind, encode
from tally.keys import ABROAD, CHILD_LEVEL, DOMESTIC, NATION, Level, ancestors, area_key, code_of, level_of
from tally.storage.store import Store
from tally.storage.writer import Writer

_FIGURES = ("counted", "at_jee", "pending", "total", "cast", "valid", "blank", "null", "challenged")
# Nothing else moves while a page is measured.
_OPTIONS = ServeOptions(poll_s=3600, ring_changes=2000)


class Nation:
    """The count of the newest election; `state` holds the published figures by area key."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._catalogue = load_catalogue(newest_election().date.year)
        self.districts = [area_key(code) for code in self._catalogue.prefixes(Level.DISTRICT)]
        self.state: dict[str, dict[str, Any]] = {key: self._leaf() for key in self.districts}
        self._below: dict[str, list[str]] = {}
        for level in (Level.PROVINCE, Level.DEPARTMENT):
            for key in map(area_key, self._catalogue.prefixes(level)):
                self._below[key] = self._inside(key)
        self._below |= {DOMESTIC: self._inside(DOMESTIC), ABROAD: self._inside(ABROAD), NATION: [DOMESTIC, ABROAD]}
        for key in self._below:
            self.state[key] = self._sum(key)

    def _inside(self, key: str) -> list[str]:
        return [area_key(code) for code in self._catalogue.prefixes(CHILD_LEVEL[level_of(key)], key)]

    def data(self, key: str) -> bytes:
        """One area's value as the log holds it."""
        count = self.state[key]
        computed = {**count, "registered": count["total"] * 290, "registered_counted": count["counted"] * 290}
        published = {**count, "source_at": "2026-06-08T02:10:00Z"}
        return encode({"name": self._name(key), "published": published, "computed": computed})

    def changes(self, keys: Iterable[str]) -> tuple[Change, ...]:
        """Updates of those areas."""
        return tuple(Change(key, Kind.UPDATE, self.data(key)) for key in keys)

    def move(self, district: str | None = None) -> list[str]:
        """One more acta of a district is counted; every area whose figures moved."""
        district = district or self._random.choice(self.districts)
        count = self.state[district]
        first = self._random.randint(60, 150)
        votes = [count["votes"][0] + first, count["votes"][1] + 210 - first]
        more = {"counted": 1, "total": 1, "cast": 225, "valid": 210, "blank": 5, "null": 10}
        self.state[district] = {
            **count,
            **{name: count[name] + number for name, number in more.items()},
            "votes": votes,
        }
        above = [*reversed(ancestors(district))]
        for key in above:
            self.state[key] = self._sum(key)
        return [district, *above]

    def _leaf(self) -> dict[str, Any]:
        total = self._random.randint(12, 90)
        counted = self._random.randint(0, total)
        lean = self._random.uniform(0.25, 0.75)
        votes = [round(counted * 210 * lean), round(counted * 210 * (1 - lean))]
        return {
            "counted": counted,
            "at_jee": 0,
            "pending": total - counted,
            "total": total,
            "cast": sum(votes) + counted * 15,
            "valid": sum(votes),
            "blank": counted * 5,
            "null": counted * 10,
            "challenged": 0,
            "votes": votes,
        }

    def _sum(self, key: str) -> dict[str, Any]:
        counts = [self.state[below] for below in self._below[key]]
        total: dict[str, Any] = {name: sum(count[name] for count in counts) for name in _FIGURES}
        total["votes"] = [sum(count["votes"][index] for count in counts) for index in range(2)]
        return total

    def _name(self, key: str) -> str:
        wholes = {NATION: "PERÚ Y EXTRANJERO", DOMESTIC: "PERÚ", ABROAD: "EXTRANJERO"}
        return wholes.get(key) or self._catalogue.name(code_of(key)) or code_of(key)


class Served:
    """The application over that country, without a poller."""

    async def start(self) -> int:
        """Serve on a free port; the port."""
        election = newest_election()
        self._folder = tempfile.TemporaryDirectory()
        self._store = Store.open(f"sqlite:///{self._folder.name}/count.db")
        writer = Writer.acquire(self._store, election.id, election.contest().id, is_test=True, at=_now())
        self.nation = Nation()
        writer.append(self.nation.changes(self.nation.state), _now())
        app = create_app(
            self._store, {election.id: election}, geometry=load_geometry(), dashboard=build, options=_OPTIONS
        )
        listener = bind("127.0.0.1", 0)
        server = make_server(app, ws_ping_interval=None)
        self._serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        counts = app.state.services.counts
        while not (server.started and counts.is_ready):
            await asyncio.sleep(0.01)
        self.live = counts.all()[0]
        return int(listener.getsockname()[1])

    async def change(self) -> int:
        """Publish one change; its version."""
        changes = self.nation.changes(self.nation.move())
        self.live.advance([ChangeSet(self.live.seq + 1, _now(), changes)])
        return int(self.live.seq)

    async def cpu(self) -> float:
        """CPU seconds of this process."""
        return time.process_time()

    async def all(self) -> int:
        """Publish a change of every district in one version."""
        for district in self.nation.districts:
            self.nation.move(district)
        self.live.advance([ChangeSet(self.live.seq + 1, _now(), self.nation.changes(self.nation.state))])
        return int(self.live.seq)


def _now() -> str:
    return moments.write(moments.utc_now())


async def _main() -> None:
    served = Served()
    _say(await served.start())
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        _say(await getattr(served, msgspec.json.decode(line)["do"])())


def _say(value: float) -> None:
    sys.stdout.write(f"= {json.dumps(value)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main())
        os._exit(0)  # browsers need no goodbye
