"""What readers are told of the feed of each contest, and the leases of all: one transaction, with what is new."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from ingest.publisher import Publisher
from tally.errors import StoreUnavailable
from tally.storage.releases import open_requests
from tally.storage.store import FeedStatus
from tally.storage.writer import report_all

_log = structlog.get_logger()


class Reports:
    """Of publishers of one database, which store one at a time."""

    def __init__(self, publishers: Sequence[Publisher]) -> None:
        self._publishers = publishers
        self._told: list[FeedStatus | None] = [None] * len(publishers)
        self._of_count = {publisher.writer.info.id: publisher for publisher in publishers}

    async def tell(self) -> None:
        """Tell readers how the feeds are, and keep the leases.

        Raises: LeaseLost.
        """
        said = [publisher.status() for publisher in self._publishers]
        news = [
            (publisher.writer, status)
            for publisher, status, told in zip(self._publishers, said, self._told, strict=True)
            if status != told
        ]
        first = self._publishers[0]
        try:
            async with first.commits.turn:
                await asyncio.to_thread(report_all, [publisher.writer for publisher in self._publishers], news)
        except StoreUnavailable as error:
            _log.warning("cannot report the feed's state", detail=str(error))
        else:
            self._told = list(said)

    async def carry_out_releases(self) -> None:
        """Publish held values that a person has released; they are looked for again if that fails."""
        with suppress(StoreUnavailable):
            for request in await asyncio.to_thread(open_requests, self._publishers[0].writer.store):
                publisher = self._of_count.get(request.count_id)
                if publisher is not None:
                    await publisher.carry_out(request)
