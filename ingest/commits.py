"""Storing the changes of several counts of one database: what waits while one commit is under way goes together next.

A commit is a sync of the archive and one of the database, whatever it holds: thousands of races would queue for them.
"""

import asyncio
from collections.abc import Sequence

import structlog
from msgspec import Struct

from ingest.archive import Archive
from tally import moments
from tally.changes import Change, ChangeSet
from tally.errors import EscrutinioError, StoreUnavailable, ValueRefused
from tally.storage.writer import Writer, append_all

_log = structlog.get_logger()

_RETRY_S = 1.0
_MOST_CHANGES = 5000


class _Pending(Struct, eq=False):
    writer: Writer
    changes: Sequence[Change]
    committed: ChangeSet | None = None
    error: EscrutinioError | None = None

    @property
    def is_done(self) -> bool:
        return self.committed is not None or self.error is not None


class Commits:
    """Of publishers that share an archive and a database. `turn`: whoever holds it is the only one to store."""

    def __init__(self, archive: Archive) -> None:
        self._archive, self.turn = archive, asyncio.Lock()
        self._waiting: list[_Pending] = []

    async def commit(self, writer: Writer, changes: Sequence[Change]) -> ChangeSet:
        """Publish the changes as the count's next version. While the store is away it is tried again.

        Raises: ValueRefused: some change cannot be written, so none of the count was. LeaseLost, ArchiveError.
        """
        own = _Pending(writer, changes)
        self._waiting.append(own)
        while True:
            async with self.turn:
                if not own.is_done:
                    await self._store(self._take())
            if own.error is not None:
                raise own.error
            if own.committed is not None:
                return own.committed

    def _take(self) -> list[_Pending]:
        batch: list[_Pending] = []
        while self._waiting and sum(len(pending.changes) for pending in batch) < _MOST_CHANGES:
            batch.append(self._waiting.pop(0))
        return batch

    async def _store(self, batch: list[_Pending]) -> None:
        try:
            await self._append(batch)
        except ValueRefused as error:
            if len(batch) == 1:
                batch[0].error = error
            else:
                for pending in batch:
                    await self._store([pending])
        except EscrutinioError as error:
            for pending in batch:
                pending.error = error
        finally:  # whoever was cancelled leaves the others' to them
            self._waiting[:0] = [pending for pending in batch if not pending.is_done]

    async def _append(self, batch: list[_Pending]) -> None:
        is_failing = False
        while True:
            try:
                await asyncio.to_thread(self._archive.flush)
                at = moments.write(moments.utc_now())
                if len(batch) == 1:
                    committed = [await asyncio.to_thread(batch[0].writer.append, batch[0].changes, at)]
                else:
                    news = [(pending.writer, pending.changes) for pending in batch]
                    committed = await asyncio.to_thread(append_all, news, at)
            except StoreUnavailable as error:
                if not is_failing:
                    _log.error("cannot store, trying again", detail=str(error))
                is_failing = True
                await asyncio.sleep(_RETRY_S)
            else:
                break
        for pending, changes in zip(batch, committed, strict=True):
            pending.committed = changes
        if is_failing:
            _log.info("storing works again", seq=committed[-1].seq)
