"""Proofs of single numbers, where the archive is on this machine: one at a time, behind whatever is shown now."""

from functools import partial
from pathlib import Path

from api.http.answers import Representation, pack
from api.http.making import Makings, size_of
from api.http.visitors import visitor_address
from api.http.workers import Workers
from api.live.count import LiveCount
from api.story.past import Version
from api.tables.rows import select_keys, topics_of_rows
from ingest.proof.bundles.bundle import Proven, Prover
from ingest.proof.bundles.claim import parts_level
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.registry import make_feed
from tally.errors import ArchiveError, NotFound
from tally.keys import NATION
from tally.storage.store import Store
from tally.topics import DISTRICTS

# A proof takes a tenth of a second, and a second or two where the log has to be read first.
_WAITING, _KEPT_BYTES = 16, 4_000_000


class Proofs:
    """Makes bundles of numbers out of one archive; `archive` None: there is none here."""

    def __init__(self, store: Store, archive: Path | None) -> None:
        self._store = store
        self._log = None if archive is None else SealedLog(archive)
        self._workers = Workers(1, _WAITING, is_last=True)
        self._makings = Makings[Representation](self._workers, _KEPT_BYTES, size_of)
        # By count and epoch how many lines were sealed, and which version was the newest of them.
        self._sealed = dict[tuple[int, str], tuple[int, int]]()

    @property
    def is_here(self) -> bool:
        """Whether an archive is; a poller on the same machine may make it any time."""
        return self._log is not None and (self._log.folder / "log").is_dir()

    async def prove(self, live: LiveCount, key: str, version: Version) -> Representation:
        """The bundle of a key of that count, of what it said at that version; now: at the newest that is sealed.

        Raises: NotFound: no such key, no archive here, not sealed yet, or not proved. AtCapacity, StoreUnavailable.
        """
        log = self._log
        if log is None or not self.is_here:
            raise NotFound("this server has no archive to prove numbers from: ask the one that follows the source")
        if key not in live.view.entries:
            raise NotFound(f"there is no {key[:60]!r} in this count")
        key = live.contest.whole if live.contest.is_whole(key) else key
        prover = Prover(log, make_feed(live.election, live.contest), live.contest, live.info)
        level, seq = parts_level(key), version.seq
        if not version.is_past:
            sealed = await self._workers.run(partial(self._sealed_version, prover, log, live), visitor_address())
            seq = min(seq, sealed)
        etag = f"{live.epoch}-{seq}"
        topics = [] if level is None else topics_of_rows(live.view, level, key) or []
        view = live.view.frozen([NATION, DISTRICTS, *topics])

        def make() -> Representation:
            below = () if level is None else select_keys(view, level, key)
            history = self._store.histories(live.info.id, [key], until=seq)
            if not history and seq != version.seq:
                raise prover.unsealed(key)
            parts = [view.entries[one] for one in below]
            if seq != view.seq:
                parts = self._store.latest_of(live.info.id, below, seq)
            try:
                return pack(prover.prove(Proven(key, history, parts)), etag)
            except ArchiveError as error:
                raise NotFound(f"{key} cannot be proved here: {error}") from error

        return await self._makings.get((live.info.id, etag, key), make)

    def _sealed_version(self, prover: Prover, log: SealedLog, live: LiveCount) -> int:
        """The newest version that is sealed, looked for once a head. Raises: NotFound: the archive cannot be read."""
        try:
            name, size = (live.info.id, live.epoch), log.sealed()
            known = self._sealed.get(name)
            if known is None or known[0] != size:
                known = self._sealed[name] = size, prover.sealed_version()
        except ArchiveError as error:
            raise NotFound(f"nothing can be proved here: {error}") from error
        return known[1]
