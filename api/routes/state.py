"""The state of a count as one document, and the changes that lead from one version to the next."""

from typing import Annotated, Any

import msgspec
from fastapi import Path, Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import CURRENT, IMMUTABLE, JSON, UNCACHED, Reply, Representation, Router, pack, respond
from api.http.components import Value, raw
from api.http.workers import check_wanted
from api.live.count import LiveCount, take_snapshot
from api.live.projection import VERSION, Changes, Projection
from api.live.ring import Topics
from api.live.subscription import MOST_TOPICS
from api.routes.asked import AtQuery
from api.serving.access import MOST_SEQ, Live, Services, Serving
from api.story.past import Version, now
from tally.errors import InvalidInput
from tally.keys import NATION
from tally.topics import CORRECTIONS, check_topic

router = Router(tags=["state"])

TopicQuery = Annotated[list[str], Query(description="Which keys: nation, provinces, districts, department/14, …")]


class CountState(Struct, frozen=True):
    """All values of some topics at a version; `hash` is the SHA-256 of `state` in canonical JSON.

    as_of: our clock, when this version was published; source_at: the source's, of its own figures of the whole.
    """

    v: int
    epoch: str
    seq: int
    hash: str
    as_of: str
    source_at: str | None
    status: str
    is_test: bool
    topics: Topics
    state: dict[str, Value]


class Reset(Struct, frozen=True):
    """What was asked about is of another history: take a new state."""

    reset: bool = True


@router.get("/state")
async def read_state(
    request: Request,
    live: Live,
    services: Serving,
    topic: TopicQuery = ["nation"],  # noqa: B006 - read only
    at: AtQuery = None,
) -> Reply[CountState]:
    """All values of the topics, now or at a moment."""
    topics = normal_topics(topic)
    if at is not None:
        version = await services.past.version(live, at)
        return respond(request, await _state_answer(services, live, version, topics), version.cache)
    answer = await _state_answer(services, live, now(live), topics)
    services.ready_answers.put(request.scope, live, answer, CURRENT, is_immutable=False)
    return respond(request, answer, CURRENT)


@router.get("/state/{seq}", responses={404: {}, 410: {}})
async def read_state_at(
    request: Request,
    live: Live,
    services: Serving,
    seq: Annotated[int, Path(ge=0, le=MOST_SEQ)],
    topic: TopicQuery = ["nation"],  # noqa: B006 - read only
    epoch: str | None = None,
) -> Reply[CountState]:
    """All values of the topics at a version; with `epoch`, of that history or not at all."""
    if epoch is not None and epoch != live.epoch:
        return _reset()
    topics = normal_topics(topic)
    version = now(live) if seq == live.seq else await services.past.at_version(live, seq)
    answer = await _state_answer(services, live, version, topics)
    services.ready_answers.put(request.scope, live, answer, IMMUTABLE, is_immutable=True)
    return respond(request, answer, IMMUTABLE)


@router.get("/changes", responses={410: {}})
async def read_changes(
    request: Request,
    live: Live,
    services: Serving,
    epoch: str,
    since: Annotated[int, Query(alias="from", ge=0, le=MOST_SEQ)],
    topic: TopicQuery = ["nation"],  # noqa: B006 - read only
) -> Reply[Changes]:
    """At most 1,000 changes after version `from`; `seq` is the version reached. 410: take a new state instead."""
    if epoch != live.epoch or since > live.seq:
        return _reset()
    topics = normal_topics(topic)
    newest, held, history = live.seq, live.ring.since(since), live.epoch
    projection = Projection(services.store, live.info.id, since, topics)

    def build() -> Representation:
        sets, reached = projection.read(newest) if held is None else projection.take(held, newest)
        return pack(projection.write(history, sets, reached), f"{history}-{newest}")

    key = ("changes", live.info.id, history, since, newest, topics)
    answer = services.answers.read if held is None else services.answers.get
    return respond(request, await answer(key, build), CURRENT)


async def _state_answer(services: Services, live: LiveCount, version: Version, topics: Topics) -> Representation:
    key, shown = ("state", live.info.id, live.epoch, version.seq, topics, live.info.is_test), _of_state(topics)
    view, known = live.view, live.remembered(shown, version.seq)
    if known is None and not services.answers.has(key):
        view = (await services.past.view_of(live, version, _keys(live, topics))).frozen((*shown, NATION))
    is_test = live.info.is_test

    def build() -> Representation:
        snapshot = known or take_snapshot(view, shown)
        stands = snapshot.epoch, snapshot.seq, snapshot.hash, snapshot.as_of, version.source_at
        check_wanted()
        body = msgspec.json.encode(CountState(VERSION, *stands, snapshot.status, is_test, topics, raw(snapshot.state)))
        return pack(body, f"{snapshot.epoch}-{snapshot.seq}")

    return await services.answers.get(key, build)


def normal_topics(topics: list[str]) -> Topics:
    """Topics sorted and once each.

    Raises: NotFound: one cannot exist. InvalidInput: too many.
    """
    if len(topics) > MOST_TOPICS:
        raise InvalidInput(f"topic: at most {MOST_TOPICS} at once")
    return tuple(sorted({check_topic(topic) for topic in topics}))


def _of_state(topics: Topics) -> Topics:
    """Topics that have a state: corrections are events."""
    return tuple(topic for topic in topics if topic != CORRECTIONS)


def _keys(live: LiveCount, topics: Topics) -> list[str]:
    """What those topics hold now, and the nation, which says how far the count was."""
    return sorted({NATION, *live.view.keys(topics)})


def _reset() -> Reply[Any]:
    return Reply(msgspec.json.encode(Reset()), 410, {"Cache-Control": UNCACHED}, JSON)
