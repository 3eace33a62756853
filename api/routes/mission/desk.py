"""What the mission's admin does: accounts, invitations, the audit log, the intake's switch."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from msgspec import Meta, Struct, to_builtins
from starlette.requests import Request
from starlette.responses import Response

from api import mission_shapes
from api.access import MOST_SEQ, Serving
from api.answers import encoded, respond
from api.bodies import read_json, takes
from api.viewer import Viewing
from mission.accounts import Account, Newcomer, add_account, list_accounts, revoke_account
from mission.auditlog import read_log
from mission.devices import invite
from mission.intake import Intake, read_intake, turn_intake
from mission.passwords import check_password
from mission.roles import Role
from tally import moments

router = APIRouter(tags=["mission"])
_Reason = Annotated[str, Meta(min_length=1, max_length=500)]
_Name = Annotated[str, Meta(min_length=2, max_length=40, pattern="^[a-z0-9][a-z0-9._-]+$")]


class _AddAccount(Struct, forbid_unknown_fields=True):
    name: _Name
    role: Role
    password: Annotated[str, Meta(min_length=12, max_length=200)] | None = None


class _Invite(Struct, forbid_unknown_fields=True):
    """`name`: of an observer, who is made if there is none of that name; without one a new observer is."""

    name: _Name | None = None


class _Stop(Struct, forbid_unknown_fields=True):
    reason: _Reason


@router.get("/mission/accounts", response_model=mission_shapes.Accounts)
async def read_accounts(request: Request, services: Serving) -> Response:
    """Everybody, also who was revoked."""
    found = await to_thread.run_sync(list_accounts, services.store.engine)
    return respond(request, encoded({"accounts": [_shown(account) for account in found]}))


@router.post(
    "/mission/accounts",
    status_code=201,
    response_model=mission_shapes.AccountShape,
    responses={409: {}},
    openapi_extra=takes(_AddAccount),
)
async def post_account(request: Request, services: Serving, viewer: Viewing) -> Response:
    """A new account. Without a password only a device comes in for it, and only for an observer."""
    form = await read_json(request, _AddAccount)
    engine, passwords = services.store.engine, services.mission.passwords

    def add() -> Account:
        kept = None if form.password is None else passwords.hash(check_password(form.password))
        return add_account(engine, Newcomer(form.name, form.role, kept), viewer.actor, moments.utc_now())

    return respond(request, encoded(_shown(await to_thread.run_sync(add, limiter=services.hashing))), status=201)


@router.post(
    "/mission/accounts/{name}/revoke",
    response_model=mission_shapes.AccountShape,
    responses={404: {}, 409: {}},
)
async def post_revocation(request: Request, services: Serving, viewer: Viewing, name: str) -> Response:
    """End an account, and whatever it is signed in with."""
    now = moments.utc_now()
    account = await to_thread.run_sync(revoke_account, services.store.engine, name, viewer.actor, now)
    return respond(request, encoded(_shown(account)))


@router.post(
    "/mission/invitations",
    status_code=201,
    response_model=mission_shapes.Invitation,
    responses={409: {}},
    openapi_extra=takes(_Invite),
)
async def post_invitation(request: Request, services: Serving, viewer: Viewing) -> Response:
    """A code for the device of an observer, told once; codes that were given earlier and not used end."""
    form = await read_json(request, _Invite)
    engine = services.store.engine
    invited = await to_thread.run_sync(invite, engine, form.name, viewer.actor, moments.utc_now())
    return respond(request, encoded(invited), status=201)


@router.get("/mission/audit", response_model=mission_shapes.AuditLog)
async def read_audit(
    request: Request,
    services: Serving,
    before: Annotated[int | None, Query(ge=1, le=MOST_SEQ)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Who did what, newest first; `next` is the `before` of the following page."""
    found = await to_thread.run_sync(read_log, services.store.engine, before, limit)
    following = found[-1].id if len(found) == limit else None
    return respond(request, encoded({"deeds": found, "next": following}))


@router.get("/mission/intake-stop", response_model=mission_shapes.IntakeShape)
async def read_stop(request: Request, services: Serving) -> Response:
    """Whether reports are taken."""
    return respond(request, encoded(await to_thread.run_sync(read_intake, services.store.engine)))


@router.post("/mission/intake-stop", response_model=mission_shapes.IntakeShape, openapi_extra=takes(_Stop))
async def stop_intake(request: Request, services: Serving, viewer: Viewing) -> Response:
    """Take no reports from now on; whoever writes one keeps it and is told why."""
    form = await read_json(request, _Stop)
    return respond(request, encoded(await _turn(services, viewer, form.reason, is_stopped=True)))


@router.delete("/mission/intake-stop", response_model=mission_shapes.IntakeShape)
async def open_intake(request: Request, services: Serving, viewer: Viewing) -> Response:
    """Take reports again."""
    return respond(request, encoded(await _turn(services, viewer, "", is_stopped=False)))


async def _turn(services: Serving, viewer: Viewing, reason: str, *, is_stopped: bool) -> Intake:
    def turn() -> Intake:
        return turn_intake(services.store.engine, viewer.actor, reason, moments.utc_now(), is_stopped=is_stopped)

    return await to_thread.run_sync(turn)


def _shown(account: Account) -> dict[str, object]:
    shown = dict(to_builtins(account))
    del shown["id"]
    return shown
