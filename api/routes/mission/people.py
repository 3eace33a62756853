"""Coming in and going out: a browser with a password, a device with a code."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.http.errors import AtCapacity
from api.http.visitors import address_of
from api.serving.access import Serving
from api.serving.viewer import COOKIE, Viewing, recognise
from mission.people.accounts import Account
from mission.people.devices import redeem
from mission.people.roles import Role
from mission.people.sessions import ABSOLUTE, Claim, log_in, log_out
from mission.thresholds import THRESHOLDS
from tally import moments

router = Router(tags=["mission"])
_DEVICE = timedelta(days=THRESHOLDS.devices.lasts_days)
# Whoever comes later would wait for more than ten seconds.
_MOST_WAITING = 60


class _SignIn(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class _Redeem(Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(min_length=1, max_length=100)]


class Signed(Struct, frozen=True):
    """Who is signed in, and until when if nothing more is asked."""

    name: str
    role: Role
    pseudonym: str
    expires_at: str


class DeviceToken(Struct, frozen=True):
    """What a device keeps, and how long it is good."""

    token: str
    expires_at: str


@router.post("/mission/session", openapi_extra=takes(_SignIn))
async def sign_in(request: Request, services: Serving) -> Reply[Signed]:
    """A new session; its cookie is not for scripts. An earlier session of this browser ends."""
    form = await read_json(request, _SignIn)
    claim = Claim(form.name, form.password, address_of(request), request.cookies.get(COOKIE))
    passwords, engine = services.mission.passwords, services.store.engine
    if services.hashing.statistics().tasks_waiting >= _MOST_WAITING:
        raise AtCapacity("too many sign in just now; try again in a moment")
    call = partial(log_in, engine, passwords, claim, moments.utc_now())
    token, session = await to_thread.run_sync(call, limiter=services.hashing)
    answer = reply(request, _signed(session.account, session.expires_at))
    _set_cookie(request, answer, token, int(ABSOLUTE.total_seconds()))
    return answer


@router.get("/mission/session", responses={204: {"description": "Nobody is signed in."}})
async def read_session(request: Request, services: Serving) -> Reply[Signed]:
    """Who is signed in; 204 to everybody else, whose mistake it is not."""
    viewer = await recognise(request, services)
    return Reply(status_code=204) if viewer is None else reply(request, _signed(viewer.account, viewer.expires_at))


@router.delete("/mission/session", status_code=204)
async def sign_out(request: Request, services: Serving, viewer: Viewing) -> Response:
    """End the session. A device keeps its token: it has none."""
    if viewer.session is not None:
        await to_thread.run_sync(log_out, services.store.engine, viewer.session, moments.utc_now())
    answer = Response(status_code=204)
    _set_cookie(request, answer, "", 0)
    return answer


@router.post("/mission/devices", status_code=201, openapi_extra=takes(_Redeem))
async def add_device(request: Request, services: Serving) -> Reply[DeviceToken]:
    """A token for a code; the code is used up."""
    form = await read_json(request, _Redeem)
    engine, now = services.store.engine, moments.utc_now()
    ends = services.mission.ends or now + _DEVICE
    token, device = await to_thread.run_sync(redeem, engine, form.code, address_of(request), now, ends)
    return reply(request, DeviceToken(token, device.expires_at), status=201)


def _signed(account: Account, until: str) -> Signed:
    return Signed(account.name, account.role, account.pseudonym, until)


def _set_cookie(request: Request, answer: Response, value: str, seconds: int) -> None:
    is_secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, value, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="strict")
