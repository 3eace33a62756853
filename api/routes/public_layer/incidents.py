"""The public layer of incidents. It is one answer for everybody, made from what a coordinator has published."""

import time

import msgspec
from starlette.requests import Request

from api.http.answers import CURRENT, Reply, Representation, Router, pack, respond
from api.mission.public_layer import PublicIncidents
from api.serving.access import Live, Serving
from tally.changes import digest

router = Router(tags=["incidents"])
# The mission's log is asked no more often, whoever asks us.
_KEPT_S = 2


@router.get("/incidents")
async def read_public_incidents(request: Request, live: Live, services: Serving) -> Reply[PublicIncidents]:
    """Verified incidents by area and half hour, as published; `rows`: by severity, with those of the areas within."""
    casework, election_id = services.casework, live.election.id

    def build() -> Representation:
        body = msgspec.json.encode(casework.public(election_id))
        return pack(body, digest(body))

    key = ("incidents", election_id, int(time.monotonic() // _KEPT_S))
    return respond(request, await services.answers.get(key, build), CURRENT)
