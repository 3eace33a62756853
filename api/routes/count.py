"""Everything about the count of a contest that is not a result, and what is found in it by name."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import islice

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.http.visitors import visitor_address
from api.live.count import LiveCount
from api.live.feed import FeedStanding, describe_feed, recall_feed
from api.live.outlook import Outlook, assess, status_of
from api.routes.asked import AtQuery
from api.serving.access import Live, Services, Serving
from api.story.past import source_time
from api.story.previous.about import PreviousElection, describe
from api.tables.archive import ArchiveHead, describe_head
from api.tables.rows import parents_of
from api.tables.search import mesa_in
from tally import moments
from tally.election import Election, ListEntry, OfficialFinal
from tally.keys import ABROAD, NATION, Level, code_of, level_of, mesa_key, start_of
from tally.outcome.rule import ContestRule, RuleKind
from tally.view import View

router = Router(tags=["elections"])
_MOST_HITS = 50


class Race(Struct, frozen=True):
    """A contest: `scope` is an ubigeo prefix, and all votes follow the order of `lists`. `rule`: how it is won."""

    id: str
    name: dict[str, str]
    scope: str
    rule: ContestRule
    lists: tuple[ListEntry, ...]


class ContestName(Struct, frozen=True):
    """A contest of the election; `rule` is of which kind its rule is. is_counted: whether there is a count of it."""

    id: str
    name: dict[str, str]
    scope: str
    rule: RuleKind
    is_counted: bool


class ElectionMeta(Struct, frozen=True, kw_only=True):
    """Everything about an election that is not a result. `contest` is the one that the rest is about.

    as_of: our clock, when this version was published; source_at: the source's, of its own figures of the whole.
    `is_provable`: whether this server answers at /proof. `previous`: what it is compared with, at /previous.
    """

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
    source_at: str | None
    max_registered_per_mesa: int
    contest: Race
    contests: list[ContestName]
    feed: FeedStanding
    archive: ArchiveHead | None
    is_provable: bool
    outlook: Outlook
    official_final: OfficialFinal | None
    previous: PreviousElection | None


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
_STATED = set(ElectionMeta.__struct_fields__) & set(Election.__struct_fields__) - {"contests"}


@router.get("")
async def read_election(
    request: Request,
    live: Live,
    services: Serving,
    at: AtQuery = None,
) -> Reply[ElectionMeta]:
    """Names, lists, how the source is doing, and what is still open by arithmetic."""
    if at is None:
        return reply(request, _meta(services, live, live.view, describe_feed(live, moments.utc_now())), UNCACHED)
    version = await services.past.version(live, at)
    view = await services.past.view_of(live, version, [NATION, ABROAD])
    meta = _meta(services, live, view, recall_feed(view, version.at))
    return reply(request, msgspec.structs.replace(meta, seq=version.seq, as_of=version.at), version.cache)


@router.get("/search")
async def search(
    request: Request,
    live: Live,
    services: Serving,
    q: str = Query(min_length=1, max_length=100, description="A name, or the number of a mesa."),
    limit: int = Query(10, ge=1, le=_MOST_HITS),
) -> Reply[Hits]:
    """Areas, polling places and mesas, of all contests where none is named; accents and case are forgiven."""
    lives, names = [live], live.names
    if "contest_id" not in request.path_params and not live.is_only:
        contests = (await services.contests.of(live.election.id)).contests
        lives, names = list(contests.lives.values()), contests.names()
    found = await services.finders.run(partial(names.find, q, limit), visitor_address())
    keys = dict.fromkeys((*_numbered(lives, q.strip()), *found))
    hits = (_hit(holder, key) for key in keys if (holder := _holder(lives, key)) is not None)
    return reply(request, Hits(q, list(islice(hits, limit))), UNCACHED)


def _meta(services: Services, live: LiveCount, view: View, feed: FeedStanding) -> ElectionMeta:
    election, contest, counted = live.election, live.contest, services.counts.contests(live.election.id)
    compared = services.former_counts.of(live)
    return ElectionMeta(
        **{name: getattr(election, name) for name in _STATED},
        is_test=live.info.is_test,
        status=status_of(view),
        epoch=live.epoch,
        seq=view.seq,
        as_of=view.as_of,
        source_at=source_time(view.entries.get(NATION)),
        contest=Race(contest.id, contest.name, contest.scope, contest.rule, contest.lists),
        contests=[
            ContestName(one.id, one.name, one.scope, one.rule.kind, one.id in counted) for one in election.contests
        ],
        feed=feed,
        archive=None if live.info.head is None else describe_head(live.info.head),
        is_provable=live.info.head is not None and services.proofs.is_here,
        outlook=assess(view, election),
        previous=None if compared is None else describe(compared),
    )


def _numbered(lives: Sequence[LiveCount], query: str) -> list[str]:
    """Keys of that very number: a mesa, a district, a polling place."""
    candidates = [f"{start_of(level)}{query}" for level in (Level.MESA, Level.DISTRICT, Level.POLLING_PLACE)]
    mesa = mesa_in(query)
    candidates += [mesa_key(mesa)] if mesa is not None else []
    return [key for key in candidates if _holder(lives, key) is not None]


def _holder(lives: Sequence[LiveCount], key: str) -> LiveCount | None:
    """A count that knows the key."""
    return next((live for live in lives if key in live.view.entries), None)


def _hit(live: LiveCount, key: str) -> Hit:
    names = live.names.names
    above = [one for one in parents_of(live.view, key) if level_of(one) not in (Level.NATION, Level.SCOPE)]
    context = " · ".join(names.get(one, code_of(one)) for one in above)
    return Hit(key, level_of(key), names.get(key, code_of(key)), context)
