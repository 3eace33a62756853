"""The messages of the toy mission, with the API's shapes: two were sent before it begins."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_PEOPLE = ("ave-ana", "garza-12", "puma-3")


class ToyMessages:
    """What was sent, by its number. `sent`: bodies of those that were sent since, each with its key."""

    def __init__(self, text: Callable[[str], str], ago: Callable[[float], str]) -> None:
        self._text, self._ago = text, ago
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.read: dict[int, set[str]] = {1: {"ave-ana", "garza-12"}, 2: set()}
        self.answers: dict[int, list[dict[str, str]]] = {1: [], 2: []}
        self._bodies: dict[int, dict[str, Any]] = {
            1: {"to": {"kind": "all", "value": None}, "text": "Abren a las 7:00", "is_by_text": False},
            2: {"to": {"kind": "team", "value": "Norte"}, "text": "Cierren a las 17:00", "is_by_text": True},
        }

    def routes(self) -> Mapping[str, Callable[..., Any]]:
        """By method and path, as the toy mission asks for them."""
        return {
            "GET messages": self._list,
            "GET messages/unread": self._unread,
            "GET messages/audiences": self._audiences,
            "POST messages": self._send,
            "POST messages/([0-9]+)/(read|answers)": self._answer,
        }

    def _line(self, number: int, member: str) -> dict[str, Any]:
        own, body, is_boss = f"ave-{member}", self._bodies[number], member in ("root", "carla")
        unread = [name for name in _PEOPLE if name not in self.read[number]]
        texts = {"lined_up": 2, "sent": 1, "given_up": 1} if body["is_by_text"] else None
        progress = {"receivers": 3, "read": 3 - len(unread), "unread_by": unread, "texts": texts}
        answers = [each for each in self.answers[number] if is_boss or each["by"] == own]
        return {
            "id": number,
            "at": self._ago(10),
            "text": self._text(body["text"]),
            "read_at": self._ago(5) if own in self.read[number] else None,
            "answers": answers,
            "answered": len(answers),
            "to": body["to"] if is_boss else None,
            "to_name": None,
            "by": "ave-carla" if is_boss else None,
            "is_by_text": body["is_by_text"],
            "progress": progress if is_boss else None,
        }

    async def _list(self, _: Request, member: str) -> dict[str, Any]:
        misread = [{"by": "puma-3", "at": self._ago(3), "text": self._text("no hay tinta"), "reply": "No se entiende."}]
        lines = [self._line(number, member) for number in sorted(self._bodies, reverse=True)]
        return {"messages": lines, "next": None, "unread": self._count(member), "misread": misread}

    async def _unread(self, _: Request, member: str) -> dict[str, Any]:
        return {"unread": self._count(member)}

    def _count(self, member: str) -> int:
        return 0 if member in ("root", "carla") else sum(f"ave-{member}" not in read for read in self.read.values())

    async def _audiences(self, _: Request, __: str) -> dict[str, Any]:
        kinds = (("all", None, None), ("team", "Norte", None), ("region", "department/14", self._text("LIMA")))
        sizes = [{"kind": k, "value": v, "name": n, "receivers": 3, "with_phone": 2} for k, v, n in kinds]
        form = {"kind": "without_form", "value": "opening", "name": None, "receivers": 0, "with_phone": 0}
        return {"audiences": [*sizes, form], "has_texts": True}

    async def _send(self, request: Request, _: str) -> Response:
        body = await request.json()
        self.sent.append((request.headers["idempotency-key"], body))
        number = len(self._bodies) + 1
        self._bodies[number], self.read[number], self.answers[number] = body, set(), []
        return JSONResponse({"id": number, "at": self._ago(0), "receivers": 3}, 201)

    async def _answer(self, request: Request, member: str, number: str, kind: str) -> Response:
        self.read[int(number)].add(f"ave-{member}")
        if kind == "answers":
            body = await request.json()
            self.answers[int(number)].append({"by": f"ave-{member}", "at": self._ago(0), "text": body["text"]})
        return JSONResponse(self._line(int(number), member))
