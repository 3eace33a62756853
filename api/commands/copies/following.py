"""Round after round: what changed is copied, at a pace that leaves the processors to those who serve and poll."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import structlog
from msgspec import Struct

from api.commands.copies.copiers import Copiers
from api.commands.copies.documents import Documents
from api.commands.copies.replicas import Replicas
from tally.errors import StoreUnavailable
from tally.moments import utc_now

# The newest version is asked for so often; the manifest is written as often while there is something to say.
_LOOK_S = 2.0
# Of the time that passes it works so much; what a replica spends on its questions counts as its own.
_SHARE = 0.25

_log = structlog.get_logger(__name__)


class Order(Struct, frozen=True):
    """What to copy: from which replicas, which election, into which folder, and whether once is enough."""

    replicas: Sequence[str]
    election_id: str
    folder: Path
    home: str
    is_once: bool


def follow(
    order: Order,
    *,
    share: float = _SHARE,
    rest: Callable[[float], object] = time.sleep,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Copy until interrupted; once: until everything stands there.

    Raises: StoreUnavailable: everything was to be copied once, and no replica answers.
    """
    with closing(Replicas(order.replicas)) as replicas:
        copier = Copiers(replicas, Documents(replicas.read, order.election_id, now, order.home), order.folder)
        is_away = False
        while True:
            try:
                is_done = _round(copier, share, rest, now)
            except (ConnectionError, LookupError) as error:
                if order.is_once:
                    raise StoreUnavailable(f"nothing can be copied: {error}") from error
                if not is_away:
                    _log.warning("no replica answers; the copies stay as they are", reason=str(error))
                is_away = True
            else:
                if is_away:
                    _log.info("a replica answers again")
                is_away = False
                if order.is_once and copier.is_whole:
                    return
                if not is_done:
                    continue
            rest(_LOOK_S)


def _round(copier: Copiers, share: float, rest: Callable[[float], object], now: Callable[[], datetime]) -> bool:
    """Look what is due, and copy it until it is time to look again. Returns: whether all is done for now."""
    looked = began = time.monotonic()
    copier.look(looked)
    written, is_rested = 0, True
    try:
        while copier.write_next(began):
            written += 1
            rest((time.monotonic() - began) * (1 / share - 1))
            began = time.monotonic()
            if began - looked > _LOOK_S:
                is_rested = False
                break
    finally:
        if written:
            copier.write_manifests(now())
    return is_rested
