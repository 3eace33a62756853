"""The live protocol as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.live.events import EventStream, read_event_id
from api.live.following import Followed, Wish
from api.live.hub import Hub
from api.live.subscription import FollowedCount, Subscribe
from api.routes.state import TopicQuery, normal_topics
from api.serving.access import MOST_SEQ, Live, Serving

router = APIRouter(tags=["state"])


class StreamResponse(Response):
    """A response that is counted while it lasts."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, request: Request, followed: Followed, wish: Wish) -> None:
        super().__init__()
        self._hub = hub
        self._leave = hub.admit(request)
        self._stream = EventStream(followed, wish, hub.stopping)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the reader goes."""
        try:
            await self._stream(scope, receive, send)
        finally:
            self._leave()


@router.get("/stream", response_class=StreamResponse, status_code=200)
async def read_stream(
    request: Request,
    live: Live,
    services: Serving,
    topic: TopicQuery = ["nation"],  # noqa: B006 - read only
    epoch: str | None = None,
    since: Annotated[int | None, Query(alias="from", ge=0, le=MOST_SEQ)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The messages of the live socket as events, for as long as somebody reads: docs/live.md, `x-websockets`.

    `Last-Event-ID`, or `epoch` and `from`, resumes.
    """
    if last_event_id:
        epoch, since = read_event_id(last_event_id)
    return StreamResponse(
        services.hub, request, FollowedCount(live), Subscribe(list(normal_topics(topic)), epoch, since)
    )
