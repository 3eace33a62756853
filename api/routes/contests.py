"""How all contests of an election stand: as one table, and followed over one connection."""

from typing import Annotated

from fastapi import Header, Query, WebSocket
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, respond
from api.http.errors import domain_problem
from api.live.contest_following import FollowContests
from api.live.contests import ContestTable
from api.live.events import read_event_id
from api.routes.asked import AtQuery
from api.routes.stream import StreamResponse
from api.serving.access import MOST_SEQ, Serving, find_services
from tally.errors import EscrutinioError

router = Router(tags=["elections"])


@router.get("/elections/{election_id}/contests")
async def read_contests(
    request: Request,
    services: Serving,
    election_id: str,
    ballot: str | None = Query(
        None, description="Only those on the ballot of a district or a mesa: its six digits, or its key."
    ),
    within: str | None = Query(None, description="Only those of an area and of the areas in it: department/14"),
    contest: Annotated[list[str] | None, Query(description="Only these, under the counts of all.")] = None,
    at: AtQuery = None,
) -> Reply[ContestTable]:
    """How every contest of the election stands, in one row each; of an earlier moment without the times of its source.

    Where there are more than a hundred, the rows of all of them leave out what the rows of some have.
    """
    followed = await services.contests.of(election_id)
    contests = followed.contests
    chosen = None if within is None else contests.lying_in(within)
    if ballot is not None:
        own = contests.on_ballot(ballot)
        chosen = own if chosen is None else chosen & own
    if contest is not None:
        named = frozenset(followed.check(FollowContests(contest)).contests or ())
        if chosen is None and at is None:
            return respond(request, *await services.contest_tables.some(contests, named))
        chosen = named if chosen is None else chosen & named
    return respond(request, *await services.contest_tables.answer(contests, at, chosen))


@router.websocket("/elections/{election_id}/contests/live")
async def follow_contests(socket: WebSocket, election_id: str) -> None:
    """Rows as they change: see docs/live.md."""
    services = await find_services(socket)
    try:
        await services.hub.serve(socket, await services.contests.of(election_id))
    except EscrutinioError as error:
        services.requests.refused(socket.scope, error)
        await socket.send_denial_response(domain_problem(error, socket.url.path))


@router.get("/elections/{election_id}/contests/stream", response_class=StreamResponse, status_code=200)
async def stream_contests(
    request: Request,
    services: Serving,
    election_id: str,
    contest: Annotated[list[str] | None, Query()] = None,
    epoch: str | None = None,
    since: Annotated[int | None, Query(alias="from", ge=0, le=MOST_SEQ)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The messages of the contests' socket as events. `Last-Event-ID`, or `epoch` and `from`, resumes."""
    if last_event_id:
        epoch, since = read_event_id(last_event_id)
    followed = await services.contests.of(election_id)
    wish = followed.check(FollowContests(contest, epoch, since))
    return StreamResponse(services.hub, request, followed, wish)
