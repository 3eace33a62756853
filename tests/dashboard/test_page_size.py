"""How much HTML the country's page is, with the real outlines and a real ballot: the numbers wait for all of it."""

import re
from typing import Any

import msgspec
import pytest

from dashboard.app import build
from geo.boundaries import Geometry
from geo.svg import Outlines
from ingest.registry import known_elections
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION, ToyCount

_THEN = "2026-06-09T16:00:00Z"


class WholeCountry(ToyApi):
    """The toy count on the real map, with the lists of a real contest."""

    def __init__(self, election_id: str, geometry: Geometry) -> None:
        lists = msgspec.to_builtins(known_elections()[election_id].contest().lists)
        super().__init__(ToyCount(lists=len(lists)))
        self.count.lists = lists
        self._outlines = Outlines(geometry)

    def read(self, path: str) -> Any:
        """As the API answers."""
        drawn = path.removeprefix("/api/v1/geometry/outlines/")
        return super().read(path) if drawn == path else self._outlines.plain(drawn)


@pytest.mark.parametrize(
    ("election_id", "most"), [("2026-06-07-president-runoff", 56_000), ("2026-04-12-president", 60_000)]
)
@pytest.mark.parametrize("path", ["/", "/?lang=en", f"/?at={_THEN}"])
def test_the_country_is_a_small_page(geometry: Geometry, election_id: str, most: int, path: str) -> None:
    api = WholeCountry(election_id, geometry)
    answer = build(api.read, election_id=ELECTION).server.test_client().get(path)
    lists = re.findall(r'data-list="(\d+)"', answer.text)
    withdrawn = [entry["short"] for entry in api.count.lists if entry["is_withdrawn"]]
    assert sorted(map(int, lists)) == [n for n, entry in enumerate(api.count.lists) if not entry["is_withdrawn"]]
    assert all(short in answer.text for short in withdrawn)
    assert answer.text.count("data-k=") == 25
    assert len(answer.data) < most
