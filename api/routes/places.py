"""Where the polling places of an area are drawn: approximate points, each with what it is worth."""

from collections.abc import Mapping
from functools import partial

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import CURRENT, Reply, Representation, Router, mark_of, pack, respond
from api.live.outlook import find_whole
from api.serving.access import Live, Serving
from api.tables.positions import Positions
from api.tables.rows import parent_of, select_keys, topics_of_rows
from geo.places import PlacePosition
from tally.errors import NotFound
from tally.keys import Level, is_area
from tally.topics import DISTRICTS
from tally.view import View

router = Router(tags=["areas"], responses={404: {}})


class PlacePoint(PlacePosition, frozen=True):
    """A polling place, where it is drawn, and its district's key."""

    key: str
    name: str
    district: str | None


class Points(Struct, frozen=True):
    """The polling places that have a position, and the names of their districts by key.

    is_whole: the count names every mesa that its source speaks of; until then it may not know all places.
    """

    places: list[PlacePoint]
    districts: dict[str, str]
    is_whole: bool


@router.get("/places")
async def list_places(
    request: Request, live: Live, services: Serving, within: str = Query(description="Area key: district/140101")
) -> Reply[Points]:
    """Approximate positions; a place without one (abroad, no polygon) is not in the list."""
    if within not in live.view.entries or not is_area(within):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    key = ("places", live.info.id, live.etag, within)
    view = None
    if not services.answers.has(key):
        view = live.view.frozen([DISTRICTS, *(topics_of_rows(live.view, Level.POLLING_PLACE, within) or ())])
    build = partial(_locate, services.positions, view or live.view, live.names.names, within)
    told = await services.answers.get(key, build)
    # Most versions say of places what the one before said: a country's are packed, and fetched by a phone, once.
    packed = partial(pack, told.body, told.etag)
    return respond(request, await services.answers.get(("places", told.etag), packed), CURRENT)


def _locate(positions: Positions, view: View, names: Mapping[str, str], within: str) -> Representation:
    found = positions.of(view, select_keys(view, Level.POLLING_PLACE, within))
    points = [
        PlacePoint(one.lon, one.lat, one.precision, key, names.get(key, ""), parent_of(view, key))
        for key, one in found.items()
    ]
    districts = {point.district: names.get(point.district, "") for point in points if point.district is not None}
    whole = find_whole(view)
    body = msgspec.json.encode(Points(points, districts, whole is not None and whole.is_named))
    return Representation(body, None, mark_of("places", body))
