"""Audits of actas: drawn from a public seed, read twice, told with a running p-value, and exported whole."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import Path as InPath
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Representation, Router, reply, respond
from api.http.bodies import read_json, takes
from api.live.count import LiveCount
from api.live.outlook import find_whole
from api.mission.findings import GivenFindings, MissionFindings
from api.serving.access import GivenCase, Serving
from api.serving.viewer import Viewer, Viewing
from api.tables.audit_csv import write_audit
from api.tables.results_csv import ALSO_CSV, MEDIA_TYPE, file_headers
from mission.audit.audits import Audit, Audits, Origin
from mission.audit.ground import AuditedCount, AuditRefusal, find_ground
from mission.audit.limits import load_limits
from mission.audit.macro import Pairs, confirms
from mission.audit.plan import Drawn, plan_audit
from mission.audit.reading import Reading, ReadingEntry, missing
from mission.audit.standing import AuditOutcome, DrawStep, stand
from mission.people.accounts import stamp
from tally import moments
from tally.errors import Conflict
from tally.keys import MESA_NUMBER
from tally.outcome.judgement import judge

router = Router(tags=["mission"])
_USUAL_RISK = load_limits().usual_risk
_Figure = Annotated[int, Meta(ge=0, le=100_000)]
_AuditId = Annotated[int, InPath(alias="id", ge=1, le=2**31 - 1)]


class _Begin(Struct, forbid_unknown_fields=True):
    """`seed`: 20 digits, thrown in public after the count stands; `risk_limit`: as 0.05."""

    seed: Annotated[str, Meta(pattern="^[0-9]{20}$")]
    risk_limit: Annotated[float, Meta(gt=0, lt=1)] = _USUAL_RISK


class _Entry(Struct, forbid_unknown_fields=True):
    """What stands on the image of that mesa's acta; `votes` null: nobody can read it, or there is none."""

    mesa: Annotated[str, Meta(pattern=f"^{MESA_NUMBER}$")]
    votes: Annotated[list[_Figure], Meta(min_length=1, max_length=100)] | None
    blank: _Figure | None = None
    null: _Figure | None = None
    challenged: _Figure | None = None


class AuditedOutcome(Struct, frozen=True, kw_only=True):
    """What an audit confirms: who wins, or the lists that go to a run-off, by their places in the contest.

    margin: the smallest that decides, as published. unread: of so many actas those that were not read, their voters at
    most; None in audits of earlier versions, which left them out.
    """

    winners: tuple[int, ...]
    margin: int
    actas: int | None
    unread: int | None
    unread_voters: int | None


class AuditLine(AuditedOutcome, frozen=True, kw_only=True):
    """What is fixed of an audit from the start."""

    id: int
    seed: str
    risk_limit: float
    made_at: str
    made_by: str
    seq: int
    as_of: str
    mesas: int
    cast: int
    bound: float
    planned: int


class AuditProspect(Struct, frozen=True, kw_only=True):
    """What an audit that is begun now would confirm and how large it would be; `refusal`: why there can be none."""

    refusal: AuditRefusal | None
    outcome: AuditedOutcome | None
    bound: float | None
    planned: int | None


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
    """Draw a sample of the read actas of this moment; later changes of the count do not change it."""
    form = await read_json(request, _Begin)
    live, kept = case.live, Audits(services.store.engine)
    origin = Origin(live.info.id, live.epoch, live.seq, live.view.as_of, viewer.pseudonym)
    count = await _audited(live, evidence)
    if find_ground(count, form.risk_limit, load_limits()).refusal is AuditRefusal.IN_REVIEW:
        raise Conflict("figures of the count are in review: no sample of it can confirm a winner now")

    def begin() -> tuple[Audit, list[Drawn]]:
        plan = plan_audit(count, form.seed, form.risk_limit, load_limits())
        return kept.find(kept.begin(plan, origin, moments.utc_now())), list(plan.drawn)

    audit, drawn = await to_thread.run_sync(begin)
    return reply(request, _told(audit, drawn, {}, viewer, None), status=201)


@router.get("/mission/acta-audits/prospect")
async def read_prospect(request: Request, case: GivenCase, evidence: GivenFindings) -> Reply[AuditProspect]:
    """What an audit begun now, at the usual risk limit, would confirm; or why none can be begun."""
    count = await _audited(case.live, evidence)
    ground = await to_thread.run_sync(lambda: find_ground(count, _USUAL_RISK, load_limits()))
    outcome = None if ground.pairs is None else AuditedOutcome(**_outcome(ground.pairs))
    body = AuditProspect(refusal=ground.refusal, outcome=outcome, bound=ground.bound, planned=ground.planned)
    return reply(request, body)


@router.get("/mission/acta-audits/{id}.csv", response_class=Response, responses={**ALSO_CSV, 404: {}})
async def export_audit(request: Request, services: Serving, case: GivenCase, audit_id: _AuditId) -> Response:
    """Every draw as CSV: what was reported, and what was read once it is settled."""
    kept = Audits(services.store.engine)

    def write() -> bytes:
        audit = kept.find(audit_id)
        return write_audit(audit, kept.standing(audit), is_test=case.live.info.is_test)

    headers = file_headers(f"acta-audit-{audit_id}", is_test=case.live.info.is_test)
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
    return reply(request, _told(audit, drawn, entries, viewer, _objection(case.live, audit)))


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


async def _audited(live: LiveCount, evidence: MissionFindings) -> AuditedCount:
    whole = find_whole(live.view)
    return AuditedCount(await evidence.sheets(live), whole, live.contest, live.election)


def _line(audit: Audit) -> dict[str, Any]:
    own = ("id", "seed", "risk_limit", "made_at", "mesas", "cast", "bound", "planned")
    return {
        **{name: getattr(audit, name) for name in own},
        **{name: getattr(audit.origin, name) for name in ("made_by", "seq", "as_of")},
        **_outcome(audit.pairs),
    }


def _outcome(pairs: Pairs) -> dict[str, Any]:
    covered = pairs.coverage
    return {
        "winners": pairs.winners,
        "margin": pairs.smallest if covered is None else covered.margin,
        "actas": None if covered is None else covered.actas,
        "unread": None if covered is None else covered.unread,
        "unread_voters": None if covered is None else covered.voters,
    }


def _objection(live: LiveCount, audit: Audit) -> AuditOutcome | None:
    """Why the count as it stands now lets the audit say nothing of it."""
    whole = find_whole(live.view)
    if whole is None or judge(whole, live.contest, live.election).outcome is None:
        return AuditOutcome.IN_REVIEW
    return None if confirms(audit.pairs, whole.published.votes, live.contest.rule) else AuditOutcome.OVERTAKEN


def _told(
    audit: Audit,
    drawn: list[Drawn],
    entries: dict[str, list[ReadingEntry]],
    viewer: Viewer,
    objection: AuditOutcome | None,
) -> ActaAudit:
    standing = stand(drawn, entries, audit.pairs, audit.bound, audit.risk_limit)
    own = {mesa for mesa, all_of_it in entries.items() if any(one.reader_id == viewer.id for one in all_of_it)}
    return ActaAudit(
        **_line(audit),
        outcome=objection or standing.outcome,
        settled=standing.settled,
        needed=standing.needed,
        discrepancies=standing.discrepancies,
        p_value=standing.p_value,
        draws=[_draw(step, step.drawn.mesa in own) for step in standing.steps],
    )


def _draw(step: DrawStep, is_read: bool) -> Draw:
    drawn, reported = step.drawn, step.drawn.reported if step.read is not None else None
    return Draw(drawn.n, drawn.mesa, step.entries, step.missing, is_read, reported, step.read, step.taint, step.p)
