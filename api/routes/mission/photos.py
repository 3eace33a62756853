"""Pictures of incidents: taken in bounds, drawn anew, and given only to whoever may see their incident."""

import hashlib
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Path as InPath
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_bytes
from api.mission.case import Case
from api.mission.casework import Casework
from api.routes.mission.incidents import IncidentId, own_or_all
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewing
from mission.incidents.drawings import Drawing
from mission.incidents.incident import Member, Photo
from mission.incidents.incident_log import is_fresh
from mission.incidents.photos import MEDIA_TYPE, MOST_BYTES, SUFFIX, Picture
from mission.people.accounts import stamp
from tally import moments
from tally.errors import NotFound, TooLarge
from tally.keys import is_digits

router = Router(tags=["mission"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PICTURES = {"content": dict.fromkeys(("image/jpeg", "image/png", "image/webp"), _BINARY)}
# What routes that take or give a picture say of it.
PICTURE_BODY = {"requestBody": {"required": True, **_PICTURES}}
PICTURE_GIVEN: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: _BINARY}}}


@router.post(
    "/mission/incidents/{id}/photos",
    status_code=201,
    responses={200: {}},
    openapi_extra=PICTURE_BODY,
)
async def add_photo(
    request: Request, services: Serving, case: GivenCase, viewer: Viewing, incident_id: IncidentId
) -> Reply[Photo]:
    """Take a picture of at most 8 MB; 201 once it is stored, 200 if this incident has it already."""
    own_or_all(await case.read(), incident_id, viewer)
    sent = await read_picture(request)
    casework, by = services.casework, viewer.member
    at, digest = stamp(moments.utc_now()), hashlib.sha256(sent).hexdigest()
    drawing = Drawing(at, by.pseudonym, len(sent), incident_id=incident_id, digest=digest)
    await to_thread.run_sync(case.incident_log().check_photo, by, drawing, casework.drawings)
    picture = await casework.draw(by, drawing, sent)
    photo = photo_of(picture)
    is_new = await to_thread.run_sync(_keep, casework, case, by, incident_id, picture, photo)
    if is_new:
        casework.drawings.keep(drawing)
    return reply(request, photo, status=201 if is_new else 200)


def _keep(casework: Casework, case: Case, by: Member, incident_id: str, picture: Picture, photo: Photo) -> bool:
    with casework.attachments.staged(picture) as place:
        return case.incident_log().add_photo(by, incident_id, photo, place)


@router.get(
    "/mission/incidents/{id}/photos/{hash}",
    response_class=Response,
    responses=PICTURE_GIVEN,
)
async def read_photo(
    services: Serving,
    case: GivenCase,
    viewer: Viewing,
    incident_id: IncidentId,
    photo_hash: Annotated[str, InPath(alias="hash")],
) -> Response:
    """The picture, to be saved, never to be shown as a page."""
    incident = own_or_all(await case.read(), incident_id, viewer)
    is_open = viewer.sees_all or is_fresh(incident, moments.utc_now())
    if not is_open or photo_hash not in {photo.hash for photo in incident.photos}:
        raise NotFound("this incident has no such picture")
    return saved_picture(await to_thread.run_sync(services.casework.attachments.read, photo_hash), photo_hash)


async def read_picture(request: Request) -> bytes:
    """The picture that is sent.

    Raises: TooLarge.
    """
    declared = request.headers.get("content-length", "0")
    if not is_digits(declared) or int(declared) > MOST_BYTES:
        raise TooLarge(f"a picture of at most {MOST_BYTES} bytes is taken")
    return await read_bytes(request, MOST_BYTES)


def photo_of(picture: Picture) -> Photo:
    """What is kept of a picture beside it."""
    return Photo(picture.hash, len(picture.body), picture.width, picture.height)


def saved_picture(body: bytes, photo_hash: str) -> Response:
    """A picture as an answer, to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{photo_hash[:16]}{SUFFIX}"'}
    return Response(body, headers=headers, media_type=MEDIA_TYPE)
