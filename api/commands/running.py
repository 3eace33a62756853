"""Poller and server side by side in one process, on one loop."""

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress

from api.commands.assembly import assemble
from api.commands.files.child import keep_making
from api.commands.polling import PollOptions
from api.commands.supervision import Supervisor
from api.commands.web_server import make_server
from api.http.listening import bind
from tally.election import Election
from tally.settings import Settings
from tally.storage.schema import WRITES
from tally.storage.store import Store


async def run(settings: Settings, election: Election, options: PollOptions, ready: Callable[[int], None]) -> None:
    """Serve and poll until a signal; `ready` hears the port. A poller that ends is begun again while all is served.

    Raises: PortTaken, InvalidInput, StoreUnavailable, WriterBusy, WrongElection; FeedError at the start, if there is no
    earlier count to show.
    """
    with (
        closing(bind(settings.host, settings.port)) as listener,
        closing(Store.open(settings.database_url, WRITES)) as store,
    ):
        app = assemble(settings, store)
        server = make_server(app, settings.trusted_proxies, is_alone=True)
        supervisor = Supervisor(settings, election, options, lambda _: app.state.services.counts.wake())
        polling = asyncio.create_task(supervisor.run())
        loop = asyncio.get_running_loop()
        server.on_told = lambda: loop.call_soon_threadsafe(polling.cancel)  # both have the same seconds to end
        making = asyncio.create_task(keep_making(settings)) if settings.make_files else None
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        ready(int(listener.getsockname()[1]))
        try:
            await asyncio.wait({polling, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.should_exit = True
            polling.cancel()
            beside = () if making is None else (making,)
            for task in beside:
                task.cancel()
            await _ended(polling, serving, *beside)
        serving.result()
        with suppress(asyncio.CancelledError):
            polling.result()


async def _ended(*tasks: "asyncio.Task[None]") -> None:
    """Return when all of them have ended; whoever cancels this meanwhile wants just that."""
    while not all(task.done() for task in tasks):
        with suppress(asyncio.CancelledError):
            await asyncio.wait(tasks)
