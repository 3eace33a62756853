"""The public layer of incidents. It is one answer for everybody, made from what a coordinator has published."""

import time

import msgspec
from msgspec.structs import asdict
from starlette.requests import Request

from api.http.answers import CURRENT, Reply, Representation, Router, pack, respond
from api.mission.public_layer import PublicIncidents
from api.serving.access import Live, Serving
from tally.changes import digest

router = Router(tags=["incidents"])
# The mission's log is asked no more often, whoever asks us.
_KEPT_S = 2


class PublishedIncidents(PublicIncidents, frozen=True, kw_only=True):
    """The same as anybody reads it. is_test: a rehearsal, in which every incident is invented."""

    is_test: bool


@router.get("/incidents")
async def read_public_incidents(request: Request, live: Live, services: Serving) -> Reply[PublishedIncidents]:
    """Verified incidents by area and half hour, as published; `rows`: by severity, with those of the areas within."""
    casework, election_id, is_test = services.casework, live.election.id, live.info.is_test

    def build() -> Representation:
        body = msgspec.json.encode(PublishedIncidents(**asdict(casework.public(election_id)), is_test=is_test))
        return pack(body, digest(body))

    key = ("incidents", election_id, is_test, int(time.monotonic() // _KEPT_S))
    return respond(request, await services.answers.read(key, build), CURRENT)
