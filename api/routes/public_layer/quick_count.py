"""The mission's quick count as far as it is public: after two people have published it, and never a mesa of it."""

import time

import msgspec
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import Reply, Representation, Router, pack, respond
from api.routes.asked import AtQuery
from api.serving.access import Live, Serving
from mission.people.accounts import stamp
from mission.quickcount.publication import PublicationStanding, PublicQuickCount, published_at
from tally import moments
from tally.changes import digest
from tally.errors import NotFound

router = Router(tags=["quick count"])
# The mission's log is asked no more often, whoever asks us.
_KEPT_S = 2


class PublishedQuickCount(Struct, frozen=True):
    """The quick count of the mission, which is not the official count. figures: null once it was taken back (`reason`).

    is_lead_told: the interval of the lead leaves no doubt of who leads. is_test: a rehearsal, in which every copy is
    invented.
    """

    is_test: bool
    published_at: str | None
    figures: PublicQuickCount | None
    is_lead_told: bool | None
    taken_back_at: str | None
    reason: str | None


@router.get("/quick-count", responses={404: {}})
async def read_published(
    request: Request, live: Live, services: Serving, at: AtQuery = None
) -> Reply[PublishedQuickCount]:
    """What is public of the mission's quick count, or was at a moment; 404 while nothing is."""
    version = await services.past.version(live, at)
    moment = None if at is None else stamp(moments.read(at))
    journal, is_test = services.casework.quick_counts.of(live.election.id), live.info.is_test

    def build() -> Representation:
        # It is of the contest that the mission observes.
        counts = journal.read().counts.values() if live is services.counts.live(live.election.id) else ()
        body = msgspec.json.encode(_tell(published_at([count.steps for count in counts], moment), is_test=is_test))
        return pack(body, digest(body))

    key = ("quick count", live.info.id, is_test, moment, int(time.monotonic() // _KEPT_S))
    return respond(request, await services.answers.read(key, build), version.cache)


def _tell(standing: PublicationStanding, *, is_test: bool) -> PublishedQuickCount:
    shown, confirmed, withdrawn = standing.shown, standing.confirmed, standing.withdrawn
    if shown is not None and confirmed is not None and shown.public is not None:
        lead = shown.public.lead
        is_told = lead is not None and lead.is_told
        return PublishedQuickCount(is_test, confirmed.at, shown.public, is_told, None, None)
    if withdrawn is None:
        raise NotFound("no quick count is public")
    return PublishedQuickCount(is_test, None, None, None, withdrawn.at, withdrawn.reason)
