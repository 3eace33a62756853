"""Audits of actas: drawn from a public seed, read twice, told with a running p-value, and exported whole."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import Path as InPath
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, reply, respond
from api.http.bodies import read_json, takes
from api.live.outlook import area_state
from api.mission.case import Case
from api.mission.findings import GivenFindings
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from api.tables.audit_csv import write_audit
from api.tables.results_csv import ALSO_CSV, MEDIA_TYPE, file_headers
from mission.audit.audits import Audit, Audits, Origin
from mission.audit.limits import load_limits
from mission.audit.plan import Drawn, plan_audit
from mission.audit.reading import Reading, ReadingEntry, missing
from mission.audit.standing import AuditOutcome, DrawStep, stand
from mission.people.accounts import stamp
from tally import moments
from tally.errors import Conflict
from tally.keys import MESA_NUMBER, NATION
from tally.rules.review import is_in_review

router = Router(tags=["mission"])
_Figure = Annotated[int, Meta(ge=0, le=100_000)]
_AuditId = Annotated[int, InPath(alias="id", ge=1, le=2**31 - 1)]


class _Begin(Struct, forbid_unknown_fields=True):
    """`seed`: 20 digits, thrown in public after the count stands; `risk_limit`: as 0.05."""

    seed: Annotated[str, Meta(pattern="^[0-9]{20}$")]
    risk_limit: Annotated[float, Meta(gt=0, lt=1)] = 0.05


class _Entry(Struct, forbid_unknown_fields=True):
    """What stands on the image of that mesa's acta; `votes` null: nobody can read it, or there is none."""

    mesa: Annotated[str, Meta(pattern=f"^{MESA_NUMBER}$")]
    votes: Annotated[list[_Figure], Meta(min_length=1, max_length=100)] | None
    blank: _Figure | None = None
    null: _Figure | None = None
    challenged: _Figure | None = None


class AuditLine(Struct, frozen=True, kw_only=True):
    """What is fixed of an audit from the start; `margin`: the smallest of those it has to confirm."""

    id: int
    seed: str
    risk_limit: float
    made_at: str
    made_by: str
    seq: int
    as_of: str
    mesas: int
    cast: int
    margin: int
    bound: float
    planned: int


class ActaAudits(Struct, frozen=True):
    """Newest first."""

    audits: list[AuditLine]


class Draw(Struct, frozen=True):
    """A draw; blind until it is settled."""

    n: int
    mesa: str
    entries: int
    missing: int
    is_read_by_you: bool
    reported: Reading | None
    read: Reading | None
    taint: float | None
    p: float | None


class ActaAudit(AuditLine, frozen=True, kw_only=True):
    """An audit as it stands."""

    outcome: AuditOutcome
    settled: int
    needed: int
    discrepancies: int
    p_value: float
    draws: list[Draw]


class EntryReceipt(Struct, frozen=True):
    """How many readings a mesa still needs."""

    mesa: str
    missing: int


@router.get("/mission/acta-audits")
async def list_audits(request: Request, services: Serving, case: GivenCase) -> Reply[ActaAudits]:
    """Every audit of this count, newest first: an audit cannot be begun again in silence until the seed pleases."""
    kept, live = Audits(services.store.engine), case.live
    found = await to_thread.run_sync(kept.of_history, live.info.id, live.epoch)
    return reply(request, ActaAudits([AuditLine(**_line(audit)) for audit in found]))


@router.post("/mission/acta-audits", status_code=201, openapi_extra=takes(_Begin), responses={409: {}, 422: {}})
async def post_audit(
    request: Request, services: Serving, case: GivenCase, evidence: GivenFindings, viewer: Viewing
) -> Reply[ActaAudit]:
    """Draw a sample of the counted actas of this moment; later changes of the count do not change it."""
    form = await read_json(request, _Begin)
    live, kept = case.live, Audits(services.store.engine)
    if _is_in_review(case):
        raise Conflict("figures of the count are in review: no sample of it can confirm a winner now")
    origin = Origin(live.info.id, live.epoch, live.seq, live.view.as_of, viewer.pseudonym)
    sheets = await evidence.sheets(live)

    def begin() -> tuple[Audit, list[Drawn]]:
        plan = plan_audit(sheets, form.seed, form.risk_limit, load_limits(), live.contest.rule)
        return kept.find(kept.begin(plan, origin, moments.utc_now())), list(plan.drawn)

    audit, drawn = await to_thread.run_sync(begin)
    return reply(request, _told(audit, drawn, {}, viewer, is_doubtful=False), status=201)


@router.get("/mission/acta-audits/{id}.csv", response_class=Response, responses={**ALSO_CSV, 404: {}})
async def export_audit(request: Request, services: Serving, case: GivenCase, audit_id: _AuditId) -> Response:
    """Every draw as CSV: what was reported, and what was read once it is settled."""
    kept = Audits(services.store.engine)

    def write() -> bytes:
        audit = kept.find(audit_id)
        return write_audit(audit, kept.standing(audit), is_test=case.live.info.is_test)

    headers = file_headers(f"acta-audit-{audit_id}.csv", is_test=case.live.info.is_test)
    return respond(request, Representation(await to_thread.run_sync(write), media_type=MEDIA_TYPE, headers=headers))


@router.get("/mission/acta-audits/{id}", responses={404: {}})
async def read_audit(
    request: Request, services: Serving, case: GivenCase, viewer: Viewing, audit_id: _AuditId
) -> Reply[ActaAudit]:
    """The audit as it stands. What was reported and what others read is told once two readings agree."""
    kept = Audits(services.store.engine)
    audit, drawn, entries = await to_thread.run_sync(
        lambda: (kept.find(audit_id), kept.drawn(audit_id), kept.entries(audit_id))
    )
    return reply(request, _told(audit, drawn, entries, viewer, is_doubtful=_is_in_review(case)))


@router.post(
    "/mission/acta-audits/{id}/entries",
    status_code=201,
    openapi_extra=takes(_Entry),
    responses={403: {}, 404: {}, 409: {}},
)
async def post_entry(request: Request, services: Serving, viewer: Viewing, audit_id: _AuditId) -> Reply[EntryReceipt]:
    """A reading of one acta of the sample. Nobody reads one twice."""
    form = await read_json(request, _Entry)
    kept = Audits(services.store.engine)
    votes = None if form.votes is None else tuple(form.votes)
    # Of an acta that nobody can read, no figure is known.
    rest = (form.blank, form.null, form.challenged) if votes is not None else (None, None, None)
    entry = ReadingEntry(viewer.id, viewer.pseudonym, stamp(moments.utc_now()), Reading(votes, *rest))

    def enter() -> int:
        kept.enter(kept.find(audit_id), form.mesa, entry)
        return missing(kept.entries(audit_id)[form.mesa])

    return reply(request, EntryReceipt(form.mesa, await to_thread.run_sync(enter)), status=201)


def _line(audit: Audit) -> dict[str, Any]:
    own = ("id", "seed", "risk_limit", "made_at", "mesas", "cast", "bound", "planned")
    return {
        **{name: getattr(audit, name) for name in own},
        **{name: getattr(audit.origin, name) for name in ("made_by", "seq", "as_of")},
        "margin": audit.pairs.smallest,
    }


def _is_in_review(case: Case) -> bool:
    nation = area_state(case.live.view, NATION)
    return nation is not None and is_in_review(nation)


def _told(
    audit: Audit, drawn: list[Drawn], entries: dict[str, list[ReadingEntry]], viewer: Viewer, *, is_doubtful: bool
) -> ActaAudit:
    standing = stand(drawn, entries, audit.pairs, audit.bound, audit.risk_limit)
    own = {mesa for mesa, all_of_it in entries.items() if any(one.reader_id == viewer.id for one in all_of_it)}
    return ActaAudit(
        **_line(audit),
        outcome=AuditOutcome.IN_REVIEW if is_doubtful else standing.outcome,
        settled=standing.settled,
        needed=standing.needed,
        discrepancies=standing.discrepancies,
        p_value=standing.p_value,
        draws=[_draw(step, step.drawn.mesa in own) for step in standing.steps],
    )


def _draw(step: DrawStep, is_read: bool) -> Draw:
    drawn, reported = step.drawn, step.drawn.reported if step.read is not None else None
    return Draw(drawn.n, drawn.mesa, step.entries, step.missing, is_read, reported, step.read, step.taint, step.p)
