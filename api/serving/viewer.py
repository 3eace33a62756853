"""Who asks, for what the mission keeps to itself: from a session's cookie or a device's token, never from a header.

`admit` stands before every private route and carries out its rule; a route that wants to know who asks takes a
`Viewing`, and one whose things belong to somebody calls `viewer.check(owner)`.
"""

from typing import Annotated

from anyio import to_thread
from fastapi import Depends
from msgspec import Struct
from starlette.requests import Request

from api.http.origin import is_own_page
from api.http.policy import ANYBODY, MISSION, PICTURES, POLICY, PREFIX, TABLES, AccessRule
from api.serving.access import Services, Serving
from mission.incidents.incident import Member
from mission.people.accounts import Account
from mission.people.auditlog import Actor
from mission.people.devices import find_device
from mission.people.roles import Role
from mission.people.sessions import Session, find_session
from tally import moments
from tally.errors import Forbidden, NotFound, Unidentified

COOKIE = "escrutinio_session"
_SAFE = ("GET", "HEAD")
_JSON = "application/json"
_KINDS = {"picture": "image/", "table": "text/csv"}


class Viewer(Struct, frozen=True):
    """Whoever asks, and the rule under which. `session` is None for a device; `expires_at` is ISO UTC.

    `credential` is the hash of what they came in with.
    """

    account: Account
    rule: AccessRule
    expires_at: str
    credential: str
    session: Session | None = None

    @property
    def id(self) -> int:
        """The account's id."""
        return self.account.id

    @property
    def role(self) -> Role:
        """The account's role."""
        return self.account.role

    @property
    def pseudonym(self) -> str:
        """What others read."""
        return self.account.pseudonym

    @property
    def member(self) -> Member:
        """As the mission's log names whoever asks."""
        return Member(self.account.pseudonym, self.account.role)

    @property
    def actor(self) -> Actor:
        """As the audit log names whoever asks."""
        return Actor(self.account.id, self.account.name)

    @property
    def sees_all(self) -> bool:
        """Whether the route's things of others are there for whoever asks."""
        return self.rule.all_from is None or self.role.covers(self.rule.all_from)

    def check(self, owner: int | None) -> None:
        """Return if the route's rule lets this viewer at a thing of that account (None: nobody's).

        Raises: NotFound: it is somebody else's. Forbidden: it is their own.
        """
        if owner != self.id and not self.sees_all:
            raise NotFound("there is no such thing among your own")
        if owner == self.id and self.rule.is_foreign_only:
            raise Forbidden("this is your own report; somebody else has to judge it")


async def admit(request: Request, services: Serving) -> Viewer | None:
    """Whoever asks, if the rule of the route lets them; None where nobody has to say who they are.

    Raises: Unidentified, Forbidden. StoreUnavailable.
    """
    template = request.scope["route"].path
    path = template if template.startswith(PREFIX) else PREFIX + template
    # What the server answers to a HEAD is its GET.
    rule = POLICY[request.method, path]
    token = _device_token(request)
    if request.method not in _SAFE:
        _check_page(request, has_token=token is not None or path == f"{MISSION}/devices")
        _check_form(request, "picture" if path in PICTURES else "table" if path in TABLES else None)
    if rule.least is None:
        return None
    viewer = await _identify(request, services, rule, token)
    if not viewer.role.covers(rule.least):
        raise Forbidden(f"this needs the role {rule.least.value}; yours is {viewer.role.value}")
    return viewer


async def recognise(request: Request, services: Services) -> Viewer | None:
    """Whoever asks, on a route that lets anybody in; None for those who do not say who they are, or say it wrongly."""
    try:
        return await _identify(request, services, ANYBODY, _device_token(request))
    except Unidentified:
        return None


async def find_viewer(viewer: Annotated[Viewer | None, Depends(admit)]) -> Viewer:
    """Whoever asks, on a route that nobody reaches without saying who they are."""
    if viewer is None:
        raise Unidentified("sign in")
    return viewer


Viewing = Annotated[Viewer, Depends(find_viewer)]


def cookie_name(name: str, services: Services) -> str:
    """A cookie's name here. Over TLS it has the prefix with which browsers take it from this very host alone."""
    return f"__Host-{name}" if services.is_https else name


async def _identify(request: Request, services: Services, rule: AccessRule, token: str | None) -> Viewer:
    engine, now = services.store.engine, moments.utc_now()
    if token is not None:
        device = await to_thread.run_sync(find_device, engine, token, now)
        return Viewer(device.account, rule, device.expires_at, device.hash)
    cookie = request.cookies.get(cookie_name(COOKIE, services))
    if not cookie:
        raise Unidentified("sign in, or send a device's token")
    session = await to_thread.run_sync(find_session, engine, cookie, now)
    return Viewer(session.account, rule, session.expires_at, session.hash, session)


def _device_token(request: Request) -> str | None:
    """The token in `Authorization: Bearer …`. Whoever sends that header means it: a cookie beside it counts nothing."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unidentified("this header must be: Authorization: Bearer, and the device's token")
    return token.strip()


def _check_page(request: Request, *, has_token: bool) -> None:
    """A cookie goes with whatever a browser sends: only our own pages may send it. A token is sent on purpose."""
    origin = request.headers.get("origin")
    if origin is None and has_token:
        return
    if origin is None or not is_own_page(origin, request):
        raise Forbidden("only a page of this server may ask for this; the request must name it in Origin")


def _check_form(request: Request, more: str | None) -> None:
    """A form of any page can be sent anywhere, but not as JSON, as a picture or as a table."""
    headers = request.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON and (more is None or not kind.startswith(_KINDS[more])):
        raise Forbidden(f"send {_JSON}" + ("" if more is None else f" or a {more}"))
