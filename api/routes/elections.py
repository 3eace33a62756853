"""Which elections are counted, and everything about one of them that is not a result."""

from datetime import date
from functools import partial

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.http.visitors import visitor_address
from api.live.count import LiveCount
from api.live.feed import FeedStanding, describe_feed, recall_feed
from api.live.outlook import Outlook, assess, status_of
from api.serving.access import Live, Serving
from api.tables.archive import ArchiveHead, describe_head
from api.tables.rows import parents_of
from tally import moments
from tally.election import Election, ListEntry, OfficialFinal
from tally.keys import ABROAD, NATION, Level, code_of, level_of, start_of
from tally.outcome.rule import ContestRule
from tally.view import View

router = Router(tags=["elections"])
_MOST_HITS = 50


class ElectionName(Struct, frozen=True):
    """One election, as a list has it."""

    id: str
    name: dict[str, str]
    date: date
    is_test: bool


class Race(Struct, frozen=True):
    """A contest: `scope` is an ubigeo prefix, and all votes follow the order of `lists`. `rule`: how it is won."""

    id: str
    name: dict[str, str]
    scope: str
    rule: ContestRule
    lists: tuple[ListEntry, ...]


class ElectionMeta(Struct, frozen=True, kw_only=True):
    """Everything about an election that is not a result."""

    id: str
    name: dict[str, str]
    short: dict[str, str] | None
    result_page: str | None
    date: date
    timezone: str
    closes_at: str
    credit: dict[str, str]
    is_test: bool
    status: str
    epoch: str
    seq: int
    as_of: str
    max_registered_per_mesa: int
    contest: Race
    feed: FeedStanding
    archive: ArchiveHead | None
    outlook: Outlook
    official_final: OfficialFinal | None


class Hit(Struct, frozen=True):
    """A key that was found; `context` names the areas it lies in, below the country."""

    key: str
    level: Level
    name: str
    context: str


class Hits(Struct, frozen=True):
    """What was found, the best first."""

    query: str
    hits: list[Hit]


# What the election's own file says.
_STATED = set(ElectionMeta.__struct_fields__) & set(Election.__struct_fields__)


@router.get("/elections")
async def list_elections(request: Request, services: Serving) -> Reply[list[ElectionName]]:
    """Elections the store has a count of."""
    found = [
        ElectionName(live.election.id, live.election.name, live.election.date, live.info.is_test)
        for live in services.counts.all()
    ]
    return reply(request, found, UNCACHED)


@router.get("/elections/{election_id}")
async def read_election(
    request: Request,
    live: Live,
    services: Serving,
    at: str | None = Query(None, description="Status and outlook as they stood at this moment, ISO 8601."),
) -> Reply[ElectionMeta]:
    """Names, lists, how the source is doing, and what is still open by arithmetic."""
    if at is None:
        return reply(request, _meta(live, live.view, describe_feed(live, moments.utc_now())), UNCACHED)
    version = await services.past.version(live, at)
    view = await services.past.view_of(live, version, [NATION, ABROAD])
    meta = _meta(live, view, recall_feed(view, version.at))
    return reply(request, msgspec.structs.replace(meta, seq=version.seq, as_of=version.at), version.cache)


@router.get("/elections/{election_id}/search")
async def search(
    request: Request,
    live: Live,
    services: Serving,
    q: str = Query(min_length=1, max_length=100, description="A name, or the six digits of a mesa."),
    limit: int = Query(10, ge=1, le=_MOST_HITS),
) -> Reply[Hits]:
    """Areas, polling places and mesas; accents and case are forgiven."""
    keys = _numbered(live, q.strip()) + await services.finders.run(
        partial(live.names.find, q, limit), visitor_address()
    )
    return reply(request, Hits(q, [_hit(live, key) for key in dict.fromkeys(keys)][:limit]), UNCACHED)


def _meta(live: LiveCount, view: View, feed: FeedStanding) -> ElectionMeta:
    election, contest = live.election, live.contest
    return ElectionMeta(
        **{name: getattr(election, name) for name in _STATED},
        is_test=live.info.is_test,
        status=status_of(view),
        epoch=live.epoch,
        seq=view.seq,
        as_of=view.as_of,
        contest=Race(contest.id, contest.name, contest.scope, contest.rule, contest.lists),
        feed=feed,
        archive=None if live.info.head is None else describe_head(live.info.head),
        outlook=assess(view, election),
    )


def _numbered(live: LiveCount, query: str) -> list[str]:
    """Keys of that very number: a mesa, a district, a polling place."""
    candidates = (f"{start_of(level)}{query}" for level in (Level.MESA, Level.DISTRICT, Level.POLLING_PLACE))
    return [key for key in candidates if key in live.view.entries]


def _hit(live: LiveCount, key: str) -> Hit:
    names = live.names.names
    above = [one for one in parents_of(live.view, key) if level_of(one) not in (Level.NATION, Level.SCOPE)]
    context = " · ".join(names.get(one, code_of(one)) for one in above)
    return Hit(key, level_of(key), names.get(key, code_of(key)), context)
