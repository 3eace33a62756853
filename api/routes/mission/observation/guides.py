"""The mission's own documents, for whoever observes."""

from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.serving.access import Serving
from api.serving.viewer import Viewing
from mission.guides.library import Guide
from mission.people.roles import Role
from tally.errors import NotFound

router = Router(tags=["mission"])


class GuideLine(Struct, frozen=True):
    """A guide's title by language; `digest` is another when anything in it is."""

    name: str
    digest: str
    titles: Mapping[str, str]


class GuideList(Struct, frozen=True):
    """All guides, and for coordinators what is wrong with the files that are none."""

    guides: list[GuideLine]
    faults: tuple[str, ...]


@router.get("/mission/guides")
async def list_guides(request: Request, services: Serving, viewer: Viewing) -> Reply[GuideList]:
    """What there is to read."""
    known = services.mission.guides
    lines = [
        GuideLine(one.name, one.digest, {language: document.title for language, document in one.documents.items()})
        for one in known.guides.values()
    ]
    faults = known.faults if viewer.role.covers(Role.COORDINATOR) else ()
    return reply(request, GuideList(lines, faults))


@router.get("/mission/guides/{name}")
async def read_guide(request: Request, services: Serving, name: str) -> Reply[Guide]:
    """One guide in its languages, as a tree of elements."""
    guide = services.mission.guides.guides.get(name)
    if guide is None:
        raise NotFound(f"there is no guide {name[:40]!r}")
    return reply(request, guide)
