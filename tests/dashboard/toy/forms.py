"""The forms of the toy mission and what observers fill in, with the API's shapes."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mission.response_form import ResponseForm
from mission.forms.model import Form


def _said(spanish: str, english: str) -> dict[str, str]:
    return {"es": spanish, "en": english}


def _question(name: str, kind: str, label: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "label": label, **more}


def form(name: str, title: dict[str, str], *questions: Any, **more: Any) -> dict[str, Any]:
    """One form as the API gives it: a section for each list of questions."""
    sections = [
        {"id": f"s{n}", "title": _said(f"Sección {n}", f"Section {n}"), "questions": own}
        for n, own in enumerate(questions, 1)
    ]
    plain = {"id": name, "version": 1, "moment": name, "code": name[:2].upper(), "title": title, "sections": sections}
    return dict(msgspec.to_builtins(msgspec.convert({**plain, **more}, Form)))


OPENING = form(
    "opening",
    _said("Instalación", "Opening"),
    [
        _question("opened", "yes_no", _said("¿Se instaló la mesa?", "Was the mesa set up?"), is_required=True),
        _question(
            "why",
            "choice",
            _said("¿Por qué no?", "Why not?"),
            when={"question": "opened", "is": "no"},
            choices=[
                {"id": "members", "label": _said("Faltan miembros", "Members are missing")},
                {"id": "material", "label": _said("Falta material", "Material is missing")},
            ],
        ),
        _question("at", "time", _said("¿A qué hora?", "At what time?"), least="05:00", most="12:00"),
    ],
    [
        _question("listed", "number", _said("Electores en la lista", "Voters on the list"), is_required=True, least=0),
        _question("queue", "number", _said("Electores en la cola", "Voters in the queue"), least=0, most=300),
        _question("photos", "photo", _said("Foto del cartel", "Picture of the notice"), most=2),
        _question("notes", "text", _said("Observaciones", "Notes"), most=500),
    ],
    due="08:00",
    checks=[
        {
            "id": "queue_fits",
            "must": {"left": {"question": "queue"}, "op": "<=", "right": {"question": "listed"}},
            "message": _said("La cola no pasa de la lista.", "The queue is no longer than the list."),
        }
    ],
)
VOTING = form(
    "voting",
    _said("Votación", "Voting"),
    [_question("secret", "yes_no", _said("¿El voto es secreto?", "Is the vote secret?"), is_required=True)],
    is_once=False,
)
CLOSING = form(
    "closing",
    _said("Cierre", "Closing"),
    [_question("closed_at", "time", _said("¿A qué hora cerró?", "When did it close?"), is_required=True)],
    due="17:00",
)


class ToyForms:
    """What is asked, and what was answered. `refuses`: a sentence with which every response is refused."""

    def __init__(self, text: Callable[[str], str], ago: Callable[[float], str]) -> None:
        self.offered = [OPENING, VOTING, CLOSING]
        self.earlier: list[dict[str, Any]] = []
        self.responses: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.refuses: str | None = None
        self._text, self._ago = text, ago

    def routes(self) -> Mapping[str, Callable[..., Any]]:
        """By method and path, as the toy mission asks for them."""
        return {
            "GET forms": self._forms,
            "GET forms/([^/]+)": self._versions,
            "GET responses": self._list,
            "POST responses": self._take,
            "POST responses/([^/]+)/photos": self._add_photo,
        }

    async def _forms(self, _: Request, __: str) -> dict[str, Any]:
        return {"forms": [self._said(form) for form in self.offered], "as_of": self._ago(0)}

    def _said(self, given: Any) -> Any:
        """The same with each sentence as a test has it."""
        if isinstance(given, list):
            return [self._said(one) for one in given]
        if not isinstance(given, dict):
            return given
        return {name: self._text(one) if name in ("es", "en") else self._said(one) for name, one in given.items()}

    async def _versions(self, _: Request, __: str, name: str) -> dict[str, Any]:
        return {"id": name, "versions": self.earlier + [each for each in self.offered if each["id"] == name]}

    async def _list(self, _: Request, member: str) -> dict[str, Any]:
        own = [each for each in self.responses.values() if each["observer"] == f"ave-{member}"]
        return {"responses": own[::-1], "counts": {"all": len(own), "to_look_at": 0, "partial": 0, "doubtful": 0}}

    async def _take(self, request: Request, member: str) -> Response:
        if self.refuses:
            return JSONResponse({"status": 422, "detail": self.refuses}, 422)
        key, body = request.headers["idempotency-key"], await request.json()
        msgspec.convert(body, ResponseForm)
        if key in self.keys:
            return JSONResponse(self.responses[self.keys[key]])
        number = f"res{len(self.responses) + 1:04d}"
        place = body["place"].get("polling_place", "0001")
        told = {
            "place_key": f"place/{place}",
            "state": "open",
            "reason": None,
            "place_name": self._text("I.E. SAN JUAN"),
            "is_partial": False,
        }
        self.responses[number] = {
            **body,
            **told,
            "id": number,
            "observer": f"ave-{member}",
            "received_at": self._ago(0),
            "photos": [],
        }
        self.keys[key] = number
        return JSONResponse({"id": number, "received_at": self._ago(0), "faults": []}, 201)

    async def _add_photo(self, request: Request, _: str, number: str) -> Response:
        body = await request.body()
        self.responses[number]["photos"].append((request.query_params["question"], body))
        return JSONResponse({"hash": f"{hash(body) & 0xFFFFFFFF:08x}" * 8}, 201)
