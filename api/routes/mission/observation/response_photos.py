"""Pictures that answer questions of a form: taken in the same bounds as an incident's, drawn anew, kept beside them."""

import hashlib
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply
from api.mission.casework import Casework
from api.mission.response_form import find_form
from api.mission.response_lines import is_fresh
from api.routes.mission.observation.responses import ResponseId, own_or_all
from api.routes.mission.photos import PICTURE_BODY, PICTURE_GIVEN, photo_of, read_picture, saved_picture
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewing
from mission.forms.model import QuestionType
from mission.incidents.drawings import Drawing
from mission.incidents.incident import Member, Photo
from mission.incidents.photos import Picture
from mission.people.accounts import stamp
from mission.responses.response_log import ResponseLog
from mission.responses.responses import AddedPhoto
from tally import moments
from tally.errors import InvalidInput, NotFound

router = Router(tags=["mission"])


@router.post("/mission/responses/{id}/photos", status_code=201, responses={200: {}}, openapi_extra=PICTURE_BODY)
async def add_response_photo(
    request: Request,
    services: Serving,
    case: GivenCase,
    viewer: Viewing,
    response_id: ResponseId,
    question: Annotated[str, Query(max_length=100)],
) -> Reply[Photo]:
    """Take a picture of at most 8 MB for a question; 201 once it is stored, 200 if this response has it already."""
    response = own_or_all(await case.read_responses(), response_id, viewer)
    asked = find_form(services.forms, response.sent.form, response.sent.version).questions.get(question)
    if asked is None or asked.type is not QuestionType.PHOTO:
        raise InvalidInput(f"question: {question[:40]!r} is none of this form that is answered with pictures")
    sent, casework, by = await read_picture(request), services.casework, viewer.member
    at, digest = stamp(moments.utc_now()), hashlib.sha256(sent).hexdigest()
    drawing = Drawing(at, by.pseudonym, len(sent), incident_id=response_id, digest=digest)
    log = ResponseLog(case.responses, moments.utc_now(), (await case.read_log()).taken)
    await to_thread.run_sync(log.check_photo, by, response, drawing, casework.drawings)
    picture = await casework.draw(by, drawing, sent)
    photo = photo_of(picture)
    keep = partial(_keep, casework, log, by, response_id, picture, AddedPhoto(question, photo))
    is_new = await to_thread.run_sync(keep)
    if is_new:
        casework.drawings.keep(drawing)
    return reply(request, photo, status=201 if is_new else 200)


@router.get("/mission/responses/{id}/photos/{hash}", response_class=Response, responses=PICTURE_GIVEN)
async def read_response_photo(
    services: Serving,
    case: GivenCase,
    viewer: Viewing,
    response_id: ResponseId,
    photo_hash: Annotated[str, InPath(alias="hash")],
) -> Response:
    """The picture, to be saved, never to be shown as a page."""
    response = own_or_all(await case.read_responses(), response_id, viewer)
    hashes = {photo.hash for photos in response.photos.values() for photo in photos}
    if photo_hash not in hashes or not (viewer.sees_all or is_fresh(response, moments.utc_now())):
        raise NotFound("this response has no such picture")
    return saved_picture(await to_thread.run_sync(services.casework.attachments.read, photo_hash), photo_hash)


def _keep(
    casework: Casework, log: ResponseLog, by: Member, response_id: str, picture: Picture, added: AddedPhoto
) -> bool:
    with casework.attachments.staged(picture) as place:
        return log.add_photo(by, response_id, added, place)
