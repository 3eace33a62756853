"""Faults to rehearse with: what a client meets when the source is unwell. Every third answer has the fault.

page: the site's page instead of data · empty: 204 · refused: 429 with a wish to wait · challenge: 202 of the
firewall · error: 500 · failure: 200 that says it failed · truncated: half the body · impossible: fewer votes cast than
valid, which no real count can have.
"""

from collections.abc import Callable

import msgspec

from ingest.rehearsal.answers import NOTHING, PAGE, Answer, failure
from tally.errors import InvalidInput

_EVERY = 3
_REFUSED = Answer(429, b"", headers=((b"retry-after", b"60"),))
_CHALLENGE = Answer(202, b"", headers=((b"x-amzn-waf-action", b"challenge"),))

Fault = Callable[[Answer], Answer]


def _truncated(answer: Answer) -> Answer:
    return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.is_page)


def _impossible(answer: Answer) -> Answer:
    if answer.is_page or not answer.body:
        return answer
    body = msgspec.json.decode(answer.body)
    payload, rows = body.get("data"), body.get("results")
    if isinstance(payload, dict) and payload.get("totalVotosValidos"):
        payload["totalVotosEmitidos"] = payload["totalVotosValidos"] // 2
    elif rows:  # 2021: the last row is the votes cast
        rows[-1]["TOTAL_VOTOS"] = "1"
    else:
        return answer
    return Answer(answer.status, msgspec.json.encode(body))


FAULTS: dict[str, Fault] = {
    "page": lambda answer: PAGE,
    "empty": lambda answer: NOTHING,
    "refused": lambda answer: _REFUSED,
    "challenge": lambda answer: _CHALLENGE,
    "error": lambda answer: failure(500, "Ocurrió un error al procesar la solicitud"),
    "failure": lambda answer: failure(200, "No se pudo completar la operación"),
    "truncated": _truncated,
    "impossible": _impossible,
}


class FaultySource:
    """Applies one fault to every third answer; the others are as they should be."""

    def __init__(self, name: str | None) -> None:
        if name is not None and name not in FAULTS:
            raise InvalidInput(f"unknown fault {name!r}; known: {', '.join(FAULTS)}")
        self._fault = FAULTS[name] if name else None
        self._answers = 0

    def pass_on(self, answer: Answer) -> Answer:
        """The answer as the client gets it."""
        if self._fault is None:
            return answer
        self._answers += 1
        return self._fault(answer) if self._answers % _EVERY == 0 else answer
