"""Opening a live socket: what is wrong with a request is said before it is accepted."""

from fastapi import APIRouter, WebSocket

from api.http.errors import domain_problem
from api.live.subscription import FollowedCount
from api.serving.access import find_live, find_services
from tally.errors import EscrutinioError

router = APIRouter()


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """rt/1: see the protocol's schemas."""
    services = await find_services(socket)
    try:
        await services.hub.serve(socket, FollowedCount(await find_live(socket, services)))
    except EscrutinioError as error:
        services.requests.refused(socket.scope, error)
        await socket.send_denial_response(domain_problem(error, socket.url.path))
