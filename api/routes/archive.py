"""The sealed archive's heads: what a witness follows. Nothing here needs the archive itself, so any replica answers."""

from functools import partial
from itertools import pairwise
from typing import Annotated

import msgspec
from fastapi import Query
from msgspec import Struct, field
from starlette.requests import Request

from api.http.answers import CURRENT, PAST, UNCACHED, Reply, Representation, Router, pack, reply, respond
from api.routes.asked import AtQuery
from api.serving.access import MOST_SEQ, Live, Serving
from api.tables.archive import SealedHead, describe_seal
from tally.errors import NotFound
from tally.storage.store import Store

router = Router(tags=["archive"])
_PAGE = 1000


class Heads(Struct, frozen=True):
    """Oldest first; `next` is the size to go on from, None at the end."""

    heads: list[SealedHead]
    next: int | None


class ProofStep(Struct, frozen=True):
    """That the tree of one head begins with that of the one before; `proof` is base64."""

    start: int = field(name="from")
    to: int
    root: str
    proof: tuple[str, ...]


class Consistency(Struct, frozen=True):
    """A step for each head between two sizes, none between a size and itself."""

    start: int = field(name="from")
    to: int
    steps: list[ProofStep]


class ProvenLine(Struct, frozen=True):
    """A line of the archive's log, its number from 0 on, and its path (base64) to the root of the head."""

    line: str
    index: int
    path: tuple[str, ...]


class ProvenAnswer(ProvenLine, frozen=True):
    """What the source answered (`body`: zlib, base64), and where each figure stands in it.

    `row`: a JSON pointer, below which each figure has its own, its field, and the fields that name its row.
    """

    body: str
    row: str
    named: dict[str, str | int]
    figures: dict[str, tuple[str, str, dict[str, str | int]]]


class ProvenSum(Struct, frozen=True):
    """Our own sum, and what it is made of: a key and its numbers in the order of the columns."""

    columns: list[str]
    figures: dict[str, int]
    parts: list[list[str | int]]


class ProofBundle(Struct, frozen=True):
    """One number with all that proves it; docs/archive.md says what that is."""

    proof: int
    key: str
    figures: dict[str, str | int | None]
    left_out: list[str]
    sources: list[ProvenAnswer]
    mark: ProvenLine
    head: str
    public_key: str
    sum: ProvenSum | None
    sha256: str


@router.get("/proof", responses={404: {}})
async def read_proof(
    request: Request,
    live: Live,
    services: Serving,
    key: Annotated[str, Query(description="mesa/000001")],
    at: AtQuery = None,
) -> Reply[ProofBundle]:
    """Everything that proves a number: the source's answer, its log line, and the head that seals it.

    Without `at` it is the number of the newest version that is sealed: heads follow every few minutes.
    Only where the archive's folder is; 404 says in a sentence why there is none. `prove.py` checks it.
    """
    version = await services.past.version(live, at)
    return respond(request, await services.proofs.prove(live, key, version), version.cache)


@router.get("/head")
async def read_head(request: Request, live: Live) -> Reply[SealedHead]:
    """The newest sealed head of the raw archive, with its signed note."""
    if live.info.head is None:
        raise NotFound(f"the archive of {live.name} has no sealed head yet")
    return reply(request, describe_seal(live.info.head), UNCACHED)


@router.get("/heads")
async def read_heads(
    request: Request, live: Live, services: Serving, after: Annotated[int, Query(ge=0, le=MOST_SEQ)] = 0
) -> Reply[Heads]:
    """At most 1,000 heads of more than `after` log lines, oldest first; `next` is where to go on, null at the end."""
    newest = live.info.head.size if live.info.head is not None else 0

    def build() -> Representation:
        heads = services.store.heads(live.info.id, after, _PAGE)
        following = heads[-1].size if len(heads) == _PAGE else None
        return pack(msgspec.json.encode(Heads([describe_seal(head) for head in heads], following)))

    key = ("heads", live.info.id, live.epoch, newest, after)
    return respond(request, await services.answers.read(key, build), CURRENT)


@router.get("/consistency")
async def read_consistency(
    request: Request,
    live: Live,
    services: Serving,
    earlier: Annotated[int, Query(alias="from", ge=1, le=MOST_SEQ)],
    later: Annotated[int, Query(alias="to", ge=1, le=MOST_SEQ)],
) -> Reply[Consistency]:
    """Proofs (RFC 6962) that each head from one size to another only added to the one before; both must be heads."""
    key = ("consistency", live.info.id, live.epoch, earlier, later)
    build = partial(_prove, services.store, live.info.id, earlier, later)
    return respond(request, await services.answers.read(key, build), PAST)


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
    steps = [ProofStep(head.since, head.size, head.root, head.proof) for head in chain[1:]]
    return pack(msgspec.json.encode(Consistency(earlier, later, steps)))
