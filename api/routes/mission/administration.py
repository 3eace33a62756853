"""What the mission's admin does: accounts, invitations, the log of what was done, the intake's switch."""

from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from fastapi import Query
from msgspec import Meta, Struct, convert
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.serving.access import MOST_SEQ, Serving
from api.serving.viewer import Viewing
from mission.incidents.intake import Intake, read_intake, turn_intake
from mission.people.accounts import Account, Newcomer, add_account, list_accounts, revoke_account
from mission.people.auditlog import LoggedDeed, read_log
from mission.people.devices import Invitation, invite
from mission.people.locks import Lock, clear_lock, list_locks
from mission.people.passwords import LIMITS, check_password
from mission.people.roles import Role
from mission.thresholds import THRESHOLDS
from tally import moments

router = Router(tags=["mission"])
_Reason = Annotated[str, Meta(min_length=1, max_length=THRESHOLDS.reports.longest_decision)]
_Name = Annotated[str, Meta(min_length=2, max_length=40, pattern="^[a-z0-9][a-z0-9._-]+$")]


class _AddAccount(Struct, forbid_unknown_fields=True):
    name: _Name
    role: Role
    password: Annotated[str, Meta(min_length=LIMITS.shortest, max_length=LIMITS.longest)] | None = None


class _Invite(Struct, forbid_unknown_fields=True):
    """`name`: of an observer, who is made if there is none of that name; without one a new observer is."""

    name: _Name | None = None


class _Stop(Struct, forbid_unknown_fields=True):
    reason: _Reason


class AccountLine(Struct, frozen=True):
    """An account as the admin sees it."""

    name: str
    role: Role
    pseudonym: str
    has_password: bool
    created_at: str
    revoked_at: str | None


class Accounts(Struct, frozen=True):
    """By name."""

    accounts: list[AccountLine]


class Locks(Struct, frozen=True):
    """The one that lasts longest first."""

    locks: list[Lock]


class AuditLog(Struct, frozen=True):
    """Newest first; `next` is the `before` of the following page, None at the end."""

    deeds: list[LoggedDeed]
    next: int | None


@router.get("/mission/accounts")
async def read_accounts(request: Request, services: Serving) -> Reply[Accounts]:
    """Everybody, also who was revoked."""
    found = await to_thread.run_sync(list_accounts, services.store.engine)
    return reply(request, Accounts([_shown(account) for account in found]))


@router.post("/mission/accounts", status_code=201, responses={409: {}}, openapi_extra=takes(_AddAccount))
async def post_account(request: Request, services: Serving, viewer: Viewing) -> Reply[AccountLine]:
    """A new account. Without a password only a device comes in for it, and only for an observer."""
    form = await read_json(request, _AddAccount)
    engine, passwords = services.store.engine, services.mission.passwords

    def add() -> Account:
        kept = None if form.password is None else passwords.hash(check_password(form.password))
        return add_account(engine, Newcomer(form.name, form.role, kept), viewer.actor, moments.utc_now())

    return reply(request, _shown(await services.door.hash(add)), status=201)


@router.post("/mission/accounts/{name}/revoke", responses={404: {}, 409: {}})
async def post_revocation(request: Request, services: Serving, viewer: Viewing, name: str) -> Reply[AccountLine]:
    """End an account, and whatever it is signed in with."""
    now = moments.utc_now()
    account = await to_thread.run_sync(revoke_account, services.store.engine, name, viewer.actor, now)
    return reply(request, _shown(account))


@router.post("/mission/invitations", status_code=201, responses={409: {}}, openapi_extra=takes(_Invite))
async def post_invitation(request: Request, services: Serving, viewer: Viewing) -> Reply[Invitation]:
    """A code for the device of an observer, told once; codes that were given earlier and not used end."""
    form = await read_json(request, _Invite)
    engine = services.store.engine
    invited = await to_thread.run_sync(invite, engine, form.name, viewer.actor, moments.utc_now())
    return reply(request, invited, status=201)


@router.get("/mission/locks")
async def read_locks(request: Request, services: Serving) -> Reply[Locks]:
    """Who is locked out just now after too many failures, and until when."""
    return reply(request, Locks(await to_thread.run_sync(list_locks, services.store.engine, moments.utc_now())))


@router.delete("/mission/locks/{id}", status_code=204, responses={404: {}})
async def delete_lock(services: Serving, viewer: Viewing, lock_id: Annotated[str, InPath(alias="id")]) -> Response:
    """Let them try again at once."""
    await to_thread.run_sync(clear_lock, services.store.engine, lock_id, viewer.actor, moments.utc_now())
    return Response(status_code=204)


@router.get("/mission/activity")
async def read_activity(
    request: Request,
    services: Serving,
    before: Annotated[int | None, Query(ge=1, le=MOST_SEQ)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Reply[AuditLog]:
    """Who did what, newest first; `next` is the `before` of the following page."""
    found = await to_thread.run_sync(read_log, services.store.engine, before, limit)
    following = found[-1].id if len(found) == limit else None
    return reply(request, AuditLog(found, following))


@router.get("/mission/intake-stop")
async def read_stop(request: Request, services: Serving) -> Reply[Intake]:
    """Whether reports are taken."""
    return reply(request, await to_thread.run_sync(read_intake, services.store.engine))


@router.post("/mission/intake-stop", openapi_extra=takes(_Stop))
async def stop_intake(request: Request, services: Serving, viewer: Viewing) -> Reply[Intake]:
    """Take no reports from now on; whoever writes one keeps it and is told why."""
    form = await read_json(request, _Stop)
    return reply(request, await _turn(services, viewer, form.reason, is_stopped=True))


@router.delete("/mission/intake-stop")
async def open_intake(request: Request, services: Serving, viewer: Viewing) -> Reply[Intake]:
    """Take reports again."""
    return reply(request, await _turn(services, viewer, "", is_stopped=False))


async def _turn(services: Serving, viewer: Viewing, reason: str, *, is_stopped: bool) -> Intake:
    def turn() -> Intake:
        return turn_intake(services.store.engine, viewer.actor, reason, moments.utc_now(), is_stopped=is_stopped)

    return await to_thread.run_sync(turn)


def _shown(account: Account) -> AccountLine:
    return convert(account, AccountLine, from_attributes=True)
