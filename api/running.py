"""Poller and server side by side in one process, on one loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import msgspec
import structlog

from api.assembly import assemble
from api.polling import PollOptions, make_budget, open_poller
from api.serve import bind, make_server
from tally.changes import ChangeSet
from tally.election import Election
from tally.errors import ArchiveError, FeedError, NotFound, StoreUnavailable
from tally.schema import WRITES
from tally.settings import Settings
from tally.store import Store

_log = structlog.get_logger()

_AGAIN_S = 15.0


async def run(settings: Settings, election: Election, options: PollOptions, ready: Callable[[int], None]) -> None:
    """Serve and poll until a signal; `ready` hears the port.

    Raises: PortTaken, InvalidInput, StoreUnavailable; FeedError at the start, if there is no earlier count to show;
    LeaseLost, CountInconsistent: publishing must stop, so everything stops.
    """
    listener = bind(settings.host, settings.port)
    try:
        store = Store.open(settings.database_url, WRITES)
        try:
            app = assemble(settings, store)
            server = make_server(app, settings.trusted_proxies, is_alone=True)
            polling = asyncio.create_task(
                _poll(settings, election, options, lambda _: app.state.services.counts.wake())
            )
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            ready(int(listener.getsockname()[1]))
            await asyncio.wait({polling, serving}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            polling.cancel()
            await serving
            with suppress(asyncio.CancelledError):
                await polling
        finally:
            store.close()
    finally:
        listener.close()


async def _poll(
    settings: Settings, election: Election, options: PollOptions, announce: Callable[[ChangeSet], None]
) -> None:
    """Poll for good. What the poller needs and cannot reach is an error only while there is nothing to show."""
    has_something = _has_count(settings, election)
    # One budget for good: a source that refused is left alone by the next poller too.
    options = msgspec.structs.replace(options, budget=options.budget or make_budget(election, options))
    while True:
        try:
            async with open_poller(settings, election, options, announce) as poller:
                has_something = True
                await poller.run()
        except (FeedError, ArchiveError, StoreUnavailable) as error:
            if not has_something:
                raise
            _log.warning("polling stopped, trying again", detail=str(error), seconds=_AGAIN_S)
        await asyncio.sleep(_AGAIN_S)


def _has_count(settings: Settings, election: Election) -> bool:
    store = Store.open(settings.database_url)
    try:
        return store.info(election.id).seq > 0
    except NotFound:
        return False
    finally:
        store.close()
