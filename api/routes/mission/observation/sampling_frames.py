"""The frame before the night: a list of mesas looked at before it is given, and kept as it was looked at."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply, respond
from api.http.bodies import TABLE, read_bytes, read_json, takes
from api.live.count import LiveCount
from api.mission.findings import GivenFindings
from api.mission.listed_places import NONE as NO_PLACES
from api.mission.listed_places import ListedPlaces, tell_listed
from api.mission.places import is_whole
from api.mission.quickcount.frames import (
    FramePreview,
    GivenComparisons,
    GivenFrameHead,
    known_mesas,
    tell_head,
    tell_preview,
)
from api.routes.mission.observation.quick_counts import GivenRoom
from api.serving.access import GivenCase, Services, Serving
from api.serving.viewer import Viewing
from api.tables.results_csv import ALSO_CSV
from mission.quickcount.frames.given import give_frame
from mission.quickcount.frames.listing import list_sheets
from mission.quickcount.frames.reading import ReadListing, load_format, read_listing
from tally import moments
from tally.errors import Conflict, InvalidInput

router = Router(tags=["mission"])
FrameId = Annotated[str, InPath(alias="id")]


class OtherCount(Struct, frozen=True):
    """Another count of this installation whose mesas are all named: its frame can be taken."""

    election: str
    contest: str
    election_name: dict[str, str]
    contest_name: dict[str, str]
    mesas: int


class GivenFrameList(Struct, frozen=True):
    """Newest first; only the newest is set beside the count. `others`: counts whose mesas can be taken."""

    frames: list[GivenFrameHead]
    others: list[OtherCount]


class _Take(Struct, forbid_unknown_fields=True):
    """The count whose mesas are taken."""

    election: Annotated[str, Meta(max_length=100)]
    contest: Annotated[str, Meta(max_length=100)]


@router.get("/mission/sampling-frames")
async def list_frames(
    request: Request, services: Serving, case: GivenCase, room: GivenRoom, compared: GivenComparisons
) -> Reply[GivenFrameList]:
    """Every frame that was given, and the counts from which one can be taken."""
    given = [*(await room.given()).frames.values()][::-1]
    heads = [await compared.head(case.live, one) if n == 0 else tell_head(one, None) for n, one in enumerate(given)]
    others = [
        OtherCount(one.election.id, one.contest.id, one.election.name, one.contest.name, known_mesas(one.view))
        for one in _others(services, case.live)
    ]
    return reply(request, GivenFrameList(heads, others))


@router.post("/mission/sampling-frames/preview", openapi_extra=TABLE)
async def preview_frame(request: Request, case: GivenCase, room: GivenRoom) -> Reply[FramePreview]:
    """What that CSV says, every fault of it by line and column, and what of it the count says otherwise."""
    read, newest = await _read(request), (await room.given()).newest
    view, name = case.live.view.frozen(()), case.live.names.names.get
    return reply(request, await to_thread.run_sync(tell_preview, read, newest, view, name))


@router.post("/mission/sampling-frames", status_code=201, responses={200: {}, 409: {}, 422: {}}, openapi_extra=TABLE)
async def enter_frame(
    request: Request,
    case: GivenCase,
    room: GivenRoom,
    compared: GivenComparisons,
    viewer: Viewing,
    digest: Annotated[str, Query(max_length=64)] = "",
) -> Reply[GivenFrameHead]:
    """Keep the CSV as its preview said; 409 if it is another file, 422 while a line is at fault.

    The same list as the newest is kept once: 200. Samples that were drawn stay as they were drawn.
    """
    read = await _read(request)
    if read.faults:
        raise InvalidInput(f"{len({one.line for one in read.faults})} lines are at fault; nothing was kept")
    if await to_thread.run_sync(lambda: read.listing.digest) != digest:
        raise Conflict("this is not the file of the preview; look at it again")
    frame, is_new = await to_thread.run_sync(give_frame, room.frames, read.listing, viewer.member, moments.utc_now())
    return reply(request, await compared.head(case.live, frame), status=201 if is_new else 200)


@router.post(
    "/mission/sampling-frames/taken",
    status_code=201,
    responses={200: {}, 404: {}, 409: {}},
    openapi_extra=takes(_Take),
)
async def take_frame(
    request: Request,
    services: Serving,
    case: GivenCase,
    room: GivenRoom,
    evidence: GivenFindings,
    compared: GivenComparisons,
    viewer: Viewing,
) -> Reply[GivenFrameHead]:
    """Take the mesas of another count of this installation, as of a run-off's first round; 409 while it lacks some."""
    form = await read_json(request, _Take)
    other = services.counts.live(form.election, form.contest)
    if other not in _others(services, case.live):
        raise Conflict("the mesas of that count cannot be taken: it names not all of them, or is this very count")
    listing = list_sheets(await evidence.sheets(other), other.names.names)
    frame, is_new = await to_thread.run_sync(
        give_frame, room.frames, listing, viewer.member, moments.utc_now(), f"{form.election}/{form.contest}"
    )
    return reply(request, await compared.head(case.live, frame), status=201 if is_new else 200)


@router.get("/mission/sampling-frames/places")
async def list_listed_places(
    request: Request, services: Serving, case: GivenCase, room: GivenRoom
) -> Reply[ListedPlaces]:
    """The places of the list that was given last, while the count does not name all of its own; then none."""
    frame, live = (await room.given()).newest, case.live
    if frame is None or is_whole(live.view):
        return reply(request, NO_PLACES)
    other = next((one for one in services.counts.all() if f"{one.election.id}/{one.contest.id}" == frame.other), None)
    key = ("listed places", live.info.id, frame.id, None if other is None else len(other.view.entries))
    build = partial(tell_listed, frame, None if other is None else other.view.frozen(()), services.positions)
    return respond(request, await services.answers.get(key, build))


@router.get("/mission/sampling-frames/{id}/mesas", response_class=Response, responses={**ALSO_CSV, 404: {}})
async def read_frame_mesas(room: GivenRoom, number: FrameId) -> Response:
    """The frame as the text whose SHA-256 is its digest: a line "mesa,stratum,place" each."""
    frame = (await room.given()).find(number)
    text = await to_thread.run_sync(lambda: frame.frame().text)
    headers = {"Content-Disposition": f'attachment; filename="{frame.id}-{frame.digest[:16]}.csv"'}
    return Response(text, headers=headers, media_type="text/csv")


async def _read(request: Request) -> ReadListing:
    return await to_thread.run_sync(read_listing, await read_bytes(request, load_format().limits.most_bytes))


def _others(services: Services, live: LiveCount) -> list[LiveCount]:
    """Invented mesas are taken for an invented count only, and no invented ones for a real one."""
    alike = [one for one in services.counts.all() if one is not live and one.info.is_test == live.info.is_test]
    return [one for one in alike if is_whole(one.view)]
