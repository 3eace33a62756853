"""Which elections are counted."""

from datetime import date

from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.serving.access import Serving

router = Router(tags=["elections"])


class ElectionName(Struct, frozen=True):
    """One election, as a list has it."""

    id: str
    name: dict[str, str]
    date: date
    is_test: bool


@router.get("/elections")
async def list_elections(request: Request, services: Serving) -> Reply[list[ElectionName]]:
    """Elections the store has a count of."""
    found = [
        ElectionName(live.election.id, live.election.name, live.election.date, live.info.is_test)
        for live in services.counts.firsts()
    ]
    return reply(request, found, UNCACHED)
