"""The toy count served as the API serves it: same paths and shapes, rt/1 on the socket, the dashboard at "/"."""

import asyncio
import hashlib
import json
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.app import build
from tests.dashboard.toy import bulletins
from tests.dashboard.toy.boundaries import box_of, geometry, outlines
from tests.dashboard.toy.count import ELECTION, ToyCount, parents_of
from tests.dashboard.toy.files import INDEX, toy_index, toy_package
from tests.dashboard.toy.story import ToyStory, moment
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

BASE = f"/api/v1/elections/{ELECTION}"


class ToyApi:
    """Answers GETs from a toy count; `sockets` are the live subscribers and their topics; `exact` are places
    whose school is known."""

    def __init__(self, count: ToyCount) -> None:
        self.count, self.story = count, ToyStory(count)
        self.sockets: dict[WebSocket, list[str]] = {}
        self.refuse_sockets = False
        self.incidents: dict[str, dict[str, int]] | None = {}
        self.exact: set[str] = set()
        self.is_whole = False
        self.reads: list[str] = []
        self.sets: list[dict[str, Any]] = []
        self.program: dict[str, str | None] = {"version": "1.2.3", "commit": 40 * "a"}
        self.loop: asyncio.AbstractEventLoop | None = None
        # One at a time: no change passes between somebody's snapshot and their place among the subscribers.
        self._speaking = asyncio.Lock()

    def read(self, path: str) -> Any:
        """The decoded JSON of a GET. Raises: LookupError for a 404."""
        self.reads.append(path)
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        if parts.path == BASE:
            return self.count.meta() | self._then(query)
        if parts.path == "/api/v1":
            return dict(self.program)
        if parts.path == INDEX:
            return toy_index(*self.sets, making=bool(self.sets))
        if parts.path.startswith("/data/") and parts.path.endswith("/datapackage.json"):
            return toy_package()
        if parts.path.startswith("/api/v1/geometry"):
            return self._geometry(parts.path, query.get("level", [None])[0])
        if not parts.path.startswith(f"{BASE}/"):
            raise LookupError(path)
        resource, _, rest = parts.path.removeprefix(f"{BASE}/").partition("/")
        return self._resource(resource, rest, query)

    def _then(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """What is said of the count at an earlier moment."""
        if "at" not in query:
            return {}
        seq = self.story.version(query)
        feed = {"state": "past", "checked_at": None, "changed_at": moment(seq), "source_at": moment(seq), "note": None}
        return {"feed": feed, "seq": seq, "as_of": moment(seq)}

    def _resource(self, resource: str, rest: str, query: dict[str, list[str]]) -> Any:
        told = self.story.read(resource, rest, query) or bulletins.read(self.count, self.story, resource, query)
        if told is not None:
            return told
        if resource == "state":
            # The version first: a test that changes the count meanwhile makes it newer than it says, never older.
            seq, state = self.count.seq, self.count.topics(query.get("topic", ["nation"]))
            return {
                "v": 1,
                "epoch": self.count.epoch,
                "seq": seq,
                "hash": self.hash_of(*query.get("topic", ["nation"])),
                "is_test": True,
                "as_of": "2026-06-13T19:05:40Z",
                "status": "unofficial-partial",
                "topics": [],
                "state": state,
            }
        if resource == "changes":
            return {"v": 1, "epoch": self.count.epoch, "seq": self.count.seq, "deltas": []}
        if resource == "search":
            return self._search(query.get("q", [""])[0])
        if resource == "places" and "within" in query:
            return self._points(query["within"][0])
        if resource == "corrections":
            return self._corrections(query)
        if resource == "incidents":
            return self._incidents()
        if resource == "reconciliation":
            return self._reconciliation()
        key = rest if resource == "areas" else f"{resource.removesuffix('s')}/{rest}"
        data = self.story.data(key, self.story.version(query)) if key in self.count.state else self.count.state[key]
        history = [
            {
                "seq": 5,
                "at": "2026-06-08T01:00:00Z",
                "kind": "update",
                "d": {**data, "state": "pending", "votes": None},
                "src": "sha256:1f",
            },
            {"seq": 90, "at": "2026-06-13T18:00:00Z", "kind": "update", "d": data, "src": "sha256:" + "2e" * 32},
        ]
        return {
            "key": key,
            "level": key.partition("/")[0],
            **data,
            "parents": parents_of(self.count, key),
            "changed_at": "2026-06-13T18:52:00Z",
            "changed_seq": 90,
            "answer": None if "at" in query else self.count.answer,
            "history": history,
        }

    def _corrections(self, query: dict[str, list[str]]) -> dict[str, Any]:
        kinds, levels = query.get("kind", ["correction"]), query.get("level", [])
        before, limit = int(query.get("before", ["1000000"])[0]), int(query.get("limit", ["100"])[0])
        lines = [
            line
            for line in self.count.ledger
            if line["kind"] in kinds and (not levels or line["level"] in levels) and line["seq"] < before
        ][:limit]
        head = {"election": ELECTION, "epoch": self.count.epoch, "seq": self.count.seq}
        return {**head, "corrections": lines, "next": lines[-1]["seq"] if len(lines) == limit else None}

    def _reconciliation(self) -> dict[str, Any]:
        flagged = [
            {"key": key, "level": key.partition("/")[0], **data}
            for key, data in self.count.state.items()
            if "flags" in data
        ]
        head = {"election": ELECTION, "epoch": self.count.epoch, "seq": self.count.seq}
        return {**head, "compared": 2401, "at_other_cuts": 4, "differences": flagged}

    def _incidents(self) -> dict[str, Any]:
        if self.incidents is None:
            raise LookupError("this server has no mission")
        return {"rows": self.incidents, "as_of": "2026-06-13T18:35:00Z", "delay_minutes": 30}

    def _points(self, within: str) -> dict[str, Any]:
        if within == "nation":
            found = [self._points(key) for key in self.count.state if key.startswith("district/")]
            districts = {key: name for each in found for key, name in each["districts"].items()}
            places = [place for each in found for place in each["places"]]
            return {"places": places, "districts": districts, "is_whole": self.is_whole}
        west, south, east, north = box_of(within.partition("/")[2])
        places = [key for key, data in self.count.topic(within).items() if key.startswith("place/")]
        return {
            "districts": {within: self.count.state[within]["name"]} if places else {},
            "places": [
                {
                    "district": within,
                    "key": key,
                    "name": self.count.state[key]["name"],
                    "lon": west + (east - west) * (index + 1) / 3,
                    "lat": (south + north) / 2,
                    "precision": "exact" if key in self.exact else "district",
                }
                for index, key in enumerate(places)
            ],
        }

    def _search(self, query: str) -> dict[str, Any]:
        def fold(text: str) -> str:
            return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()

        hits = [
            {
                "key": key,
                "level": key.partition("/")[0],
                "name": data.get("name") or key.partition("/")[2],
                "context": "LIMA · LIMA",
            }
            for key, data in self.count.state.items()
            if "/" in key and fold(query) in fold(data.get("name") or key.partition("/")[2])
        ]
        return {"query": query, "hits": hits[:10]}

    def _geometry(self, path: str, level: str | None) -> Any:
        levels = ("department", "province", "district")
        if path == "/api/v1/geometry":
            layers = {
                level: {size: f"/api/v1/geometry/{level}-{size}.abc.json" for size in ("low", "mid", "high")}
                for level in levels
            }
            return {
                "bounds": [-81.0, -18.0, -69.0, 0.0],
                "schematic": {"department": False, "province": True, "district": True},
                "notice": {"figures": {}, "id": "schematic"},
                "layers": layers,
                "labels": "/api/v1/geometry/labels.abc.json",
                "version": "abc",
            }
        if path.startswith("/api/v1/geometry/outlines/"):
            return outlines(self.count, path.removeprefix("/api/v1/geometry/outlines/"), level)
        name = path.rpartition("/")[2]
        if name.startswith("labels"):
            areas = [feature for level in levels for feature in geometry(self.count, level)["features"]]
            return {area["properties"]["key"]: _middle(area) for area in areas}
        return geometry(self.count, name.partition("-")[0])

    async def get(self, request: Any) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        try:
            return JSONResponse(self.read(path))
        except LookupError:
            return JSONResponse(
                {"type": "about:blank", "title": "Not found", "status": 404}, 404, media_type="application/problem+json"
            )

    async def live(self, socket: WebSocket) -> None:
        if self.refuse_sockets:
            await socket.close(1013)
            return
        await socket.accept("escrutinio.rt.v1")
        wanted = json.loads(await socket.receive_text())
        async with self._speaking:
            await self._welcome(socket, wanted, wanted["topics"])
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            del self.sockets[socket]

    async def _welcome(self, socket: WebSocket, wanted: dict[str, Any], topics: list[str]) -> None:
        await socket.send_json({"t": "hello", "v": 1, "epoch": self.count.epoch, "seq": self.count.seq, "hb": 10})
        if wanted.get("from") != self.count.seq:
            await socket.send_json(
                {
                    "t": "snap",
                    "seq": self.count.seq,
                    "hash": self.hash_of(*topics),
                    "state": self.count.topics(topics),
                    "why": "start",
                }
            )
        self.sockets[socket] = topics
        await socket.send_json(self.heartbeat())

    def hash_of(self, *topics: str) -> str:
        """SHA-256 of the canonical state of those topics."""
        text = json.dumps(self.count.topics(list(topics)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def heartbeat(self) -> dict[str, Any]:
        return {"t": "hb", "seq": self.count.seq, "now": "2026-06-13T19:06:20Z", "feed": self.count.feed}

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame to every subscriber; of a delta, the changes of its topics, corrections as events."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._send(frame), self.loop).result(PATIENCE_S)

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._speaking:
            for socket, topics in list(self.sockets.items()):
                state, changes = self.count.topics(topics), []
                for change in frame.get("changes", ()):
                    if change["k"] in state:
                        changes.append(change)
                    elif change["kind"] == "correction" and "corrections" in topics:
                        changes.append({**change, "topic": "corrections"})
                if frame["t"] != "delta" or changes:
                    await socket.send_json({**frame, "changes": changes} if changes else frame)

    def application(self) -> Starlette:
        pages = WSGIMiddleware(build(self.read, election_id=ELECTION).server)

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            self.loop = asyncio.get_running_loop()
            yield
            await asyncio.to_thread(pages.executor.shutdown)

        return Starlette(
            routes=[
                WebSocketRoute(f"{BASE}/live", self.live),
                Route("/api/v1/{rest:path}", self.get),
                Mount("/", pages),
            ],
            lifespan=lifespan,
        )


def _middle(area: dict[str, Any]) -> list[float]:
    ring = area["geometry"]["coordinates"][0]
    return [(ring[0][0] + ring[2][0]) / 2, (ring[0][1] + ring[2][1]) / 2]


@contextmanager
def serve(api: ToyApi, port: int = 0) -> Iterator[str]:
    """The address of a toy API that is served for as long as the block lasts; `port` 0 is any."""
    # A browser may still be fetching: an answer cut off in the middle is a warning in a later test.
    config = uvicorn.Config(
        api.application(), log_level="critical", lifespan="on", ws="websockets-sansio", timeout_graceful_shutdown=5
    )
    with in_thread(uvicorn.Server(config), port=port) as address:
        yield f"http://{address}"
