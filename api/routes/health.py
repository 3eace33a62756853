"""Signs of life for whoever restarts processes: serving at all, and ready to serve a count."""

from typing import Literal

from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.http.errors import problem
from api.serving.access import Serving

router = Router(tags=["health"])


class ServerHealth(Struct, frozen=True):
    """ok: it serves; ready: a count, too."""

    status: Literal["ok", "ready"]


@router.get("/healthz")
async def healthz(request: Request) -> Reply[ServerHealth]:
    """200 as soon as the process serves."""
    return reply(request, ServerHealth("ok"), UNCACHED)


@router.get("/readyz", responses={503: {}})
async def readyz(request: Request, services: Serving) -> Reply[ServerHealth]:
    """200 when a count is loaded and followed, from a database with a schema that this program can use."""
    if services.counts.is_ready:
        return reply(request, ServerHealth("ready"), UNCACHED)
    return problem(503, services.counts.mismatch or "no count is loaded yet", request.url.path)
