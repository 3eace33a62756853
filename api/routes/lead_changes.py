"""Lead changes over all areas of a level at once, newest first."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Representation, Router, pack, respond
from api.live.count import LiveCount
from api.routes.asked import AtQuery, SinceQuery
from api.serving.access import MOST_SEQ, Live, Serving
from api.story.lead_changes import AreaTurn
from api.story.past import Version
from api.story.trails import LogExtent, history_of
from tally.errors import NotFound
from tally.keys import Level, is_area, is_within

router = Router(tags=["story"], responses={404: {}})


class LeadChange(Struct, frozen=True):
    """Another list led in an area from version `seq` on: `leader` and `before` are places in `lists`.

    at: our clock; source_at: the stamp of the source's own figures.
    """

    key: str
    name: str | None
    seq: int
    at: str
    source_at: str | None
    leader: int | None
    before: int | None
    margin: int
    counted: int
    total: int


class LeadChangePage(Struct, frozen=True):
    """What turned, newest first; `matching` counts all that is asked for, `next` is the `before` of the next page."""

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
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
    level: Literal[Level.SCOPE, Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT],
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
        level=asked.level,
        within=asked.within,
        lists=[entry.id for entry in live.contest.lists],
        matching=len(own),
        changes=[_line(one, live.names.names.get(one.key)) for one in page],
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


def _line(one: AreaTurn, name: str | None) -> LeadChange:
    turn = one.turn
    stamps = turn.seq, turn.at, turn.source_at
    return LeadChange(one.key, name, *stamps, turn.leader, turn.before, turn.margin, turn.counted, turn.total)
