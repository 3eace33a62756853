"""The toy mission's guides: those that ship, as the API answers them."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mission.guides.library import load_guides


def guide_answers() -> dict[str, Callable[..., Any]]:
    """Handlers by "METHOD pattern"."""
    guides: dict[str, Any] = msgspec.to_builtins(load_guides().guides)

    async def listed(_: Request, member: str) -> dict[str, Any]:
        lines = [
            {**guide, "titles": {code: one["title"] for code, one in guide["documents"].items()}}
            for guide in guides.values()
        ]
        return {"guides": lines, "faults": ["roto.es.md: line 1"] if member == "root" else []}

    async def one(_: Request, member: str, name: str) -> Any:
        return guides.get(name) or Response(status_code=404)

    return {"GET guides": listed, "GET guides/([^/]+)": one}
