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
from api.http.visitors import address_of
from api.serving.access import Services, Serving
from api.serving.viewer import COOKIE, Viewing, cookie_name, recognise
from mission.people.accounts import Account
from mission.people.devices import redeem
from mission.people.roles import Role
from mission.people.sessions import ABSOLUTE, Claim, check_throttle, log_in, log_out
from mission.people.tokens import new_token
from mission.thresholds import THRESHOLDS
from tally import moments

router = Router(tags=["mission"])
_DEVICE = timedelta(days=THRESHOLDS.devices.lasts_days)
_KNOWN = timedelta(days=THRESHOLDS.attempts.known_days)
# Lets nobody in: whoever has it waits in no line with strangers, and is not locked out by them.
_BROWSER = "escrutinio_browser"


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
    mission, door, engine = services.mission, services.door, services.store.engine
    browser = _known_as(request, services)
    origin = mission.origins.origin(address_of(request), browser)
    claim = Claim(form.name, form.password, origin, request.cookies.get(cookie_name(COOKIE, services)))
    check = partial(check_throttle, engine, mission.origins, claim, moments.utc_now())
    standing = await to_thread.run_sync(check, limiter=door.checking)
    call = partial(log_in, engine, mission.passwords, mission.origins, claim, moments.utc_now())
    token, session = await (door.hash(call) if standing.is_known else door.hash_for_stranger(origin.address, call))
    answer = reply(request, _signed(session.account, session.expires_at))
    _set_cookie(request, services, answer, COOKIE, token, ABSOLUTE)
    _set_cookie(request, services, answer, _BROWSER, browser, _KNOWN)
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
    _set_cookie(request, services, answer, COOKIE, "", timedelta(0))
    return answer


@router.post("/mission/devices", status_code=201, openapi_extra=takes(_Redeem))
async def add_device(request: Request, services: Serving) -> Reply[DeviceToken]:
    """A token for a code; the code is used up."""
    form = await read_json(request, _Redeem)
    engine, now = services.store.engine, moments.utc_now()
    ends = services.mission.ends or now + _DEVICE
    call = partial(redeem, engine, form.code, services.mission.origins.origin(address_of(request)), now, ends)
    token, device = await to_thread.run_sync(call, limiter=services.door.checking)
    return reply(request, DeviceToken(token, device.expires_at), status=201)


def _signed(account: Account, until: str) -> Signed:
    return Signed(account.name, account.role, account.pseudonym, until)


def _known_as(request: Request, services: Services) -> str:
    """What this browser was given when somebody came in with it; something new if it was not."""
    given, fresh = request.cookies.get(cookie_name(_BROWSER, services), ""), new_token()
    return given if len(given) == len(fresh) else fresh


def _set_cookie(
    request: Request, services: Services, answer: Response, name: str, value: str, lasts: timedelta
) -> None:
    answer.set_cookie(
        cookie_name(name, services),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        # Where TLS ends at a proxy before ours, only the operator can say that browsers reach us over it.
        secure=services.is_https or request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
