"""Lead changes over all areas of a level at once: a page of them, newest first, and followed as they happen."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

import msgspec
from fastapi import Header, Query, WebSocket
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, pack, respond
from api.http.errors import domain_problem
from api.live.count import LiveCount
from api.live.events import read_event_id
from api.routes.asked import AtQuery, SinceQuery
from api.routes.stream import StreamResponse
from api.serving.access import MOST_SEQ, Live, Serving, find_live, find_services
from api.story.lead_changes import AreaTurn, LeadChange, tell_turn
from api.story.lead_following import FollowLeads
from api.story.past import Version
from api.story.trails import LogExtent, history_of
from tally.errors import EscrutinioError, NotFound
from tally.keys import Level, is_area, is_within

router = Router(tags=["story"], responses={404: {}})

_Levels = Literal[Level.NATION, Level.SCOPE, Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT]


class LeadChangePage(Struct, frozen=True):
    """What turned, newest first; `matching` counts all that is asked for, `next` is the `before` of the next page."""

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    level: Level
    within: str | None
    lists: list[str]
    matching: int
    changes: list[LeadChange]
    next: int | None


class _Asked(Struct, frozen=True):
    """Which lead changes of which version; `after`: only later ones, `before`: only earlier ones."""

    live: LiveCount
    history: LogExtent
    version: Version
    level: Level
    within: str | None
    after: int
    before: int
    limit: int


@router.get("/lead-changes")
async def read_lead_changes(
    request: Request,
    live: Live,
    services: Serving,
    level: _Levels,
    within: Annotated[str | None, Query(description="Only in this area: department/14")] = None,
    since: SinceQuery = None,
    at: AtQuery = None,
    before: Annotated[
        int | None, Query(ge=1, le=MOST_SEQ, description="Only versions before this one: the next page.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Reply[LeadChangePage]:
    """Every time another list went ahead in an area of that level; those of one area with its decision: /moments."""
    if within is not None and (within not in live.view.entries or not is_area(within)):
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    version = await services.past.version(live, at)
    after = 0 if since is None else (await services.past.version(live, since)).seq
    asked = _Asked(live, history_of(live), version, Level(level), within, after, before or MOST_SEQ, limit)
    key = ("lead-changes", live.info.id, live.epoch, version.seq, level, within, after, before, limit)
    every = list[AreaTurn]()
    if not services.answers.has(key):
        every = await services.past.lead_turns(asked.history, asked.level, version.seq)
    return respond(request, await services.answers.get(key, partial(_page, asked, every)), version.cache)


@router.websocket("/lead-changes/live")
async def follow_lead_changes(socket: WebSocket, level: _Levels) -> None:
    """Lead changes as they happen: see docs/live.md."""
    services = await find_services(socket)
    try:
        live = await find_live(socket, services)
        await services.hub.serve(socket, await services.past.followed_leads(live, Level(level)))
    except EscrutinioError as error:
        services.requests.refused(socket.scope, error)
        await socket.send_denial_response(domain_problem(error, socket.url.path))


@router.get("/lead-changes/stream", response_class=StreamResponse, status_code=200)
async def stream_lead_changes(
    request: Request,
    live: Live,
    services: Serving,
    level: _Levels,
    within: Annotated[str | None, Query(description="Only in this area: department/14")] = None,
    epoch: str | None = None,
    since: Annotated[int | None, Query(alias="from", ge=0, le=MOST_SEQ)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The messages of that socket as events. `Last-Event-ID`, or `epoch` and `from`, resumes."""
    if last_event_id:
        epoch, since = read_event_id(last_event_id)
    followed = await services.past.followed_leads(live, Level(level))
    wish = followed.check(FollowLeads(within, epoch, since))
    return StreamResponse(services.hub, request, followed, wish)


def _page(asked: _Asked, every: Sequence[AreaTurn]) -> Representation:
    live, version = asked.live, asked.version
    own = [one for one in reversed(every) if _is_asked(asked, one)]
    older = [one for one in own if one.turn.seq < asked.before]
    page = _whole_versions(older, asked.limit)
    body = LeadChangePage(
        election=live.election.id,
        epoch=asked.history.epoch,
        seq=version.seq,
        as_of=version.at,
        source_at=version.source_at,
        is_test=live.info.is_test,
        level=asked.level,
        within=asked.within,
        lists=[entry.id for entry in live.contest.lists],
        matching=len(own),
        changes=[tell_turn(one, live.names.names.get(one.key)) for one in page],
        next=page[-1].turn.seq if len(page) < len(older) else None,
    )
    return pack(msgspec.json.encode(body), f"{asked.history.epoch}-{version.seq}")


def _is_asked(asked: _Asked, one: AreaTurn) -> bool:
    return one.turn.seq > asked.after and (asked.within is None or is_within(one.key, asked.within))


def _whole_versions(found: Sequence[AreaTurn], limit: int) -> Sequence[AreaTurn]:
    """The first so many, and what else turned in the last one's version: the next page begins before it."""
    if len(found) <= limit:
        return found
    last = found[limit - 1].turn.seq
    return [one for n, one in enumerate(found) if n < limit or one.turn.seq == last]
