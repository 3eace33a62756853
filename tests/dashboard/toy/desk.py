"""The toy count and the toy mission served together, and a browser that has signed in."""

from typing import Any

from playwright.sync_api import BrowserContext, Page
from starlette.applications import Starlette
from starlette.routing import Route

from tests.dashboard.toy.api import BASE as ELECTION_BASE
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.toy.mission import BASE, PASSWORD, ToyMission, ago
from tests.dashboard.watching import until

READY = "Boolean(document.querySelector('#mission[data-ready]'))"


class MissionCount(ToyCount):
    """A count whose topic `mission` has the mission's alerts."""

    mission: ToyMission

    def topic(self, name: str) -> dict[str, dict[str, Any]]:
        """The state of one topic."""
        return dict(self.mission.alerts) if name == "mission" else super().topic(name)


class DeskApi(ToyApi):
    """The toy API with a mission; `is_on` is whether there is one."""

    def __init__(self) -> None:
        self.mission, self.is_on = ToyMission(), True
        count = MissionCount()
        count.mission = self.mission
        super().__init__(count)

    def read(self, path: str) -> Any:
        """As a page reads: a mission asks who is there."""
        if path == f"{BASE}/session" and self.is_on:
            raise ConnectionError("204")
        found = super().read(path)
        if path.startswith(f"{ELECTION_BASE}/places/"):
            code = path.rpartition("/")[2]
            mesas = {key: data for key, data in self.count.topic(f"place/{code}").items() if key.startswith("mesa/")}
            found["mesas"] = [{"key": key, "mesa": key.partition("/")[2], **data} for key, data in mesas.items()]
        return found

    def alert(self, *numbers: int, **values: Any) -> None:
        """Send alerts, which differ in nothing but their number, to whoever listens: all of them at once."""
        fresh = {"kind": "critical", "figures": {}, "href": "/mission", "at": "", **values}
        self.mission.alerts |= {f"alert/{number}": fresh for number in numbers}
        prev, self.count.seq = self.count.seq, self.count.seq + 1
        changes = [{"k": f"alert/{number}", "kind": "update", "d": fresh, "src": None} for number in numbers]
        self.send({"t": "delta", "seq": self.count.seq, "prev": prev, "changes": changes})

    def application(self) -> Starlette:
        """The mission's paths before the rest."""
        app = super().application()
        methods = ["GET", "POST", "DELETE"]
        paths = (f"{BASE}/{{rest:path}}", "/api/v1/incidents")
        app.router.routes[:0] = [Route(path, self.mission.answer, methods=methods) for path in paths]
        return app


def fill(api: DeskApi) -> None:
    """One of everything."""
    mission = api.mission
    photos = [{"hash": "ab" * 32, "bytes": 70, "width": 1, "height": 1}]
    position = {"lon": -77.0, "lat": -12.1, "accuracy": 20}
    mission.add(minutes=47, severity="critical", category="intimidation_or_violence", photos=photos, position=position)
    mission.add(minutes=40, severity="serious", category="intimidation_or_violence")
    mission.add(minutes=20, state="verifying", reporter="ave-ana")
    mission.add(minutes=90, state="verified", severity="serious")
    mission.add(minutes=99, state="rejected", outcome=mission.text("No fue en este local."))
    for kind in ("share", "swap"):
        mission.add_flag(kind)
    mission.alerts["alert/1"] = {
        "kind": "critical",
        "figures": {"category": "other", "areas": [{"key": "department/14", "name": mission.text("Lima")}]},
        "href": "/mission/incident?id=inc0001",
        "at": ago(4),
    }


def open_ready(page: Page, address: str) -> None:
    """Open a page of the mission, and wait until it has filled itself."""
    page.goto(address)
    until(page, READY)


def sign_in(context: BrowserContext, url: str, name: str) -> None:
    """Leave the browser as the form does: with the cookie, and with what it remembers."""
    answer = context.request.post(f"{url}{BASE}/session", data={"name": name, "password": PASSWORD})
    page = context.new_page()
    page.goto(answer.url)  # one of the smallest of that origin
    page.evaluate("(told) => localStorage.setItem('escrutinio.member', JSON.stringify(told))", answer.json())
    page.close()
