"""Answers about the electoral process: which one is served, its menu, when it was last loaded."""

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.clock import milliseconds
from ingest.rehearsal.feed import RehearsalFeed, local_midnight
from ingest.rehearsal.onpe2026.envelope import DONE, Handler, data
from ingest.rehearsal.onpe2026.payloads import Payload

_KIND = "bicameralidad"


class ProcessAnswers:
    """The one process of a feed. A process without a number in its own generation of the feed is number 0 here."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._id = feed.election.process.id or 0
        self._date_ms = milliseconds(local_midnight(feed.election))

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        return {
            "proceso/proceso-electoral-activo": self.active,
            f"proceso/{self._id}/elecciones": self.menu,
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
        race = self._feed.contest.source_id
        return data(
            [
                _entry(1, "Resumen General", 0, "/main/resumen", "icon-ico_resumen_general"),
                _entry(31, "Presidencial", race, "/main/presidenciales", "icon-ico_e_presidencial"),
                _entry(52, "Actas", 0, "/main/actas", "icon-ico_menu_actas"),
            ],
            DONE,
        )

    def loaded(self, question: Question) -> Response:
        """fecha/listarFecha: the last load of the backend."""
        stamp = self._feed.cut().at_ms
        return data({"fechaProceso": stamp, "servicioFirma": None, "cdescripcion": "Ultima Fecha Migración"})


def _entry(order: int, name: str, election: int, url: str, icon: str) -> Payload:
    return {
        "id": order,
        "nombre": name,
        "padre": 0,
        "hijos": False,
        "icono": icon,
        "orden": order,
        "idEleccion": election,
        "url": url,
        "esPrincipal": bool(election),
        "descripcion": "Elección de Fórmula Presidencial" if election else "",
    }
