"""Answers about the electoral process: which one is served, its menu, when it was last loaded."""

from collections.abc import Iterator

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.clock import milliseconds
from ingest.rehearsal.feed import RehearsalFeed, local_midnight
from ingest.rehearsal.onpe2026.envelope import DONE, Handler, data
from ingest.rehearsal.onpe2026.payloads import Payload

_KIND = "bicameralidad"
_ON_THE_MENU = {1: "Gobernador Regional", 3: "Alcalde Provincial"}
_TURNOUT = "Participación ciudadana"


class ProcessAnswers:
    """The one process of a feed. A process without a number in its own generation of the feed is number 0 here."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._id = feed.election.process.id or 0
        self._date_ms = milliseconds(local_midnight(feed.election))
        self._menu = [
            _entry(1, "Resumen General", "resumen", "icon-ico_resumen_general", ""),
            *_races(feed),
            _entry(51, "Participación Ciudadana", "participacion-ciudadana", "icon-ico-participacion2", _TURNOUT),
            _entry(52, "Actas", "actas", "icon-ico_menu_actas", "Actas"),
        ]

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        return {
            "proceso/proceso-electoral-activo": self.active,
            f"proceso/{self._id}/elecciones": self.menu,
            "proceso/elecciones": self.elections,
            "fecha/listarFecha": self.loaded,
        }

    def active(self, question: Question) -> Response:
        """proceso/proceso-electoral-activo; a name or acronym never captured is our own."""
        election = self._feed.election
        return data(
            {
                "id": self._id,
                "nombre": election.process.name or election.name["es"].upper(),
                "acronimo": election.process.acronym or f"PROCESO{self._id}",
                "fechaProceso": self._date_ms,
                "idEleccionPrincipal": self._feed.contest.source_id,
                "tipoProcesoElectoral": _KIND,
                "activoFechaProceso": True,
            }
        )

    def menu(self, question: Question) -> Response:
        """proceso/{id}/elecciones: the site's menu; idEleccion 0 is not an election."""
        return data(self._menu, DONE)

    def elections(self, question: Question) -> Response:
        """proceso/elecciones: the catalogue of races; never captured, here the entries of the menu that are races."""
        return data([entry for entry in self._menu if entry["idEleccion"]], DONE)

    def loaded(self, question: Question) -> Response:
        """fecha/listarFecha: the last load of the backend."""
        stamp = self._feed.cut().at_ms
        return data({"fechaProceso": stamp, "servicioFirma": True, "cdescripcion": "Ultima Fecha Migración"})


def _races(feed: RehearsalFeed) -> Iterator[Payload]:
    """The entries of the menu that are races; it leaves out those that it left out in October 2026."""
    first = feed.contest
    if first.source_page is not None:
        name, about = "Presidencial", "Elección de Fórmula Presidencial"
        entry = _entry(31, name, "presidenciales", "icon-ico_e_presidencial", about)
        yield entry | {"idEleccion": first.source_id, "esPrincipal": True}
        return
    for race in sorted({one.contest.source_id for one in feed.races} & _ON_THE_MENU.keys()):
        entry = _entry(31 + race, _ON_THE_MENU[race], f"eleccion-{race}", "icon-ico_e_regional", _ON_THE_MENU[race])
        yield entry | {"idEleccion": race, "esPrincipal": race == first.source_id}


def _entry(number: int, name: str, page: str, icon: str, description: str) -> Payload:
    return {
        "id": number,
        "nombre": name,
        "padre": 0,
        "hijos": False,
        "icono": icon,
        "orden": number,
        "idEleccion": 0,
        "url": f"/main/{page}",
        "esPrincipal": False,
        "descripcion": description,
    }
