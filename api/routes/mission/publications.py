"""What the public will see, shown to the coordinator first, and the decision that makes it so."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Query
from msgspec import Meta, Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.mission.places import find_lost
from api.mission.public_layer import Preview, tell_preview
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewing
from mission.publication import public_layer
from mission.publishing import Decision, place, publish
from tally import moments

router = Router(tags=["mission"])
_Id = Annotated[str, Meta(max_length=40)]


class _Publish(Struct, forbid_unknown_fields=True):
    """`digest`: of the preview that was looked at, made with the same `withhold`: incidents that stay unsaid."""

    digest: Annotated[str, Meta(min_length=64, max_length=64)]
    withhold: Annotated[list[_Id], Meta(max_length=1000)]


class Published(Struct, frozen=True):
    """What was published: the step, up to when verified, and how many incidents are public now."""

    cut: str
    until: str
    incidents: int


@router.get("/mission/public-preview")
async def read_preview(
    request: Request,
    services: Serving,
    case: GivenCase,
    withhold: list[str] = Query([], max_length=1000, description="Incidents to leave unsaid."),
    keep: bool = Query(True, description="Without `withhold`: leave unsaid what the last publication did."),
) -> Reply[Preview]:
    """What is public now and what would be if it were published now, with what stays unsaid and why."""
    log = await case.read_log()
    book = place(log, find_lost(log, case.live.view))
    chosen = None if keep and not withhold else withhold
    terms, now, name = services.casework.terms, moments.utc_now(), case.live.names.names.get
    return reply(request, await to_thread.run_sync(tell_preview, book, terms, now, chosen, name))


@router.post("/mission/publications", status_code=201, openapi_extra=takes(_Publish))
async def post_publication(request: Request, services: Serving, case: GivenCase, viewer: Viewing) -> Reply[Published]:
    """Publish what was previewed; 409 if it is not the same any more."""
    form = await read_json(request, _Publish)
    terms, now = services.casework.terms, moments.utc_now()
    decision = Decision(form.digest, tuple(sorted(set(form.withhold))))
    find = partial(find_lost, view=case.live.view)
    made = await to_thread.run_sync(publish, case.casebook, viewer.member, decision, terms, now, find)
    layer = public_layer((await case.read_log()).records, terms, now)
    return reply(request, Published(made.cut, made.until, len(layer.notices)), status=201)
