"""The toy count as an election of 25 governors: one race a department, each with the API's row and its own count."""

import asyncio
import json
import random
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tally.outcome.outcome import find_outcome
from tally.outcome.rule import ContestRule, RuleKind
from tests.dashboard.toy import bulletins
from tests.dashboard.toy.api import BASE, ToyApi
from tests.dashboard.toy.count import ELECTION, ToyCount
from tests.waiting import PATIENCE_S

RULE = ContestRule(RuleKind.TWO_ROUND, "3/10", True)
_COLORS = ("#1f5fa8", "#b8500b", "#1d7a4f", "#7a3fa0", "#a8285c", "#6b7280", "#8a6a00", "#00787a")
_SURNAMES = ("Mendoza", "Quispe", "Huamán", "Rojas", "Flores", "Vásquez", "Ticona", "Salas")
_PARTIES = (
    "Somos Región",
    "Alianza del Valle",
    "Frente Andino",
    "Renovación Popular Perú",
    "Avanza",
    "Unidos",
    "Sur",
    "Luz",
)
_DEPARTMENTS = 25
_NAMED = {
    "name": {"es": "Elecciones regionales", "en": "Regional elections"},
    "short": {"es": "primera vuelta regional", "en": "regional first round"},
}
AS_OF, NOW = "2026-06-13T19:05:40Z", "2026-06-13T19:06:20Z"
_VOTERS = 300


class RacesApi(ToyApi):
    """Answers as an election with many contests does. Ids are those of the departments: "cusco", "la-libertad"."""

    def __init__(self, lists: int = 8, seed: int = 5) -> None:
        super().__init__(ToyCount(lists=lists))
        self.readers: dict[WebSocket, list[str] | None] = {}
        self.count.lists = [_list(index) for index in range(lists)]
        self.count.official_final = None
        chance = random.Random(seed)
        for code in range(1, _DEPARTMENTS + 1):
            votes = [int(chance.uniform(2, 40) ** 1.5 * 300) for _ in range(lists)]
            self.vote(f"{code:02d}", votes)

    def vote(self, code: str, votes: list[int], *, out: int | None = None) -> dict[str, Any]:
        """Another result of a race, with so many actas out; the frame that tells it."""
        area = self.count.state[f"department/{code}"]
        missing = area["published"]["pending"] if out is None else out
        count = {**area["published"], "votes": votes, "valid": sum(votes), "pending": missing}
        count["total"] = count["counted"] + count["at_jee"] + missing
        area = {**area, "published": count, "computed": {**area["computed"], **count}}
        self.count.state[f"department/{code}"] = area
        prev, self.count.seq = self.count.seq, self.count.seq + 1
        row = self.row(code)
        return {"t": "rows", "version": self.count.seq, "prev": prev, "counts": self._counts(), "rows": [row]}

    def row(self, code: str) -> dict[str, Any]:
        """One race as the list has it."""
        area = self.count.state[f"department/{code}"]
        name, count = area["name"], area["published"]
        votes, missing = count["votes"], count["at_jee"] + count["pending"]
        found = msgspec.to_builtins(find_outcome(RULE, dict(enumerate(votes)), missing * _VOTERS))
        state = found["state"] if sum(votes) else "no_valid_votes" if count["counted"] else "nothing_counted"
        least = sorted(votes, reverse=True)[2]
        order = sorted((place for place, own in enumerate(votes) if own >= least), key=lambda place: -votes[place])
        return {
            **self._named(code),
            "place": name,
            "whole": f"department/{code}",
            "seq": self.count.seq,
            "as_of": "2026-06-13T19:05:40Z",
            "checked_at": "2026-06-13T19:05:40Z",
            "changed_at": "2026-06-13T18:52:00Z",
            "state": state,
            "outcome": found if sum(votes) else None,
            "registered": count["total"] * 290,
            "actas": {
                "counted": count["counted"],
                "challenged": count["at_jee"],
                "pending": count["pending"],
                "total": count["total"],
            },
            "threshold_votes": next(
                (one["votes"] for one in found["margins"] if one["kind"] == "first_threshold"), None
            )
            if sum(votes)
            else None,
            "valid": sum(votes),
            "lists": [
                {"index": place, **_shown(self.count.lists[place]), "votes": votes[place]}
                for place in order
                if sum(votes)
            ],
            "blank": None,
            "null": None,
            "blank_null_together": count["blank"] + count["null"],
        }

    def _named(self, code: str) -> dict[str, Any]:
        name = self.count.state[f"department/{code}"]["name"].title()
        spoken = {"es": f"Gobierno Regional de {name}", "en": f"Regional Government of {name}"}
        return {"id": name.lower().replace(" ", "-"), "name": spoken, "scope": code, "rule": msgspec.to_builtins(RULE)}

    @property
    def codes(self) -> dict[str, str]:
        """Departments by the ids of their races."""
        codes = [f"{code:02d}" for code in range(1, _DEPARTMENTS + 1)]
        return {self._named(code)["id"]: code for code in codes}

    def read(self, path: str) -> Any:
        """The decoded JSON of a GET."""
        plain, _, query = path.partition("?")
        if plain == f"{BASE}/contests":
            return self._all(query)
        if plain == f"{BASE}/contests/bulletin":
            return bulletins.of_races(self._all(""), parse_qs(query))
        if plain == BASE:
            return super().read(path) | _NAMED | {"contests": [self._named(code) for code in self.codes.values()]}
        if not plain.startswith(f"{BASE}/contests/"):
            return super().read(path)
        contest, slash, rest = plain.removeprefix(f"{BASE}/contests/").partition("/")
        code = self.codes[contest]
        found = super().read(f"{BASE}{slash}{rest}?{query}" if query else f"{BASE}{slash}{rest}")
        return found if rest else found | self._meta(code)

    def _all(self, query: str) -> dict[str, Any]:
        asked = dict(parse_qsl(query))
        area, place = asked.get("within", "").removeprefix("department/"), asked.get("ballot", "")
        rows = [
            self.row(code)
            for code in self.codes.values()
            if (not place or place.startswith(code)) and area in ("", code)
        ]
        if place and f"district/{place}" not in self.count.state and f"mesa/{place}" not in self.count.state:
            raise LookupError(place)
        head = {"election": ELECTION, "epoch": self.count.epoch, "version": self.count.seq, "as_of": AS_OF}
        return {**head, "is_test": True, "counts": self._counts(), "rows": rows}

    def _counts(self) -> dict[str, int]:
        states = [self.row(code)["state"] for code in self.codes.values()]
        return {state: states.count(state) for state in states}

    async def all_live(self, socket: WebSocket) -> None:
        """The table's own socket: all rows at once, then those that change."""
        if self.refuse_sockets:
            await socket.close(1013)
            return
        await socket.accept("escrutinio.rt.v1")
        wanted = json.loads(await socket.receive_text())
        hello = {"t": "hello", "v": 1, "epoch": self.count.epoch, "version": self.count.seq, "hb": 10, "is_test": True}
        self.readers[socket] = wanted.get("contests")
        await socket.send_json(hello)
        if (wanted.get("epoch"), wanted.get("from")) != (self.count.epoch, self.count.seq):
            await socket.send_json({"t": "snapshot", "why": "start", "table": self._all("")})
        await socket.send_json(self.table_heartbeat())
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            del self.readers[socket]

    def table_heartbeat(self) -> dict[str, Any]:
        return {"t": "hb", "version": self.count.seq, "now": NOW, "feed": self.count.feed}

    def tell(self, frame: dict[str, Any]) -> None:
        """Send the rows, or a sign of life, to everybody who reads them."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._tell(frame), self.loop).result(PATIENCE_S)

    async def _tell(self, frame: dict[str, Any]) -> None:
        for socket, chosen in list(self.readers.items()):
            if chosen is None or "rows" not in frame or frame["rows"][0]["id"] in chosen:
                await socket.send_json(frame)

    def application(self) -> Starlette:
        """The toy's own, and the table's socket."""
        app = super().application()
        own = [("contests/live", self.all_live), ("contests/{contest}/live", self.live)]
        app.router.routes[:0] = [WebSocketRoute(f"{BASE}/{path}", serve) for path, serve in own]
        return app

    def _meta(self, code: str) -> dict[str, Any]:
        row = self.row(code)
        outlook = {
            "leader": row["lists"][0]["index"] if row["lists"] else None,
            "margin": 1,
            "uncounted_actas": row["actas"]["challenged"] + row["actas"]["pending"],
            "uncounted_registered": 300,
            "uncounted_registered_is_bound": True,
            "decided": row["state"] in {"won", "runoff"},
            "in_review": False,
            "outcome": row["outcome"],
        }
        contest = {**self._named(code), "lists": self.count.lists}
        short = {"es": "primera vuelta regional", "en": "regional first round"}
        return {
            "contest": contest,
            "outlook": outlook,
            "short": short,
            "name": {"es": "Elecciones regionales", "en": "Regional elections"},
        }


def _list(index: int) -> dict[str, Any]:
    return {
        "id": f"l{index}",
        "code": str(index),
        "name": _PARTIES[index % len(_PARTIES)].upper(),
        "short": _SURNAMES[index % len(_SURNAMES)] + ("" if index < len(_SURNAMES) else f" {index}"),
        "candidate": f"ANA MARÍA {_SURNAMES[index % len(_SURNAMES)].upper()} PÉREZ",
        "color": _COLORS[index % len(_COLORS)],
        "is_withdrawn": False,
    }


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("id", "short", "name", "candidate", "color")}
