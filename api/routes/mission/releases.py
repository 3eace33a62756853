"""A coordinator lets a held value be published after all; their pseudonym and reason stand beside it."""

from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request

from api.http.answers import Reply, Router, reply
from api.http.bodies import read_json, takes
from api.serving.access import Serving
from api.serving.viewer import Viewing
from mission.people.accounts import stamp
from mission.people.auditlog import Action, record
from mission.thresholds import THRESHOLDS
from mission.transactions import exclusive
from tally import moments
from tally.board import Release
from tally.rules.issues import Issue
from tally.storage.releases import find_held, request_release

router = Router(tags=["mission"])


class _Release(Struct, forbid_unknown_fields=True):
    """Without a contest the election's first is meant."""

    election: Annotated[str, Meta(min_length=1, max_length=100)]
    key: Annotated[str, Meta(min_length=1, max_length=100)]
    reason: Annotated[str, Meta(min_length=1, max_length=THRESHOLDS.reports.longest_decision)]
    contest: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class ReleaseReceipt(Struct, frozen=True):
    """What is released, and the rules for which it was held."""

    key: str
    held: list[Issue]


@router.post("/mission/releases", status_code=202, responses={404: {}}, openapi_extra=takes(_Release))
async def release(request: Request, services: Serving, viewer: Viewing) -> Reply[ReleaseReceipt]:
    """Ask the poller to publish what is held; it does so within seconds."""
    form = await read_json(request, _Release)
    store, count_id = services.store, services.counts.live(form.election, form.contest).info.id
    now = stamp(moments.utc_now())

    def ask() -> list[Issue]:
        held = find_held(store, count_id, form.key)
        request_release(store, count_id, Release(form.key, viewer.pseudonym, form.reason), now)
        with exclusive(store.engine) as connection:
            record(connection, now, viewer.actor, Action.RELEASE_ASKED_FOR, form.key, form.reason)
        return held

    return reply(request, ReleaseReceipt(form.key, await to_thread.run_sync(ask)), status=202)
