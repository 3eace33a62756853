"""The queue at the juries: every acta that left the count, page by page, with what it holds against the lead."""

from functools import partial

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import JSON, Reply, Representation, Router, pack, respond
from api.live.count import LiveCount
from api.routes.asked import AtQuery
from api.serving.access import Live, Services, Serving
from api.story.past import Version
from api.story.queue_board import QueueQuestion, QueueSummary, cursor_of, newest_first, read_cursor, summarise
from api.story.trails import LogExtent, history_of
from api.tables import queue_csv as queue_sheet
from api.tables import results_csv as sheets
from api.tables.queue_lines import QueuedActa, QueueState, line_of
from tally.errors import NotFound
from tally.keys import ABROAD, CHILD_LEVEL, NATION, Level, is_area, level_of
from tally.queue import Stay
from tally.view import View

router = Router(tags=["queue"])


class _Asked(Struct, frozen=True):
    """A question about one version, with all that a worker thread needs to answer it."""

    live: LiveCount
    history: LogExtent
    view: View
    version: Version
    question: QueueQuestion
    before: tuple[int, str] | None
    limit: int


class QueuePage(Struct, frozen=True, kw_only=True):
    """`matching` actas the question is about, a page of them, and the summary of all; `next`: `before` of the next."""

    election: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    within: str
    reason: str | None
    state: QueueState | None
    is_test: bool
    summary: QueueSummary
    matching: int
    actas: list[QueuedActa]
    next: str | None


@router.get("/queue", responses=sheets.ALSO_CSV)
async def read_queue(
    request: Request,
    live: Live,
    services: Serving,
    within: str = Query(NATION, description="Key of an area or polling place: department/14"),
    reason: str | None = Query(None, description="material_error, challenged_votes, no_signatures, …"),
    state: QueueState | None = None,
    at: AtQuery = None,
    before: str | None = Query(None, description="`next` of the page before."),
    limit: int = Query(50, ge=1, le=1000),
    format: sheets.SheetFormat = "json",  # noqa: A002 - the parameter's published name
) -> Reply[QueuePage]:
    """Actas at the juries and those that came back, the last that moved first; CSV has all of them."""
    question = QueueQuestion(within, reason, state).check()
    if within not in live.view.entries and within != NATION:
        raise NotFound(f"there is no area {within[:40]!r} in this count")
    version = await services.past.version(live, at)
    view = await services.past.view_of(live, version, _keys(live, within))
    asked = _Asked(live, history_of(live), view, version, question, read_cursor(before), limit)
    etag = f"{live.epoch}-{version.seq}"
    key = ("queue", live.info.id, etag, live.info.is_test, question, before, limit, format)
    write = partial(_page, services, asked) if format == "json" else partial(_sheet, services, asked, format)
    return respond(request, await services.answers.read(key, write), version.cache)


def _keys(live: LiveCount, within: str) -> list[str]:
    """What the summary needs of the view: the area, its children, and abroad, whose mesas may be larger."""
    if not is_area(within):
        return [within]
    topic = NATION if CHILD_LEVEL[level_of(within)] is Level.DEPARTMENT else within
    return [key for key in {within, NATION, ABROAD, *live.view.keys([topic])} if is_area(key)]


def _chosen(services: Services, asked: _Asked) -> tuple[list[Stay], list[Stay]]:
    """Every stay in the area, and those the question is about."""
    stays = services.past.queues.stays(asked.history, asked.version.seq)
    own = [stay for stay in stays if asked.question.lies_within(stay)]
    return own, newest_first([stay for stay in own if asked.question.has(stay)])


def _page(services: Services, asked: _Asked) -> Representation:
    live, view = asked.live, asked.view
    own, chosen = _chosen(services, asked)
    older = [stay for stay in chosen if asked.before is None or (stay.moved.seq, stay.key) < asked.before]
    page = older[: asked.limit]
    body = QueuePage(
        election=live.election.id,
        epoch=asked.history.epoch,
        seq=asked.version.seq,
        as_of=asked.version.at,
        source_at=asked.version.source_at,
        within=asked.question.within,
        reason=asked.question.reason,
        state=asked.question.state,
        is_test=live.info.is_test,
        summary=summarise(own, view, live.election, asked.question),
        matching=len(chosen),
        actas=[line_of(stay, live.names.names) for stay in page],
        next=cursor_of(page[-1]) if len(older) > len(page) else None,
    )
    return pack(msgspec.json.encode(body), f"{asked.history.epoch}-{asked.version.seq}", JSON)


def _sheet(services: Services, asked: _Asked, form: sheets.SheetFormat) -> Representation:
    live = asked.live
    _, chosen = _chosen(services, asked)
    is_test, lists = live.info.is_test, [entry.id for entry in live.contest.lists]
    body = queue_sheet.write((line_of(stay, live.names.names) for stay in chosen), lists, form, is_test=is_test)
    headers = sheets.file_headers(f"{live.name}-queue-{asked.version.seq}", form, is_test=is_test)
    return pack(body, f"{asked.history.epoch}-{asked.version.seq}", sheets.MEDIA_TYPE, headers)
