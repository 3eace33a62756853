"""Setting aside all that a device has reported, at one press, and taking it back at another."""

from typing import Annotated

from anyio import to_thread
from fastapi import Path as InPath
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.mission.case import Case
from api.serving.access import GivenCase
from api.serving.viewer import Viewer, Viewing
from mission.setting_aside import set_aside
from tally import moments

router = Router(tags=["mission"])
_Observer = Annotated[str, InPath(alias="name", max_length=100, description="The observer's pseudonym.")]


class Quarantine(Struct, frozen=True):
    """Whether an observer's reports are set aside, and how many they are."""

    observer: str
    is_quarantined: bool
    reports: int


@router.post("/mission/observers/{name}/quarantine", responses={404: {}})
async def quarantine(request: Request, case: GivenCase, viewer: Viewing, observer: _Observer) -> Reply[Quarantine]:
    """Set aside an observer's reports, those to come too: they are marked, count nowhere and go from the public."""
    return reply(request, await _turn(case, viewer, observer, is_quarantined=True))


@router.delete("/mission/observers/{name}/quarantine", responses={404: {}})
async def restore(request: Request, case: GivenCase, viewer: Viewing, observer: _Observer) -> Reply[Quarantine]:
    """Let the reports of an observer count again."""
    return reply(request, await _turn(case, viewer, observer, is_quarantined=False))


async def _turn(case: Case, viewer: Viewer, observer: str, *, is_quarantined: bool) -> Quarantine:
    def turn() -> Quarantine:
        now = moments.utc_now()
        book = set_aside(case.casebook, viewer.member, observer, now, is_quarantined=is_quarantined)
        reports = sum(incident.reporters[0] == observer for incident in book.incidents.values())
        return Quarantine(observer, is_quarantined, reports)

    return await to_thread.run_sync(turn)
