"""How a count moved: the values of one key over time, the moments at which it turned, and why each step was taken."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from fastapi import Query
from msgspec import Raw, Struct
from starlette.requests import Request

from api.http.answers import Reply, Representation, Router, pack, respond
from api.live.count import LiveCount
from api.routes.asked import AtQuery
from api.serving.access import MOST_SEQ, Live, Services, Serving
from api.story.past import Version
from api.story.trails import LogExtent, Point, Trail, history_of, steps
from api.story.turning_points import Turn, decision_turns, lead_turns
from api.story.why import Names, WhyStep, choose_steps, explain_step
from tally.changes import Entry, Kind
from tally.errors import InvalidInput, NotFound
from tally.keys import (
    ABROAD,
    CHILD_LEVEL,
    DOMESTIC,
    NATION,
    Level,
    code_of,
    is_area,
    level_of,
    parent,
    start_of,
)
from tally.model import AreaCount, Sums

router = Router(tags=["story"], responses={404: {}})
_Key = Query(NATION, description="Area or polling place: department/14")


class _Sides(Struct):
    """Both truths of an area, unread; a polling place has only the second."""

    published: Raw = Raw(b"null")
    computed: Raw = Raw(b"null")


class TimelinePoint(Struct, frozen=True):
    """The two sides of a key from version `seq` on."""

    seq: int
    at: str
    kind: Kind
    published: AreaCount | None
    computed: Sums | None


class _Head(Struct, frozen=True, kw_only=True):
    """Whose numbers moved, up to the newest version in which they did.

    as_of: our clock, when that version was published; source_at: the source's, of its own figures of the whole.
    """

    key: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool


class Timeline(_Head, frozen=True, kw_only=True):
    """The values of a key, oldest first."""

    points: list[TimelinePoint]


class Moments(_Head, frozen=True, kw_only=True):
    """What turned, oldest first."""

    moments: list[Turn]


class Why(_Head, frozen=True, kw_only=True):
    """Steps, newest first; `next` is the `before` of the following page, None at the end."""

    steps: list[WhyStep]
    next: int | None


@router.get("/timeline")
async def read_timeline(
    request: Request,
    live: Live,
    services: Serving,
    key: str = _Key,
    at: AtQuery = None,
    most: int | None = Query(None, ge=2, le=2000, description="At most so many, evenly over what a reader sees move."),
) -> Reply[Timeline]:
    """Every value an area or polling place ever had, oldest first."""
    entry = _check(live, key)
    version = await services.past.version(live, at)
    # Nothing of this key is newer than its own last change.
    until = min(entry.seq, version.seq)
    etag, history = f"{live.epoch}-{until}", history_of(live)

    def build() -> Representation:
        if most is None:
            points = list(map(_point, services.store.histories(history.count_id, [key], until=until)))
        else:
            points = list(map(_moved, _thin(services, history, key, until, most)))
        body = Timeline(points=points, **_head(services, live, history, key, until))
        return pack(msgspec.json.encode(body), etag)

    kept = ("timeline", live.info.id, etag, key, most)
    return respond(request, await services.answers.read(kept, build), version.cache)


@router.get("/moments")
async def read_moments(
    request: Request, live: Live, services: Serving, key: str = _Key, at: AtQuery = None
) -> Reply[Moments]:
    """Who went ahead when; of the whole also when arithmetic decided the count, or opened it again. Oldest first."""
    _check(live, key)
    version = await services.past.version(live, at)
    until = _newest(live, _judged(live, key), version)
    build = partial(_moments, services, live, history_of(live), key, until)
    kept = ("moments", live.info.id, live.epoch, until, key)
    return respond(request, await services.answers.read(kept, build), version.cache)


@router.get("/why")
async def read_why(
    request: Request,
    live: Live,
    services: Serving,
    key: str = _Key,
    at: AtQuery = None,
    seq: int | None = Query(
        None, ge=1, le=MOST_SEQ, description="Only the step taken at, or last before, this version."
    ),
    before: int | None = Query(None, ge=1, le=MOST_SEQ, description="Only steps before this version: the next page."),
    limit: int = Query(20, ge=1, le=100),
) -> Reply[Why]:
    """Each step of an area's shown numbers, newest first, split into what its parts reported. The parts add up."""
    _check(live, key)
    version = await services.past.version(live, at)
    if seq is not None:
        before, limit = seq + 1, 1
    below = sorted(_children(live, key))
    until = _newest(live, [key, *below], version)
    build = partial(_why, services, live, history_of(live), key, until, below, before, limit)
    kept = ("why", live.info.id, live.epoch, until, key, before, limit)
    return respond(request, await services.answers.read(kept, build), version.cache)


def _head(services: Services, live: LiveCount, history: LogExtent, key: str, until: int) -> dict[str, Any]:
    as_of, source_at = services.past.clocks(live.info, until)
    version = {"epoch": history.epoch, "seq": until, "as_of": as_of, "source_at": source_at}
    return {"key": key, "is_test": live.info.is_test, **version}


def _check(live: LiveCount, key: str) -> Entry:
    if key.startswith(start_of(Level.MESA)):
        raise InvalidInput(f"key={key[:40]!r}: the history of a mesa stands at mesas/{code_of(key[:40])}")
    entry = live.view.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no area {key[:40]!r} in this count")
    return entry


def _judged(live: LiveCount, key: str) -> list[str]:
    """What the moments of a key rest on: where the contest is decided, also what is abroad."""
    return [key, ABROAD] if live.contest.is_whole(key) else [key]


def _newest(live: LiveCount, keys: Sequence[str], version: Version) -> int:
    """The version at which those keys last changed: an answer about them stays the same until the next."""
    return min(version.seq, max(entry.seq for key in keys if (entry := live.view.entries.get(key)) is not None))


def _moments(services: Services, live: LiveCount, history: LogExtent, key: str, until: int) -> Representation:
    trails = services.past.trails.of(history, _judged(live, key), until)
    points = trails[key].points
    turns = lead_turns(steps(points))
    if live.contest.is_whole(key):
        turns += decision_turns(points, trails[ABROAD], live.contest, live.election)
    turns.sort(key=lambda turn: (turn.seq, turn.kind != "lead"))
    body = Moments(moments=turns, **_head(services, live, history, key, until))
    return pack(msgspec.json.encode(body), f"{history.epoch}-{until}")


def _why(
    services: Services,
    live: LiveCount,
    history: LogExtent,
    key: str,
    until: int,
    below: Sequence[str],
    before: int | None,
    limit: int,
) -> Representation:
    chosen = choose_steps(services.past.trails.of(history, [key], until)[key], before, limit)
    trails: dict[str, Trail] = {}
    if chosen:
        # Only what the parts said meanwhile: their whole histories are 30 times as much.
        trails = services.past.trails.between(history, below, chosen[-1].point.seq - 1, chosen[0].end)
    home = [one for one, trail in trails.items() if trail.points and parent(one) == DOMESTIC]
    largest = max(home, key=lambda one: trails[one].points[-1].count.total, default=None)
    told = _told(below, largest) if key == NATION else {}
    names = Names(live.names.names, told, largest)
    found = [explain_step(step, trails, names) for step in chosen]
    older = found[-1].seq if found and not found[-1].is_first else None
    body = Why(steps=found, next=older, **_head(services, live, history, key, until))
    return pack(msgspec.json.encode(body), f"{history.epoch}-{until}")


def _told(below: Sequence[str], largest: str | None) -> dict[str, str]:
    """How the nation's departments are told together."""
    return {one: "abroad" if parent(one) == ABROAD else "largest" if one == largest else "rest" for one in below}


def _children(live: LiveCount, key: str) -> list[str]:
    """The keys one level below, as the count knows them now."""
    if not is_area(key):
        return []
    level = level_of(key)
    below = CHILD_LEVEL[level]
    keys = live.view.keys([NATION if below is Level.DEPARTMENT else key])
    return [one for one in keys if level_of(one) is below and (level is not Level.SCOPE or parent(one) == key)]


def _thin(services: Services, history: LogExtent, key: str, until: int, most: int) -> list[Point]:
    """Points to show: those that turned, the first and the last, and of the others as many as fit, evenly."""
    points = steps(services.past.trails.of(history, [key], until)[key].points)
    if len(points) <= most:
        return points
    kept = {points[0].seq, points[-1].seq, *(turn.seq for turn in lead_turns(points))}
    room = max(0, most - len(kept))
    kept |= {points[index * len(points) // max(1, room)].seq for index in range(room)}
    return [point for point in points if point.seq in kept]


def _moved(point: Point) -> TimelinePoint:
    return TimelinePoint(point.seq, point.at, point.kind, point.count if point.is_published else None, point.computed)


def _point(value: Entry) -> TimelinePoint:
    sides: Any = msgspec.json.decode(value.change.data, type=_Sides)
    return TimelinePoint(value.seq, value.at, value.change.kind, sides.published, sides.computed)
