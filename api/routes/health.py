"""Signs of life for whoever restarts processes: serving at all, and ready to serve a count."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.http.errors import problem
from api.live.feed import GRAVITY, SourceReading, reading_of
from api.serving.access import Serving

router = Router(tags=["health"])


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
            known, own = reading.get(live.election.id), reading_of(live.info, live.view)
            reading[live.election.id] = max(known or own, own, key=GRAVITY.index)
        return reply(request, ServerHealth("ready", reading), UNCACHED)
    return problem(503, services.counts.mismatch or "no count is loaded yet", request.url.path)
