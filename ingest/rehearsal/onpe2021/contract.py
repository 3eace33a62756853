"""The contract of 2021 as one question-and-answer function over a feed: all in the path, no envelope."""

import re
from typing import Any

import msgspec

from ingest.rehearsal.answers import PAGE, Question, Response
from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2021.acta_states import ActaStates
from ingest.rehearsal.onpe2021.area_answers import ResultAnswers
from ingest.rehearsal.onpe2021.mesa_answers import MesaAnswers

# Near :18 and :48 on the first day, later less often; stamps have no seconds.
CADENCE = Cadence(30, (18,))

_PATHS = (
    ("results", re.compile(r"/results/([0-9]{1,3})/([0-9]{6})", re.ASCII)),
    ("tree", re.compile(r"/ecp/ubigeos/([PE])")),
    ("places", re.compile(r"/mesas/locales/([0-9]{6})", re.ASCII)),
    ("mesas", re.compile(r"/mesas/actas/[0-9][0-9]/([0-9]{6})/(\w{1,16})", re.ASCII)),
    ("acta", re.compile(r"/mesas/detalle/([0-9]{6})", re.ASCII)),
)
_encode = msgspec.json.Encoder().encode
# The status of the answer itself was never captured, only that the object names one.
_NOT_FOUND = Response(200, _encode({"statusCode": 404, "message": "No se encontró la información solicitada"}))


class Contract2021:
    """Every path a client of 2021 asks for; what stands behind the "?" is ignored, as the source does."""

    def __init__(self, feed: RehearsalFeed) -> None:
        states = None if feed.mesas is None else ActaStates(feed.mesas)
        self._race = str(feed.contest.source_id)
        self._areas = ResultAnswers(feed, states)
        self._mesas = MesaAnswers(feed, feed.mesas, states)

    def answer(self, path: str, question: Question) -> Response:
        """The answer to a GET; a path that is not known gets the site's page."""
        for name, pattern in _PATHS:
            found = pattern.fullmatch(path)
            if found is not None:
                payload = self._payload(name, *found.groups())
                return _NOT_FOUND if payload is None else Response(200, _encode(payload))
        return PAGE

    def _payload(self, name: str, first: str, second: str = "") -> Any:
        if name == "results":
            return self._areas.results(second) if first == self._race else None
        if name == "tree":
            return self._areas.tree(first)
        if name == "places":
            return self._mesas.places(first)
        return self._mesas.mesas(first, second) if name == "mesas" else self._mesas.acta(first)
