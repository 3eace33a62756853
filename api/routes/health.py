"""Signs of life for whoever restarts processes: serving at all, and ready to serve a count."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import Serving
from api.answers import UNCACHED, encoded, respond
from api.errors import problem

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=shapes.Health)
async def healthz(request: Request) -> Response:
    """200 as soon as the process serves."""
    return respond(request, encoded({"status": "ok"}), UNCACHED)


@router.get("/readyz", response_model=shapes.Health, responses={503: {"model": shapes.Problem}})
async def readyz(request: Request, services: Serving) -> Response:
    """200 when a count is loaded and followed, from a database with a schema that this program can use."""
    if services.counts.is_ready:
        return respond(request, encoded({"status": "ready"}), UNCACHED)
    return problem(503, services.counts.mismatch or "no count is loaded yet", request.url.path)
