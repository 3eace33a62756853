"""Alerts of the mission: the list, and the ticket with which a socket may listen."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import Query
from msgspec import Struct, convert
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.serving.access import MOST_SEQ, Serving
from api.serving.viewer import Viewing
from mission.alerts import AlertKind, newest_alerts
from mission.people.tickets import LASTS, Listener, give_ticket
from tally import moments

router = Router(tags=["mission"])


class Ticket(Struct, frozen=True):
    """A ticket, and how long it is good."""

    ticket: str
    seconds: int


class AlertLine(Struct, frozen=True):
    """An alert as it is read."""

    id: int
    kind: AlertKind
    figures: dict[str, Any]
    href: str | None
    at: str


class Alerts(Struct, frozen=True):
    """Newest first; `next` is the `before` of the following page, None at the end."""

    alerts: list[AlertLine]
    next: int | None


@router.post("/mission/ticket")
async def make_ticket(request: Request, services: Serving, viewer: Viewing) -> Reply[Ticket]:
    """A ticket for one socket, good once, for 30 s: {"t": "sub", "topics": ["mission"], "ticket": …}."""
    listener, now = Listener(viewer.id, viewer.role, viewer.credential), moments.utc_now()
    ticket = await to_thread.run_sync(give_ticket, services.store.engine, listener, now)
    return reply(request, Ticket(ticket, int(LASTS.total_seconds())))


@router.get("/mission/alerts")
async def read_alerts(
    request: Request,
    services: Serving,
    viewer: Viewing,
    before: Annotated[int | None, Query(ge=1, le=MOST_SEQ)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Reply[Alerts]:
    """What was raised and may be read, newest first; `next` is the `before` of the following page."""
    found = await to_thread.run_sync(newest_alerts, services.store.engine, viewer.role, before, limit)
    shown = convert(found, list[AlertLine], from_attributes=True)
    return reply(request, Alerts(shown, found[-1].id if len(found) == limit else None))
