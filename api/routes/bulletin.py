"""A count in words: the bulletin of a version, and those of its checkpoints."""

from functools import partial
from typing import Any, Literal

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.bulletin.checkpoints import ReachedCheckpoint, checkpoints_of
from api.bulletin.cuts import Bulletin, take_moment, words_of, write_bulletin
from api.http.answers import CURRENT, Reply, Representation, Router, pack, respond
from api.http.components import raw
from api.http.visitors import visitor_address
from api.live.count import LiveCount
from api.serving.access import Live, Services, Serving
from api.story.past import Version
from api.story.trails import LogExtent, history_of
from dashboard.bulletin.rules import Length
from tally.keys import NATION
from texts.language import DEFAULT_LANGUAGE

router = Router(tags=["bulletin"])
Form = Literal["json", "text"]
PLAIN = "text/plain; charset=utf-8"
ALSO_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
LENGTH = Query("paragraph", description="A line, a paragraph or a page.")
LANG = Query(DEFAULT_LANGUAGE, description="Language of the sentences: es, en.")
AT = Query(None, description="As it stood at this moment, ISO 8601.")


class Bulletins(Struct, frozen=True):
    """The bulletins of a count's checkpoints, newest first."""

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    bulletins: list[Bulletin]


@router.get("/bulletin", responses=ALSO_TEXT)
async def read_bulletin(
    request: Request,
    live: Live,
    services: Serving,
    length: Length = LENGTH,
    lang: str = LANG,
    at: str | None = AT,
    format: Form = "json",  # noqa: A002 - the parameter's published name
) -> Reply[Bulletin]:
    """The cut in words, by rules and from its figures alone: each sentence names those that it states."""
    version = await services.past.version(live, at)
    return respond(request, await _make(services, live, version, (length, lang), form=format), version.cache)


@router.get("/bulletins")
async def read_bulletins(
    request: Request,
    live: Live,
    services: Serving,
    length: Length = LENGTH,
    lang: str = LANG,
    at: str | None = AT,
) -> Reply[Bulletins]:
    """The bulletins of the checkpoints: the first figure, shares of the actas counted, nothing pending any more."""
    version = await services.past.version(live, at)
    history = history_of(live)
    reached = await services.answers.readers.run(partial(_reached, services, history, version.seq), visitor_address())
    made = []
    for one in reversed(reached):
        then = Version(one.seq, one.at, CURRENT, is_past=True, source_at=None)  # the bulletin reads the stamp itself
        made.append(await _make(services, live, then, (length, lang), one.name))
    body = Bulletins(
        election=live.election.id,
        epoch=history.epoch,
        seq=version.seq,
        as_of=version.at,
        source_at=version.source_at,
        is_test=live.info.is_test,
        bulletins=[raw(one.body) for one in made],
    )
    return respond(request, pack(msgspec.json.encode(body), f"{history.epoch}-{version.seq}"), version.cache)


def _reached(services: Services, history: LogExtent, until: int) -> list[ReachedCheckpoint]:
    return checkpoints_of(services.past.trails.of(history, [NATION], until)[NATION].points) if until else []


async def _make(
    services: Services,
    live: LiveCount,
    version: Version,
    chosen: tuple[Length, str],
    checkpoint: str | None = None,
    form: Form = "json",
) -> Representation:
    length, lang = chosen
    words, etag = words_of(lang, live), f"{live.epoch}-{version.seq}"
    key = ("bulletin", live.info.id, live.info.is_test, etag, length, lang, checkpoint, form)
    moment = None if services.answers.has(key) else await take_moment(services.past, live, version)

    def build() -> Representation:
        assert moment is not None  # noqa: S101 - what was there a moment ago is there still
        found = write_bulletin(services.past, services.store, moment, length, words, checkpoint)
        if form == "text":
            return pack(f"{found.text}\n".encode(), etag, PLAIN)
        return pack(msgspec.json.encode(found), etag)

    return await services.answers.read(key, build)
