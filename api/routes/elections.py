"""Which elections are counted, and everything about one of them that is not a result."""

from typing import Any

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import Live, Serving
from api.answers import UNCACHED, encoded, respond
from api.archive import describe_head
from api.feed import Feed, describe_feed, recall_feed
from api.live import LiveCount
from api.outlook import assess, status_of
from api.rows import parents_of
from tally import moments
from tally.keys import ABROAD, NATION, Level, code_of, level_of, start_of
from tally.view import View

router = APIRouter(tags=["elections"])
_MOST_HITS = 50


@router.get("/elections", response_model=list[shapes.ElectionName])
async def list_elections(request: Request, services: Serving) -> Response:
    """Elections the store has a count of."""
    found = [
        {
            "id": live.election.id,
            "name": live.election.name,
            "date": live.election.date.isoformat(),
            "is_test": live.info.is_test,
        }
        for live in services.counts.all()
    ]
    return respond(request, encoded(found), UNCACHED)


@router.get("/elections/{election_id}", response_model=shapes.Meta)
async def read_election(
    request: Request,
    live: Live,
    services: Serving,
    at: str | None = Query(None, description="Status and outlook as they stood at this moment, ISO 8601."),
) -> Response:
    """Names, lists, how the source is doing, and what is still open by arithmetic."""
    if at is None:
        return respond(request, encoded(_meta(live, live.view, describe_feed(live, moments.utc_now()))), UNCACHED)
    version = await services.past.version(live, at)
    view = await services.past.view_of(live, version, [NATION, ABROAD])
    feed = recall_feed(view, version.at)
    meta = {**_meta(live, view, feed), "seq": version.seq, "as_of": version.at}
    return respond(request, encoded(meta), version.cache)


@router.get("/elections/{election_id}/search", response_model=shapes.Hits)
async def search(
    request: Request,
    live: Live,
    q: str = Query(min_length=1, max_length=100, description="A name, or the six digits of a mesa."),
    limit: int = Query(10, ge=1, le=_MOST_HITS),
) -> Response:
    """Areas, polling places and mesas; accents and case are forgiven."""
    keys = _numbered(live, q.strip()) + live.names.find(q, limit)
    hits = [_hit(live, key) for key in dict.fromkeys(keys)][:limit]
    return respond(request, encoded({"query": q, "hits": hits}), UNCACHED)


def _meta(live: LiveCount, view: View, feed: Feed) -> dict[str, Any]:
    election, contest = live.election, live.contest
    return {
        "id": election.id,
        "name": election.name,
        "short": election.short,
        "result_page": election.result_page,
        "date": election.date.isoformat(),
        "timezone": election.timezone,
        "closes_at": election.closes_at,
        "credit": election.credit,
        "is_test": live.info.is_test,
        "status": status_of(view),
        "epoch": live.epoch,
        "seq": view.seq,
        "as_of": view.as_of,
        "max_registered_per_mesa": election.max_registered_per_mesa,
        "contest": {
            "id": contest.id,
            "name": contest.name,
            "scope": contest.scope,
            "lists": msgspec.to_builtins(contest.lists),
        },
        "feed": feed,
        "archive": None if live.info.head is None else describe_head(live.info.head),
        "outlook": assess(view, election),
        "official_final": msgspec.to_builtins(election.official_final),
    }


def _numbered(live: LiveCount, query: str) -> list[str]:
    """Keys of that very number: a mesa, a district, a polling place."""
    candidates = (f"{start_of(level)}{query}" for level in (Level.MESA, Level.DISTRICT, Level.POLLING_PLACE))
    return [key for key in candidates if key in live.view.entries]


def _hit(live: LiveCount, key: str) -> dict[str, str]:
    """A found key; its context are the areas it lies in, below the country."""
    names = live.names.names
    above = [one for one in parents_of(live.view, key) if level_of(one) not in (Level.NATION, Level.SCOPE)]
    name = names.get(key, code_of(key))
    context = " · ".join(names.get(parent, code_of(parent)) for parent in above)
    return {"key": key, "level": level_of(key), "name": name, "context": context}
