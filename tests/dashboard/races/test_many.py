"""An election day of 1,915 races: the page of all of them lists the regions, and the others stand behind them."""

import re
from itertools import product
from typing import Any

import pytest

from dashboard.app import build
from geo.boundaries import Geometry
from geo.svg import Outlines
from tests.dashboard.toy.api import BASE
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.races import RacesApi

_PROVINCES, _DISTRICTS = 8, 9
_MOST_BYTES = 60_000


class ManyRaces(RacesApi):
    """The 25 races, and in each department those of 8 provinces with 9 districts each, on the real map."""

    def __init__(self, geometry: Geometry) -> None:
        super().__init__()
        self._outlines = Outlines(geometry)
        self._rows = [row for code in self.codes.values() for row in self._inside(code)]

    def _inside(self, code: str) -> list[dict[str, Any]]:
        own = self.row(code)
        provinces = [f"{code}{number + 1:02d}" for number in range(_PROVINCES)]
        districts = [f"{above}{number + 1:02d}" for above, number in product(provinces, range(_DISTRICTS))]
        below = [(scope, "province" if len(scope) == 4 else "district") for scope in (*provinces, *districts)]
        more = [own | {"id": f"m-{at}", "scope": at, "whole": f"{kind}/{at}", "place": f"X{at}"} for at, kind in below]
        return [own, *more]

    def read(self, path: str) -> Any:
        """As the API answers."""
        drawn = path.removeprefix("/api/v1/geometry/outlines/")
        if drawn != path:
            return self._outlines.plain(drawn)
        plain, _, within = path.partition("?within=")
        if plain != f"{BASE}/contests":
            return super().read(path)
        code = within.partition("/")[2]
        rows = [row for row in self._rows if row["scope"].startswith(code)]
        return super().read(plain) | {"rows": rows}


@pytest.fixture(scope="module")
def client(geometry: Geometry) -> Any:
    return build(ManyRaces(geometry).read, election_id=ELECTION).server.test_client()


@pytest.mark.parametrize(
    ("path", "races", "behind"),
    [("/", 25, 25), ("/contests?within=department/07", 9, 8), ("/contests?within=province/0701", 10, 0)],
)
def test_a_page_lists_what_can_be_read_and_leads_to_the_rest(client: Any, path: str, races: int, behind: int) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert len(page.data) < _MOST_BYTES
    assert len(re.findall("<tr data-race=", page.text)) == races
    assert page.text.partition('class="behind"')[2].count('href="/contests?within=') == behind
    counted = re.findall(r"<b>([\d ]+)</b>", page.text.partition('class="states"')[2].partition("</ul>")[0])
    assert sum(int(number.replace(" ", "")) for number in counted) == {"/": 2025}.get(path, 81 if behind else 10)
