"""Which elections are counted, and how all contests of one of them stand."""

from datetime import date

import msgspec
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request

from api.http.answers import CURRENT, UNCACHED, Reply, Representation, Router, pack, reply, respond
from api.live.contests import ContestTable
from api.serving.access import Serving

router = Router(tags=["elections"])


class ElectionName(Struct, frozen=True):
    """One election, as a list has it."""

    id: str
    name: dict[str, str]
    date: date
    is_test: bool


@router.get("/elections")
async def list_elections(request: Request, services: Serving) -> Reply[list[ElectionName]]:
    """Elections the store has a count of."""
    found = [
        ElectionName(live.election.id, live.election.name, live.election.date, live.info.is_test)
        for live in services.counts.firsts()
    ]
    return reply(request, found, UNCACHED)


@router.get("/elections/{election_id}/contests")
async def read_contests(
    request: Request,
    services: Serving,
    election_id: str,
    ballot: str | None = Query(
        None, description="Only those on the ballot of a district or a mesa: its six digits, or its key."
    ),
) -> Reply[ContestTable]:
    """How every contest of the election stands now, in one row each. Earlier moments are asked of each contest."""
    contests = services.contests.of(election_id)
    await contests.look()
    chosen = None if ballot is None else contests.on_ballot(ballot)
    etag, table = contests.etag, contests.table(chosen)

    def build() -> Representation:
        return pack(msgspec.json.encode(table), etag)

    key = ("contests", election_id, etag, chosen)
    return respond(request, await services.answers.get(key, build), CURRENT)
