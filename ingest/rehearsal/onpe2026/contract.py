"""The contract of 2026 as one question-and-answer function over a feed."""

import re

from ingest.rehearsal.answers import PAGE, Question, Response
from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026.acta_answers import ActaAnswers
from ingest.rehearsal.onpe2026.area_answers import AreaAnswers
from ingest.rehearsal.onpe2026.envelope import NOTHING, failure
from ingest.rehearsal.onpe2026.filters import BadCombination, NothingThere
from ingest.rehearsal.onpe2026.heat_answers import HeatAnswers
from ingest.rehearsal.onpe2026.paging import BadPage
from ingest.rehearsal.onpe2026.place_answers import PlaceAnswers
from ingest.rehearsal.onpe2026.process_answers import ProcessAnswers
from ingest.rehearsal.onpe2026.turnout_answers import TurnoutAnswers

BASE = "/presentacion-backend/"
# The run-off published at minutes ending in 2 and 6, second 02: steps of 4 and 6 minutes.
CADENCE = Cadence(10, (2, 6), 2)

_ACTA = re.compile(r"actas/([0-9]{1,18})")
_PROCESS = re.compile(r"proceso/[0-9]+/elecciones")


class Contract2026:
    """Every path a client of 2026 asks for."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._actas, self.map = ActaAnswers(feed, feed.mesas), HeatAnswers(feed)
        self._routes = {
            **ProcessAnswers(feed).routes(),
            **PlaceAnswers(feed).routes(),
            **AreaAnswers(feed).routes(),
            "resumen-general/mapa-calor": self.map.heat,
            **TurnoutAnswers(feed).routes(),
            **self._actas.routes(),
        }

    def answer(self, path: str, question: Question) -> Response:
        """The answer to a GET; a path that is not known gets the site's page."""
        if not path.startswith(BASE):
            return PAGE
        name = path[len(BASE) :]
        try:
            handler = self._routes.get(name)
            if handler is not None:
                return handler(question)
            sheet = _ACTA.fullmatch(name)
            if sheet:
                return self._actas.sheet(sheet[1])
        except NothingThere:
            return NOTHING
        except BadPage as error:
            return failure(400, str(error))
        except BadCombination:
            return failure(500, "Ocurrió un error al procesar la solicitud")
        # A process that is no longer served is refused.
        return failure(403, "Forbidden") if _PROCESS.fullmatch(name) else PAGE
