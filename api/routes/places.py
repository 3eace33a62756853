"""Where the polling places of an area are drawn: approximate points, each with what it is worth."""

from fastapi import Query
from msgspec import Struct
from msgspec.structs import asdict
from starlette.requests import Request

from api.http.answers import CURRENT, Reply, Router, reply
from api.serving.access import Live, Serving
from api.tables.rows import select_rows
from geo.places import PlacePosition
from tally.errors import NotFound
from tally.keys import Level, is_area

router = Router(tags=["areas"], responses={404: {}})


class PlacePoint(PlacePosition, frozen=True):
    """A polling place and where it is drawn."""

    key: str
    name: str


class Points(Struct, frozen=True):
    """The polling places that have a position."""

    places: list[PlacePoint]


@router.get("/elections/{election_id}/places")
async def list_places(
    request: Request, live: Live, services: Serving, within: str = Query(description="Area key: district/140101")
) -> Reply[Points]:
    """Approximate positions; a place without one (abroad, no polygon) is not in the list."""
    if within not in live.view.entries or not is_area(within):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    keys = [row.key for row in select_rows(live.view, Level.POLLING_PLACE, within)]
    positions = await services.positions.of(live.view, keys)
    points = [
        PlacePoint(**asdict(position), key=key, name=live.names.names.get(key, ""))
        for key, position in positions.items()
    ]
    return reply(request, Points(points), CURRENT, etag=live.etag)
