"""Where the polling places of an area are drawn: approximate points, each with what it is worth."""

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import Live, Serving
from api.answers import CURRENT, encoded, respond
from api.rows import select_rows
from tally.errors import NotFound
from tally.keys import Level, is_area

router = APIRouter(tags=["areas"], responses={404: {"model": shapes.Problem}})


@router.get("/elections/{election_id}/places", response_model=shapes.Points)
async def list_places(
    request: Request, live: Live, services: Serving, within: str = Query(description="Area key: district/140101")
) -> Response:
    """Approximate positions; a place without one (abroad, no polygon) is not in the list."""
    if within not in live.view.entries or not is_area(within):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    keys = [row.key for row in select_rows(live.view, Level.POLLING_PLACE, within)]
    positions = await services.positions.of(live.view, keys)
    points = [
        {"key": key, "name": live.names.names.get(key, ""), **msgspec.structs.asdict(position)}
        for key, position in positions.items()
    ]
    return respond(request, encoded({"places": points}, live.etag), CURRENT)
