"""A whole installation as one value: the facts of its database, and what its replicas and its poller answer."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from shlex import quote

import httpx
import msgspec
from msgspec import Struct
from sqlalchemy import make_url

from api.commands.watching.facts import CountFacts, read_store
from api.commands.watching.words import feed_text
from ingest.proof.notes import key_id
from tally.election import Election
from tally.settings import Settings, disks
from tally.storage.disk import DiskRoom, rooms_of
from tally.storage.store import CountInfo, Store
from texts.issues import sentence
from texts.language import Language

_PATIENCE_S = 2.0


class HoldLine(Struct, frozen=True):
    """A value on hold: since when (ISO UTC), why, and the command that publishes it after all."""

    key: str
    since: str
    reasons: tuple[str, ...]
    release: str


class CountLine(Struct, frozen=True):
    """One count; seconds, and None for what is not known."""

    election: str
    contest: str
    seq: int
    is_test: bool
    reading: str
    feed_state: str
    feed_reason: str
    checked_at: str | None
    lease_left_s: float | None
    sealed_at: str | None
    key: str | None
    holds: tuple[HoldLine, ...]


class Asked(Struct, frozen=True):
    """What a replica or the poller answered at that address: a document, or why there is none."""

    address: str
    answer: dict[str, object] | None
    reason: str | None = None


class Installation(Struct, frozen=True):
    """All of it, at that moment (ISO UTC)."""

    at: str
    version: str
    database: str
    counts: tuple[CountLine, ...]
    clock_offset_s: float | None
    disks: dict[str, DiskRoom]
    replicas: tuple[Asked, ...]
    poller: Asked | None


async def read_installation(
    settings: Settings, elections: Mapping[str, Election], replicas: Iterable[str], words: Language, now: datetime
) -> Installation:
    """Everything, asked for at once; who does not answer within seconds is told as such.

    Raises: StoreUnavailable, InvalidInput.
    """
    async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as http:
        asked = [_ask(http, address, "/readyz") for address in replicas]
        poller = _ask(http, _poller_of(settings), "/healthz") if settings.poller_port else None
        answers = await asyncio.gather(*asked, *([] if poller is None else [poller]))
    with closing(Store.open(settings.database_url)) as store:
        facts = read_store(store, elections, now)
        shown = store.engine.url.render_as_string(hide_password=True)
    return Installation(
        at=now.isoformat(timespec="seconds"),
        version=version("escrutinio"),
        database=shown,
        counts=tuple(_line(one, settings, words) for one in facts.counts),
        clock_offset_s=facts.clock_offset_s,
        disks=rooms_of(disks(settings)),
        replicas=tuple(answers[: len(asked)]),
        poller=None if poller is None else answers[-1],
    )


def _line(one: CountFacts, settings: Settings, words: Language) -> CountLine:
    info, head = one.info, one.info.head
    return CountLine(
        election=info.election_id,
        contest=info.contest_id,
        seq=info.seq,
        is_test=info.is_test,
        reading=one.reading.value,
        feed_state=one.feed.state.value,
        feed_reason=feed_text(one.feed, words),
        checked_at=one.feed.checked_at,
        lease_left_s=one.lease.left_s if one.lease.writer is not None and one.lease.left_s > 0 else None,
        sealed_at=None if head is None else head.at,
        key=None if head is None else key_id(head.key),
        holds=tuple(
            HoldLine(
                hold.key,
                hold.since,
                tuple(sentence(words, msgspec.to_builtins(issue)) for issue in hold.issues),
                release_command(hold.key, info, settings),
            )
            for hold in one.holds
        ),
    )


def release_command(key: str, info: CountInfo, settings: Settings) -> str:
    """The command that publishes a held value, all but who decides it and why; no password stands in it."""
    database = make_url(settings.database_url)
    named = "" if database.password else f" --database {quote(settings.database_url)}"
    count = f" --election {quote(info.election_id)} --contest {quote(info.contest_id)}"
    return f'escrutinio release {quote(key)} --by "…" --reason "…"{named}{count}'


def _poller_of(settings: Settings) -> str:
    host = settings.poller_host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.poller_port}"


async def _ask(http: httpx.AsyncClient, address: str, path: str) -> Asked:
    try:
        answer = await http.get(address.rstrip("/") + path)
        return Asked(address, dict(answer.json()))
    except httpx.HTTPError as error:
        return Asked(address, None, str(error) or type(error).__name__)
    except (ValueError, TypeError):
        return Asked(address, None, "it answers what is no document of ours")
