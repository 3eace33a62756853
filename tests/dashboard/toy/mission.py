"""A small mission with the API's shapes: members, incidents and flags in memory, each text what a test plants."""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.dashboard.toy.findings import findings_answers
from tests.dashboard.toy.forms import ToyForms
from tests.dashboard.toy.guides import guide_answers
from tests.dashboard.toy.messages import ToyMessages
from tests.dashboard.toy.rooms import FOUND, rooms

BASE = "/api/v1/mission"
MEMBERS = {"ana": "observer", "vera": "verifier", "carla": "coordinator", "root": "admin"}
PASSWORD = "un secreto de prueba"
CODE = "ABCD-EFGH"
LONG_NAME = "maria-del-rosario.quispe-mamani-huamanga"  # as long as a name may be
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
_MOVES: dict[str, list[tuple[str, bool, bool, str]]] = {
    "reported": [("take", False, False, "verifying")],
    "verifying": [("verify", False, True, "verified"), ("reject", True, False, "rejected")],
    "verified": [("escalate", False, False, "escalated"), ("resolve", True, False, "resolved")],
    "escalated": [("resolve", True, False, "resolved")],
    "resolved": [("reopen", False, False, "reopened")],
    "rejected": [("reopen", False, False, "reopened")],
    "reopened": [("take", False, False, "verifying")],
}
FIGURES = {"list": 0, "x": 190, "n": 200, "expected": 0.5, "tests": 488, "is_firm": True, "margin": 500}
_CHOSEN_BY = ("state", "severity", "category", "reporter")
_UNVERIFIED = ("reported", "verifying", "reopened")


def ago(minutes: float) -> str:
    """A stamp some minutes before now."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


class ToyMission:
    """Who is in it and what it knows."""

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}
        self.devices: dict[str, str] = {}
        self.incidents: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.photos: dict[str, bytes] = {}
        self.flags: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.listed: dict[str, Any] = {"places": [], "districts": {}}
        self.is_full = False
        self.is_suspended = False
        # What becomes of each picture by its bytes, where it is not taken: a status.
        self.refusals: dict[bytes, int] = {}
        self.asks_time = False
        self.device_times: list[str] = []
        self.locked = ["pair", "address"]
        self.posting: dict[str, Any] | None = None
        self.stopped: dict[str, Any] = {"is_stopped": False, "at": None, "reason": None}
        self.alerts: dict[str, dict[str, Any]] = {}
        # What stands in every text: a test puts its payload there.
        self.text: Callable[[str], str] = lambda given: given
        self.forms = ToyForms(lambda given: self.text(given), ago)
        self.messages = ToyMessages(lambda given: self.text(given), ago)
        self._ids = itertools.count(1)

    # --- filling ---

    def clear(self) -> None:
        """Forget incidents and flags; ids begin again."""
        self.incidents.clear()
        self.flags.clear()
        self._ids = itertools.count(1)

    def add(self, *, reporter: str = "garza-12", minutes: float = 5, **values: Any) -> dict[str, Any]:
        """One incident, reported some minutes ago."""
        number = f"inc{next(self._ids):04d}"
        incident = {
            "id": number,
            "state": "reported",
            "category": "opening_delay",
            "severity": "minor",
            "place": {"mesa": "000001"},
            "place_name": self.text("000001 · I.E. SAN JUAN · LIMA"),
            "reporter": self.text(reporter),
            "text": self.text("Abrió a las 9."),
            "occurred_at": ago(minutes + 10),
            "device_at": ago(minutes + 3),
            "received_at": ago(minutes),
            "corrected_at": None,
            "correction": None,
            "clock_ahead_s": None,
            "is_clock_off": False,
            "position": None,
            "flag": None,
            "is_set_aside": False,
            "outcome": None,
            "assigned_to": None,
            "voices": 0,
            "voices_needed": 2 if values.get("severity") == "critical" else 1,
            "basis": None,
            "into": None,
            "absorbed": [],
            "photos": [],
            **values,
        }
        incident["events"] = [self._event("report", "draft", "reported", reporter)]
        self.incidents[number] = incident
        return incident

    def _event(self, move: str, before: str, after: str, actor: str, **said: Any) -> dict[str, Any]:
        """One line of the log."""
        empty = {"reason": None, "basis": None, "text": None, "detail": None}
        states = {"before": before, "after": after}
        return {"at": ago(0), "move": move, "actor": self.text(actor), "role": "verifier", **states, **empty, **said}

    def add_flag(self, kind: str = "share", mesa: str = "000001", **values: Any) -> dict[str, Any]:
        """One flag."""
        flag = {
            "id": f"flag-{len(self.flags) + 1}",
            "kind": kind,
            "key": f"mesa/{mesa}",
            "place": self.text("0001"),
            "figures": {**FIGURES, "note": self.text("n")},
            "q": 0.0123,
            "at_most_votes": 88,
            "place_name": self.text("IE 1015"),
            "area_name": self.text("LIMA"),
            "first_seen": "75",
            "gone": None,
            "at": ago(30),
            **values,
        }
        self.flags.append(flag)
        return flag

    # --- answering ---

    def who(self, request: Request) -> str | None:
        """The member of a request, by cookie or by token."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.devices.get(token) or self.sessions.get(request.cookies.get("escrutinio_session", ""))

    async def answer(self, request: Request) -> Response:
        """Any request below /api/v1/mission, and the intake."""
        path = request.url.path.removeprefix(f"{BASE}/")
        self.requests.append(f"{request.method} {path}")
        member = self.who(request)
        if (request.method, path) in (("POST", "session"), ("POST", "devices")):
            return await self._enter(request, path)
        if member is None:
            return Response(status_code=204) if (request.method, path) == ("GET", "session") else _problem(401)
        if self.is_suspended:
            return _problem(403, "suspended: this account may not come in for now")
        if request.url.path == "/api/v1/incidents":
            if self.stopped["is_stopped"]:
                return _problem(503)
            if self.is_full:
                return JSONResponse({"status": 429, "detail": "this device has sent all"}, 429, {"Retry-After": "1500"})
            return await self._take(request, member)
        for pattern, handler in self._routes().items():
            method, _, rest = pattern.partition(" ")
            if method == request.method and (found := re.fullmatch(rest, path)):
                result = await handler(request, member, *found.groups())
                return result if isinstance(result, Response) else JSONResponse(result)
        return _problem(404)

    def _routes(self) -> dict[str, Callable[..., Any]]:
        return {
            "GET session": self._session,
            "DELETE session": self._leave,
            "POST ticket": self._ticket,
            "GET incidents": self._list,
            "GET incidents/([^/]+)": self._one,
            "POST incidents/([^/]+)/moves": self._move,
            "POST incidents/([^/]+)/corrections": self._correct,
            "POST incidents/([^/]+)/(notes|assign|merge)": self._note,
            "POST incidents/([^/]+)/photos": self._add_photo,
            "GET incidents/([^/]+)/photos/([^/]+)": self._photo,
            "GET incidents.csv": self._csv,
            "POST observers/([^/]+)/quarantine": self._set_aside,
            "DELETE observers/([^/]+)/quarantine": self._set_aside,
            "GET locks": self._locks,
            "DELETE locks/([^/]+)": self._clear_lock,
            "GET flags": self._flags,
            "GET flags/([^/]+)": self._flag,
            **rooms(self.text, ago),
            **findings_answers(ago(1)),
            **guide_answers(),
            **self.forms.routes(),
            **self.messages.routes(),
            "GET intake-stop": self._stopped,
            "GET assignment": self._assigned,
            "GET sampling-frames/places": self._listed,
        }

    async def _enter(self, request: Request, path: str) -> Response:
        body = await request.json()
        if path == "devices":
            if body["code"] != CODE:
                return _problem(401)
            self.devices["token-1"] = "ana"
            return JSONResponse({"token": "token-1", "expires_at": ago(-60)}, 201)
        if body["password"] != PASSWORD or body["name"] not in MEMBERS:
            return _problem(401)
        token = f"s{len(self.sessions)}"
        self.sessions[token] = body["name"]
        answer = JSONResponse(self._described(body["name"]))
        answer.set_cookie("escrutinio_session", token, httponly=True, samesite="strict")
        return answer

    def _described(self, member: str) -> dict[str, Any]:
        return {
            "name": member,
            "role": MEMBERS[member],
            "pseudonym": self.text(f"ave-{member}"),
            "expires_at": ago(-30),
        }

    async def _session(self, _: Request, member: str) -> dict[str, Any]:
        return self._described(member)

    async def _leave(self, request: Request, _: str) -> Response:
        self.sessions.pop(request.cookies.get("escrutinio_session", ""), None)
        return Response(status_code=204)

    async def _ticket(self, _: Request, member: str) -> dict[str, str]:
        return {"ticket": f"ticket-{member}"}

    # --- incidents ---

    def _moves_of(self, incident: dict[str, Any], member: str) -> list[dict[str, Any]]:
        if MEMBERS[member] == "observer" or incident["reporter"] == f"ave-{member}":
            return []
        has_voted = any((event["move"], event["actor"]) == ("verify", f"ave-{member}") for event in incident["events"])
        return [
            {"move": move, "needs_reason": reason, "needs_basis": basis}
            for move, reason, basis, _ in _MOVES.get(incident["state"], [])
            if move != "verify" or not has_voted
        ]

    async def _list(self, request: Request, member: str) -> dict[str, Any]:
        query = request.query_params
        chosen = [
            incident
            for incident in self.incidents.values()
            if all(incident[name] == query[name] for name in _CHOSEN_BY if name in query)
            and query.get("text", "") in incident["text"]
            and (MEMBERS[member] != "observer" or incident["reporter"] == f"ave-{member}")
        ]
        chosen.sort(key=lambda incident: incident["received_at"], reverse="order" not in query)
        return {**self._numbers(), "incidents": chosen, "next": None}

    def _numbers(self) -> dict[str, Any]:
        def number(*states: str) -> int:
            return sum(incident["state"] in states for incident in self.incidents.values())

        waiting = [each["received_at"] for each in self.incidents.values() if each["state"] in _UNVERIFIED]
        counts = {
            "new": number("reported"),
            "to_verify": number("verifying", "reopened"),
            "verified_open": number("verified", "escalated"),
        }
        return {"counts": counts, "oldest_unverified_at": min(waiting, default=None)}

    async def _one(self, _: Request, member: str, number: str) -> Any:
        incident = self.incidents.get(number)
        if incident is None:
            return _problem(404)
        others = [
            other
            for other in self.incidents.values()
            if other is not incident
            and (other["category"], other["place"]) == (incident["category"], incident["place"])
        ]
        own = {"is_own": incident["reporter"] == f"ave-{member}", "revision": _revision(incident)}
        moves = self._moves_of(incident, member)
        return {**incident, **own, "moves": moves, "can_correct": bool(moves), "duplicates": others[:3]}

    async def _move(self, request: Request, member: str, number: str) -> Any:
        body, incident = await request.json(), self.incidents[number]
        if body.get("seen") != _revision(incident):
            return _problem(409, "seen: this was decided anew")
        rule = next((each for each in _MOVES.get(incident["state"], []) if each[0] == body["move"]), None)
        if rule is None:
            return _problem(409)
        before, after = incident["state"], rule[3]
        incident["voices"] = incident["voices"] + 1 if rule[0] == "verify" else 0
        incident["state"] = before if rule[0] == "verify" and incident["voices"] < incident["voices_needed"] else after
        said = {"reason": body.get("reason"), "basis": body.get("basis")}
        incident["events"].append(self._event(body["move"], before, incident["state"], f"ave-{member}", **said))
        return incident

    async def _correct(self, request: Request, member: str, number: str) -> Any:
        body, incident = await request.json(), self.incidents[number]
        if body.pop("seen", None) != _revision(incident):
            return _problem(409, "seen: this was decided anew")
        reason = body.pop("reason")
        facts = {name: value for name, value in body.items() if name != "place"}
        detail = {"before": {name: incident[name] for name in facts}, "after": facts}
        if "place" in body:
            for side, place in (("before", incident["place"]), ("after", body["place"])):
                detail[side]["location"] = {"key": "/".join(*place.items())}
        incident.update(body, correction=self.text(reason), corrected_at=ago(0))
        state = incident["state"]
        incident["events"].append(self._event("correct", state, state, f"ave-{member}", reason=reason, detail=detail))
        return JSONResponse(incident, 201)

    async def _note(self, request: Request, member: str, number: str, kind: str) -> Any:
        body, incident = await request.json(), self.incidents[number]
        if kind != "notes" and body.get("seen") != _revision(incident):
            return _problem(409, "seen: this was decided anew")
        text, state = body.get("text") or body.get("reason"), incident["state"]
        incident["events"].append(self._event(kind.rstrip("s"), state, state, f"ave-{member}", text=text))
        return incident

    async def _take(self, request: Request, member: str) -> Response:
        key, body = request.headers["idempotency-key"], await request.json()
        self.device_times.append(request.headers["device-time"])
        if key in self.keys:
            return JSONResponse(self.incidents[self.keys[key]])
        if self.asks_time and not body.get("is_time_confirmed"):
            return _problem(422, "is_time_confirmed: that lies after our clock")
        values = {name: body[name] for name in ("category", "severity", "place", "text", "occurred_at", "device_at")}
        incident = self.add(reporter=f"ave-{member}", minutes=0, flag=body["flag"], **values)
        self.keys[key] = incident["id"]
        return JSONResponse(incident, 201)

    async def _add_photo(self, request: Request, _: str, number: str) -> Any:
        body = await request.body()
        if body in self.refusals:
            return _problem(self.refusals[body])
        name = f"{hash(body) & 0xFFFFFFFF:08x}" * 8
        self.photos[name] = body
        if all(photo["hash"] != name for photo in self.incidents[number]["photos"]):
            self.incidents[number]["photos"].append({"hash": name, "bytes": len(body), "width": 1, "height": 1})
        return JSONResponse({"hash": name}, 201)

    async def _locks(self, _: Request, __: str) -> dict[str, Any]:
        name = {"pair": self.text(LONG_NAME), "address": None}
        lock = {"failures": 10, "until": ago(-15)}
        return {"locks": [{"id": f"lock-{kind}", "kind": kind, "name": name[kind], **lock} for kind in self.locked]}

    async def _clear_lock(self, _: Request, __: str, lock: str) -> Response:
        self.locked.remove(lock.removeprefix("lock-"))
        return Response(status_code=204)

    async def _stopped(self, _: Request, __: str) -> dict[str, Any]:
        return {**self.stopped, "reason": self.stopped["reason"] and self.text(self.stopped["reason"])}

    async def _assigned(self, _: Request, __: str) -> dict[str, Any]:
        return {"posting": self.posting}

    async def _listed(self, _: Request, __: str) -> dict[str, Any]:
        return self.listed

    async def _set_aside(self, request: Request, _: str, observer: str) -> dict[str, Any]:
        is_quarantined = request.method == "POST"
        for incident in self.incidents.values():
            if incident["reporter"] == observer:
                incident["is_set_aside"] = is_quarantined
        return {"observer": observer, "is_quarantined": is_quarantined, "reports": 1}

    async def _photo(self, _: Request, __: str, ___: str, name: str) -> Response:
        return Response(self.photos.get(name, PIXEL), media_type="image/png")

    async def _csv(self, _: Request, __: str) -> Response:
        return Response("id,state\n" + "".join(f"{key},x\n" for key in self.incidents), media_type="text/csv")

    # --- flags ---

    async def _flags(self, _: Request, __: str) -> dict[str, Any]:
        return {**FOUND, "flags": self.flags}

    async def _flag(self, _: Request, __: str, number: str) -> Any:
        return next((flag for flag in self.flags if flag["id"] == number), None) or _problem(404)


def _revision(incident: dict[str, Any]) -> int:
    return sum(event["move"] not in ("note", "photo") for event in incident["events"])


def _problem(status: int, detail: str = "") -> Response:
    return JSONResponse({"type": "about:blank", "title": "", "status": status, "detail": detail}, status)
