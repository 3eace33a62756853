"""Opening a live socket: what is wrong with a request is said before it is accepted."""

from fastapi import APIRouter, WebSocket

from api.http.errors import domain_problem
from api.serving.access import find_services
from tally.errors import EscrutinioError

router = APIRouter()


@router.websocket("/elections/{election_id}/live")
async def live(socket: WebSocket, election_id: str) -> None:
    """rt/1: see the protocol's schemas."""
    services = await find_services(socket)
    try:
        await services.hub.serve(socket, services.counts.live(election_id))
    except EscrutinioError as error:
        await socket.send_denial_response(domain_problem(error, socket.url.path))
