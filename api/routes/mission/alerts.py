"""Alerts of the mission: the list, and the ticket with which a socket may listen."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from msgspec import to_builtins
from starlette.requests import Request
from starlette.responses import Response

from api import mission_shapes
from api.access import MOST_SEQ, Serving
from api.answers import encoded, respond
from api.viewer import Viewing
from mission.alerts import newest_alerts
from mission.tickets import LASTS, Listener, give_ticket
from tally import moments

router = APIRouter(tags=["mission"])


@router.post("/mission/ticket", response_model=mission_shapes.Ticket)
async def make_ticket(request: Request, services: Serving, viewer: Viewing) -> Response:
    """A ticket for one socket, good once, for 30 s: {"t": "sub", "topics": ["mission"], "ticket": …}."""
    listener, now = Listener(viewer.id, viewer.role, viewer.credential), moments.utc_now()
    ticket = await to_thread.run_sync(give_ticket, services.store.engine, listener, now)
    return respond(request, encoded({"ticket": ticket, "seconds": int(LASTS.total_seconds())}))


@router.get("/mission/alerts", response_model=mission_shapes.Alerts)
async def read_alerts(
    request: Request,
    services: Serving,
    viewer: Viewing,
    before: Annotated[int | None, Query(ge=1, le=MOST_SEQ)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What was raised and may be read, newest first; `next` is the `before` of the following page."""
    found = await to_thread.run_sync(newest_alerts, services.store.engine, viewer.role, before, limit)
    shown = [{name: value for name, value in to_builtins(alert).items() if name != "least"} for alert in found]
    return respond(request, encoded({"alerts": shown, "next": found[-1].id if len(found) == limit else None}))
