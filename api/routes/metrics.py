"""Figures for whoever watches over the service. Not for the public: a proxy in front keeps them to itself."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.families import MEDIA_TYPE
from api.serving.access import Serving

router = APIRouter(tags=["health"])


@router.get("/metrics", include_in_schema=False)
async def read_metrics(services: Serving) -> Response:
    """Prometheus's text format, of this moment."""
    return Response(await services.metrics.write(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
