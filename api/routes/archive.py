"""The sealed archive's heads: what a witness follows. Nothing here needs the archive itself, so any replica answers."""

from functools import partial
from itertools import pairwise
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import shapes
from api.access import MOST_SEQ, Live, Serving
from api.answers import CURRENT, PAST, UNCACHED, Representation, encoded, pack, respond
from api.archive import describe_head
from tally.errors import NotFound
from tally.store import Head, Store

router = APIRouter(tags=["archive"])
_PAGE = 1000


@router.get("/elections/{election_id}/head", response_model=shapes.HeadShape)
async def read_head(request: Request, live: Live) -> Response:
    """The newest sealed head of the raw archive, with its signed note."""
    if live.info.head is None:
        raise NotFound(f"the archive of {live.election.id} has no sealed head yet")
    return respond(request, encoded(_whole(live.info.head)), UNCACHED)


@router.get("/elections/{election_id}/heads", response_model=shapes.Heads)
async def read_heads(
    request: Request, live: Live, services: Serving, after: Annotated[int, Query(ge=0, le=MOST_SEQ)] = 0
) -> Response:
    """At most 1,000 heads of more than `after` log lines, oldest first; `next` is where to go on, null at the end."""
    newest = live.info.head.size if live.info.head is not None else 0

    def build() -> Representation:
        heads = services.store.heads(live.info.id, after, _PAGE)
        following = heads[-1].size if len(heads) == _PAGE else None
        return pack(msgspec.json.encode({"heads": [_whole(head) for head in heads], "next": following}))

    key = ("heads", live.election.id, live.epoch, newest, after)
    return respond(request, await services.answers.get(key, build), CURRENT)


@router.get("/elections/{election_id}/consistency", response_model=shapes.Consistency)
async def read_consistency(
    request: Request,
    live: Live,
    services: Serving,
    earlier: Annotated[int, Query(alias="from", ge=1, le=MOST_SEQ)],
    later: Annotated[int, Query(alias="to", ge=1, le=MOST_SEQ)],
) -> Response:
    """Proofs (RFC 6962) that each head from one size to another only added to the one before; both must be heads."""
    key = ("consistency", live.election.id, live.epoch, earlier, later)
    build = partial(_prove, services.store, live.info.id, earlier, later)
    return respond(request, await services.answers.get(key, build), PAST)


def _prove(store: Store, count_id: int, earlier: int, later: int) -> Representation:
    first = store.heads(count_id, earlier - 1, 1)
    chain = [head for head in first if head.size == earlier]
    while chain and chain[-1].size < later:
        following = store.heads(count_id, chain[-1].size, _PAGE)
        if not following:
            break
        chain += [head for head in following if head.size <= later] or following[:1]
    is_whole = bool(chain) and chain[-1].size == later
    if not is_whole or any(head.since != before.size for before, head in pairwise(chain)):
        raise NotFound(f"there is no proof from {earlier} to {later} log lines: ask for the sizes of two heads")
    steps = [{"from": head.since, "to": head.size, "root": head.root, "proof": head.proof} for head in chain[1:]]
    return pack(msgspec.json.encode({"from": earlier, "to": later, "steps": steps}))


def _whole(head: Head) -> dict[str, Any]:
    return {**describe_head(head), "note": head.note, "key": head.key}
