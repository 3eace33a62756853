"""Copies of actas from the mesas of a sample: sent by whoever is assigned there, with photos, and never sent twice."""

import hashlib
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_bytes, read_json, takes
from api.mission.case import Case
from api.mission.quickcount.positions import MesaPositions
from api.mission.quickcount.units import Assignments
from api.routes.mission.incidents import read_key
from api.routes.mission.observation.quick_counts import GivenRoom, QuickCountId
from api.routes.mission.photos import PICTURE_BODY, PICTURE_GIVEN
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from mission.incidents.drawings import Drawing
from mission.incidents.photos import MEDIA_TYPE, MOST_BYTES, SUFFIX
from mission.incidents.quotas import check_quota
from mission.people.accounts import stamp
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.copies import CopyEntry, CopyFault, find_faults
from mission.quickcount.estimate import Copy
from tally import moments
from tally.errors import InvalidInput, NotFound, TooLarge
from tally.keys import MESA_NUMBER, is_digits
from tally.model import NOT_VALID

router = Router(tags=["mission"])
_Figure = Annotated[int, Meta(ge=0, le=100_000)]
_Number = Annotated[str, InPath(alias="copy", pattern="^[0-9]{1,15}$")]


class _Copy(Struct, forbid_unknown_fields=True):
    """What stands on the acta; null: not legible. `votes` by the lists' codes; `entry`: one's first or second."""

    mesa: Annotated[str, Meta(pattern=f"^{MESA_NUMBER}$")]
    entry: Annotated[int, Meta(ge=1, le=2)]
    votes: Annotated[dict[str, _Figure | None], Meta(min_length=1, max_length=100)]
    blank: _Figure | None = None
    null: _Figure | None = None
    challenged: _Figure | None = None
    cast: _Figure | None = None
    registered: _Figure | None = None


class CopyReceipt(Struct, frozen=True):
    """That a copy was taken, and what does not add up in it: no reason not to take it, but one to look again."""

    id: str
    received_at: str
    faults: tuple[CopyFault, ...]


class CopyPhoto(Struct, frozen=True):
    """That a photo was taken, by the hash of its pixels."""

    hash: str


@router.post(
    "/mission/quick-counts/{id}/copies",
    status_code=201,
    responses={200: {}, 404: {}, 409: {}},
    openapi_extra={
        **takes(_Copy),
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "maxLength": 100},
            }
        ],
    },
)
async def send_copy(
    request: Request, case: GivenCase, room: GivenRoom, viewer: Viewing, number: QuickCountId
) -> Reply[CopyReceipt]:
    """Take a copy of an acta of the sample; 201 once it is stored, 200 with the same receipt for a retry.

    A correction is another copy with the same `entry`: the earlier one stays, the later one counts.
    """
    key, form = read_key(request), await read_json(request, _Copy)
    count = await room.find(number)
    roll = count.unit(form.mesa).registered
    await _check_place(case, count, form.mesa, viewer)
    sent = CopyEntry(0, "", viewer.pseudonym, form.mesa, form.entry, _read(form, case), key)
    entry, is_new = await to_thread.run_sync(room.desk(viewer.member).copy, number, sent)
    receipt = CopyReceipt(str(entry.id), entry.at, find_faults(entry.copy, roll))
    return reply(request, receipt, status=201 if is_new else 200)


@router.post(
    "/mission/quick-counts/{id}/copies/{copy}/photos",
    status_code=201,
    responses={200: {}, 404: {}},
    openapi_extra=PICTURE_BODY,
)
async def add_copy_photo(
    request: Request, services: Serving, room: GivenRoom, viewer: Viewing, number: QuickCountId, copy: _Number
) -> Reply[CopyPhoto]:
    """Take a photo of the acta with one's own copy, drawn anew as those of incidents; 200 if it is there already."""
    desk, casework = room.desk(viewer.member), services.casework
    desk.own(await room.find(number), int(copy))
    declared = request.headers.get("content-length", "0")
    if not is_digits(declared) or int(declared) > MOST_BYTES:
        raise TooLarge(f"a picture of at most {MOST_BYTES} bytes is taken")
    sent = await read_bytes(request, MOST_BYTES)
    digest, about = hashlib.sha256(sent).hexdigest(), f"{number}/{copy}"
    # As it is not kept as an incident's, it counts as drawn for as long as the window lasts.
    check_quota(casework.drawings.in_vain, viewer.member, moments.utc_now(), len(sent))
    drawing = Drawing(stamp(moments.utc_now()), viewer.pseudonym, len(sent), incident_id=about, digest=digest)
    picture = await casework.draw(viewer.member, drawing, sent)

    def keep() -> bool:
        with casework.attachments.staged(picture) as place:
            return desk.add_photo(number, int(copy), picture.hash, place)

    return reply(request, CopyPhoto(picture.hash), status=201 if await to_thread.run_sync(keep) else 200)


@router.get(
    "/mission/quick-counts/{id}/copies/{copy}/photos/{hash}",
    response_class=Response,
    responses={**PICTURE_GIVEN, 404: {}},
)
async def read_copy_photo(
    services: Serving,
    room: GivenRoom,
    number: QuickCountId,
    copy: _Number,
    photo: Annotated[str, InPath(alias="hash")],
) -> Response:
    """The photo of an acta, to be saved, never to be shown as a page."""
    if photo not in (await room.find(number)).find(int(copy)).photos:
        raise NotFound("this copy has no such picture")
    body = await to_thread.run_sync(services.casework.attachments.read, photo)
    headers = {"Content-Disposition": f'attachment; filename="{photo[:16]}{SUFFIX}"'}
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


async def _check_place(case: Case, count: QuickCount, mesa: str, viewer: Viewer) -> None:
    """Observers copy where they are assigned; the team may type in what it was told."""
    if viewer.role.covers(Role.VERIFIER):
        return
    postings, where = (await case.read_log()).postings, MesaPositions(case.live, await case.names())
    if viewer.pseudonym not in Assignments(where, postings).of(count.unit(mesa)):
        raise NotFound(f"mesa {mesa} is not where you are assigned")


def _read(form: _Copy, case: Case) -> Copy:
    lists = case.live.contest.lists
    if strange := form.votes.keys() - {entry.code for entry in lists}:
        raise InvalidInput(f"votes: this contest has no list {min(strange)[:20]!r}")
    # A list that runs no more stands on no acta.
    given = {**{entry.code: 0 for entry in lists if entry.is_withdrawn}, **form.votes}
    if missing := [entry.code for entry in lists if entry.code not in given]:
        raise InvalidInput(f"votes: list {missing[0]!r} is missing; null says that its votes are not legible")
    rest = {name: getattr(form, name) for name in (*NOT_VALID, "cast", "registered")}
    return Copy(tuple(given[entry.code] for entry in lists), **rest)
