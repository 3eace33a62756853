"""Which program answers."""

from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from tally.program import Program, this_program

router = Router(tags=["program"])


@router.get("")
async def read_program(request: Request) -> Reply[Program]:
    """Its version and commit."""
    return reply(request, this_program(), UNCACHED)
