"""Coming in and going out: a browser with a password, a device with a code."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from api import mission_shapes
from api.access import Serving
from api.answers import encoded, respond
from api.bodies import read_json, takes
from api.errors import AtCapacity
from api.hub import address_of
from api.viewer import COOKIE, Viewing, recognise
from mission.devices import redeem
from mission.sessions import ABSOLUTE, Claim, Session, log_in, log_out
from tally import moments

router = APIRouter(tags=["mission"])
_DEVICE = timedelta(days=30)
# Whoever comes later would wait for more than ten seconds.
_MOST_WAITING = 60


class _SignIn(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class _Redeem(Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(min_length=1, max_length=100)]


@router.post("/mission/session", response_model=mission_shapes.Signed, openapi_extra=takes(_SignIn))
async def sign_in(request: Request, services: Serving) -> Response:
    """A new session; its cookie is not for scripts. An earlier session of this browser ends."""
    form = await read_json(request, _SignIn)
    claim = Claim(form.name, form.password, address_of(request), request.cookies.get(COOKIE))
    passwords, engine = services.mission.passwords, services.store.engine
    if services.hashing.statistics().tasks_waiting >= _MOST_WAITING:
        raise AtCapacity("too many sign in just now; try again in a moment")
    call = partial(log_in, engine, passwords, claim, moments.utc_now())
    token, session = await to_thread.run_sync(call, limiter=services.hashing)
    answer = respond(request, encoded(_signed(session)))
    _set_cookie(request, answer, token, int(ABSOLUTE.total_seconds()))
    return answer


@router.get(
    "/mission/session", response_model=mission_shapes.Signed, responses={204: {"description": "Nobody is signed in."}}
)
async def read_session(request: Request, services: Serving) -> Response:
    """Who is signed in, and until when if nothing more is asked; 204 to everybody else, whose mistake it is not."""
    viewer = await recognise(request, services)
    if viewer is None:
        return Response(status_code=204)
    account = viewer.account
    signed = {
        "name": account.name,
        "role": viewer.role,
        "pseudonym": viewer.pseudonym,
        "expires_at": viewer.expires_at,
    }
    return respond(request, encoded(signed))


@router.delete("/mission/session", status_code=204)
async def sign_out(request: Request, services: Serving, viewer: Viewing) -> Response:
    """End the session. A device keeps its token: it has none."""
    if viewer.session is not None:
        await to_thread.run_sync(log_out, services.store.engine, viewer.session, moments.utc_now())
    answer = Response(status_code=204)
    _set_cookie(request, answer, "", 0)
    return answer


@router.post(
    "/mission/devices", status_code=201, response_model=mission_shapes.DeviceToken, openapi_extra=takes(_Redeem)
)
async def add_device(request: Request, services: Serving) -> Response:
    """A token for a code; the code is used up."""
    form = await read_json(request, _Redeem)
    engine, now = services.store.engine, moments.utc_now()
    ends = services.mission.ends or now + _DEVICE
    token, device = await to_thread.run_sync(redeem, engine, form.code, address_of(request), now, ends)
    return respond(request, encoded({"token": token, "expires_at": device.expires_at}), status=201)


def _signed(session: Session) -> dict[str, str]:
    account = session.account
    return {
        "name": account.name,
        "role": account.role,
        "pseudonym": account.pseudonym,
        "expires_at": session.expires_at,
    }


def _set_cookie(request: Request, answer: Response, value: str, seconds: int) -> None:
    is_secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, value, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="strict")
