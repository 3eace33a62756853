"""The mission's quick count: drawn from the count's own mesas, read by the team, published by two of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import msgspec
from anyio import to_thread
from fastapi import Depends
from fastapi import Path as InPath
from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.live.count import LiveCount
from api.live.outlook import find_whole
from api.mission.case import Case
from api.mission.findings import GivenFindings, MissionFindings
from api.mission.places import is_whole
from api.mission.quickcount.comparisons import ComparisonTable, take_actas, tell_comparisons
from api.mission.quickcount.desk import (
    MesaCopies,
    QuickCountDetail,
    QuickCountList,
    SampleFrame,
    tell_copies,
    tell_detail,
    tell_head,
)
from api.mission.quickcount.estimates import (
    ArrivalTable,
    QuickCountEstimate,
    make_proposal,
    tell_arrival,
    tell_estimate,
)
from api.mission.quickcount.frames import FrameComparisons, FrameStanding, GivenComparisons, known_mesas
from api.mission.quickcount.positions import MesaPositions, complete, take_known
from api.mission.quickcount.rooms import QuickCountRoom
from api.mission.quickcount.units import CopiedList, SampleMesas, tell_units
from api.mission.report_form import Reason
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from mission.people.roles import Role
from mission.quickcount.book import DrawnSample, QuickCount
from mission.quickcount.frame import Frame, SampleUnit, read_frame
from mission.quickcount.sampling import Design, SampleDesign, draw
from tally import moments
from tally.changes import Entry
from tally.errors import Conflict
from tally.keys import Level, code_of, start_of
from tally.model import PlaceState

router = Router(tags=["mission"])
QuickCountId = Annotated[str, InPath(alias="id")]


async def find_room(services: Serving, case: GivenCase) -> QuickCountRoom:
    """The quick counts of the election the mission observes."""
    casework, election_id = services.casework, case.live.election.id
    return QuickCountRoom(casework.quick_counts.of(election_id), casework.frames.of(election_id), case.casebook)


GivenRoom = Annotated[QuickCountRoom, Depends(find_room)]


class _Draw(Struct, forbid_unknown_fields=True):
    """`seed`: 20 digits, said in front of witnesses before; `size`: units, mesas or places.

    `frame`: the id of the given frame that is drawn from; null: the count's own mesas.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\u0000]*$")]
    unit: SampleUnit
    design: SampleDesign
    size: Annotated[int, Meta(ge=1, le=100_000)]
    seed: Annotated[str, Meta(pattern="^[0-9]{20}$")]
    frame: Annotated[str, Meta(pattern="^f[0-9]{1,9}$")] | None = None


class _Step(StrEnum):
    PROPOSE = "propose"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


class _Publish(Struct, forbid_unknown_fields=True):
    """`digest`: of the proposal that is confirmed; `reason`: why it is taken back, which is public."""

    step: _Step
    digest: Annotated[str, Meta(max_length=64)] = ""
    reason: Reason = ""


class _DecideCopy(Struct, forbid_unknown_fields=True):
    """`entry` of a mesa stands, and why; `seen`: the `revision` of the mesa that was read."""

    entry: Annotated[str, Meta(pattern="^[0-9]{1,15}$")]
    reason: Reason
    seen: int


@router.get("/mission/quick-counts")
async def list_quick_counts(
    request: Request, case: GivenCase, room: GivenRoom, compared: GivenComparisons, viewer: Viewing
) -> Reply[QuickCountList]:
    """Every quick count, the newest first; an observer's are those with a mesa where they are assigned."""
    counts, live, given = await room.read(), case.live, None
    is_team = viewer.role.covers(Role.VERIFIER)
    if is_team and (newest := (await room.given()).newest) is not None:
        given = await compared.head(live, newest)
    if not is_team:
        postings, where = (await case.read_log()).postings, MesaPositions(live, await case.names())
        counts = [one for one in counts if tell_units(where, one, postings, viewer.member)]
    frame = SampleFrame(known_mesas(live.view), is_whole(live.view), given)
    return reply(request, QuickCountList([tell_head(one, viewer.member) for one in counts][::-1], frame))


@router.post("/mission/quick-counts", status_code=201, openapi_extra=takes(_Draw), responses={409: {}, 422: {}})
async def draw_quick_count(
    request: Request,
    case: GivenCase,
    room: GivenRoom,
    evidence: GivenFindings,
    compared: GivenComparisons,
    viewer: Viewing,
) -> Reply[QuickCountDetail]:
    """Draw a sample, for good: of a given frame, or of the count's mesas; then 409 while it does not know them all."""
    form = await read_json(request, _Draw)
    live, version = case.live, (case.live.epoch, case.live.seq)
    given = None if form.frame is None else (await room.given()).find(form.frame)
    make_frame = given.frame if given is not None else await _own_frame(live, evidence)

    def make() -> QuickCount:
        sample = draw(make_frame(), Design(form.design, form.unit, form.size), form.seed)
        note = None if given is None else given.note
        return room.desk(viewer.member).draw(DrawnSample(form.name.strip(), sample, *version, note))

    count = await to_thread.run_sync(make)
    return reply(request, await _detail(case, room, compared, viewer, count), status=201)


@router.get("/mission/quick-counts/{id}", responses={404: {}})
async def read_quick_count(
    request: Request,
    case: GivenCase,
    room: GivenRoom,
    compared: GivenComparisons,
    viewer: Viewing,
    number: QuickCountId,
) -> Reply[QuickCountDetail]:
    """One as it stands: its sample by stratum, its copies by state, its frame, and where its publication is."""
    return reply(request, await _detail(case, room, compared, viewer, await room.find(number)))


@router.get("/mission/quick-counts/{id}/units", responses={404: {}})
async def list_units(
    request: Request, case: GivenCase, room: GivenRoom, viewer: Viewing, number: QuickCountId
) -> Reply[SampleMesas]:
    """The mesas of the sample with who is assigned there; an observer's are where they are assigned."""
    count, book = await room.find(number), await case.read_log()
    lists = [CopiedList(one.code, one.short) for one in case.live.contest.lists if not one.is_withdrawn]
    where = MesaPositions(case.live, await case.names())
    return reply(request, SampleMesas(tell_units(where, count, book.postings, viewer.member), lists))


@router.get("/mission/quick-counts/{id}/mesas/{mesa}", responses={404: {}})
async def read_mesa_copies(
    request: Request, room: GivenRoom, viewer: Viewing, number: QuickCountId, mesa: str
) -> Reply[MesaCopies]:
    """Every entry of one mesa, with what does not add up and which of them stands."""
    return reply(request, tell_copies(await room.find(number), mesa, viewer.member))


@router.post("/mission/quick-counts/{id}/decisions", status_code=201, openapi_extra=takes(_DecideCopy))
async def decide_copy(request: Request, room: GivenRoom, viewer: Viewing, number: QuickCountId) -> Reply[MesaCopies]:
    """Say which of a mesa's entries stands; never of a mesa that one copied oneself, 409 if it moved meanwhile."""
    form = await read_json(request, _DecideCopy)
    entry, desk = int(form.entry), room.desk(viewer.member)
    await to_thread.run_sync(lambda: desk.decide(number, entry, form.reason, form.seen))
    count = await room.find(number)
    return reply(request, tell_copies(count, count.find(entry).mesa, viewer.member), status=201)


@router.get("/mission/quick-counts/{id}/comparisons", responses={404: {}})
async def read_comparisons(
    request: Request, case: GivenCase, room: GivenRoom, number: QuickCountId
) -> Reply[ComparisonTable]:
    """Each copy that stands beside the acta as it is published now, those that differ first."""
    count = await room.find(number)
    taken = take_actas(MesaPositions(case.live, await case.names()), count)
    return reply(request, await to_thread.run_sync(tell_comparisons, taken, count))


@router.get("/mission/quick-counts/{id}/arrival", responses={404: {}})
async def read_arrival(request: Request, case: GivenCase, room: GivenRoom, number: QuickCountId) -> Reply[ArrivalTable]:
    """Who has reported, held against who was drawn."""
    count = await room.find(number)
    known, name = take_known(case.live, count.drawn.sample), case.live.names.names.get

    def tell() -> ArrivalTable:
        return tell_arrival(count, complete(count.drawn.sample, known), name)

    return reply(request, await to_thread.run_sync(tell))


@router.get("/mission/quick-counts/{id}/estimate", responses={404: {}})
async def read_estimate(
    request: Request, case: GivenCase, room: GivenRoom, number: QuickCountId
) -> Reply[QuickCountEstimate]:
    """The estimate now, how it settled, and the official count beside it; no figure below a stated response."""
    count, whole = await room.find(number), find_whole(case.live.view)
    official = None if whole is None else whole.published.votes
    running, name = case.live.contest.running, case.live.names.names.get
    return reply(request, await to_thread.run_sync(tell_estimate, count, name, running, official))


@router.post(
    "/mission/quick-counts/{id}/publication",
    status_code=201,
    openapi_extra=takes(_Publish),
    responses={403: {}, 404: {}, 409: {}},
)
async def publish_quick_count(
    request: Request,
    case: GivenCase,
    room: GivenRoom,
    compared: GivenComparisons,
    viewer: Viewing,
    number: QuickCountId,
) -> Reply[QuickCountDetail]:
    """Propose what is estimated now (coordinators), confirm what another person proposed, or take it back."""
    form = await read_json(request, _Publish)
    desk, as_of, aside = room.desk(viewer.member), moments.write(moments.utc_now()), await room.aside()
    running = case.live.contest.running
    beside = await _beside(case, room, compared, number) if form.step is _Step.PROPOSE else None

    def act() -> QuickCount:
        if form.step is _Step.CONFIRM:
            return desk.confirm(number, form.digest)
        if form.step is _Step.WITHDRAW:
            return desk.withdraw(number, form.reason)
        return desk.propose(number, lambda count: make_proposal(replace(count, aside=aside), as_of, running, beside))

    await to_thread.run_sync(act)
    return reply(request, await _detail(case, room, compared, viewer, await room.find(number)), status=201)


async def _beside(case: Case, room: QuickCountRoom, compared: FrameComparisons, number: str) -> FrameStanding | None:
    """The given frame that a quick count was drawn from beside the count now; None: it was the count's own.

    Raises: NotFound.
    """
    note = (await room.find(number)).drawn.frame
    return None if note is None else (await compared.head(case.live, (await room.given()).find(note.id))).beside


async def _detail(
    case: Case, room: QuickCountRoom, compared: FrameComparisons, viewer: Viewer, count: QuickCount
) -> QuickCountDetail:
    note, drawn = count.drawn.frame, None
    if note is not None:
        mesas = [unit.id for unit in count.drawn.sample.mesas]
        drawn = await compared.drawn(case.live, (await room.given()).find(note.id), note, mesas)
    return tell_detail(count, viewer.member, case.live.names.names.get, drawn)


async def _own_frame(live: LiveCount, evidence: MissionFindings) -> Callable[[], Frame]:
    """What makes the frame of the count's own mesas, in a thread.

    Raises: Conflict: it does not know all of them.
    """
    if not is_whole(live.view):
        raise Conflict("the source has not named all mesas yet: a sample of those it named would leave the others out")
    entries = list(live.view.entries.items())
    sheets = await evidence.sheets(live)
    return lambda: read_frame(sheets, _remote_places(entries))


def _remote_places(entries: list[tuple[str, Entry]]) -> set[str]:
    """Codes of the polling places that serve a remote populated place."""
    start = start_of(Level.POLLING_PLACE)
    places = ((key, entry.change.data) for key, entry in entries if key.startswith(start))
    return {
        code_of(key) for key, data in places if msgspec.json.decode(data, type=PlaceState).populated_place is not None
    }
