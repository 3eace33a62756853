"""What observers are asked: the forms that are offered, and every version of one."""

import hashlib

import msgspec
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import UNCACHED, Reply, Router, reply
from api.serving.access import Serving
from mission.forms.library import offered
from mission.forms.model import Form
from mission.people.accounts import stamp
from tally import moments
from tally.errors import NotFound

router = Router(tags=["mission"])


class FormList(Struct, frozen=True):
    """The newest version of each form that is offered, in the order of the day."""

    forms: list[Form]
    as_of: str


class FormVersions(Struct, frozen=True):
    """Every version of a form, the newest last."""

    id: str
    versions: tuple[Form, ...]


@router.get("/mission/forms")
async def read_forms(request: Request, services: Serving) -> Reply[FormList]:
    """The forms that are offered: what a phone keeps, to ask it where there is no network."""
    forms = offered(services.forms)
    return reply(request, FormList(forms, stamp(moments.utc_now())), UNCACHED, etag=_etag(forms))


@router.get("/mission/forms/{form}")
async def read_form(request: Request, services: Serving, form: str) -> Reply[FormVersions]:
    """Every version of a form: answers are read by the one that they are to."""
    versions = services.forms.get(form)
    if versions is None:
        raise NotFound(f"no form is called {form[:40]!r}")
    return reply(request, FormVersions(form, versions), UNCACHED, etag=_etag(versions))


def _etag(forms: object) -> str:
    return hashlib.sha256(msgspec.json.encode(forms)).hexdigest()[:16]
