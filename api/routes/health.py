"""Signs of life for whoever restarts processes: serving at all, and ready to serve a count."""

from enum import StrEnum
from typing import Literal

from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.http.errors import problem
from api.live.count import LiveCount
from api.live.feed import is_ended
from api.serving.access import Serving

router = Router(tags=["health"])


class SourceReading(StrEnum):
    """Whether some poller reads the source of a count; one that is final needs none. The gravest stands last."""

    FINAL = "final"
    FOLLOWED = "followed"
    ENDED = "ended"


_GRAVITY = tuple(SourceReading)


class ServerHealth(Struct, frozen=True):
    """ok: it serves; ready: a count, too. `reading`: by election, of the contest for which it is gravest."""

    status: Literal["ok", "ready"]
    reading: dict[str, SourceReading] | UnsetType = UNSET


@router.get("/healthz")
async def healthz(request: Request) -> Reply[ServerHealth]:
    """200 as soon as the process serves."""
    return reply(request, ServerHealth("ok"), UNCACHED)


@router.get("/readyz", responses={503: {}})
async def readyz(request: Request, services: Serving) -> Reply[ServerHealth]:
    """200 when a count is loaded and followed, from a database with a schema that this program can use.

    A poller that ended is said and is no reason to take the pages away.
    """
    if services.counts.is_ready:
        reading = dict[str, SourceReading]()
        for live in services.counts.all():
            known, own = reading.get(live.election.id), _reading(live)
            reading[live.election.id] = max(known or own, own, key=_GRAVITY.index)
        return reply(request, ServerHealth("ready", reading), UNCACHED)
    return problem(503, services.counts.mismatch or "no count is loaded yet", request.url.path)


def _reading(live: LiveCount) -> SourceReading:
    if live.info.is_followed:
        return SourceReading.FOLLOWED
    return SourceReading.ENDED if is_ended(live) else SourceReading.FINAL
