"""The server that takes them, alone in a process: `python -m bench.responses.servers FOLDER`; it says its port."""

import asyncio
import json
import sys
from pathlib import Path

import uvloop

from api.commands.web_server import make_server
from api.http.listening import bind
from api.main import create_app
from bench.fanout.servers import OPTIONS
from tally.storage.store import Store
from tests.api.country import ELECTION


async def serve(folder: Path) -> None:
    """Serve the store in a folder until the process is ended."""
    app = create_app(Store.open(f"sqlite:///{folder / 'mission.db'}"), {ELECTION.id: ELECTION}, options=OPTIONS)
    listener = bind("127.0.0.1", 0)
    serving = asyncio.ensure_future(make_server(app, is_alone=True).serve(sockets=[listener]))
    services = app.state.services
    while not services.counts.is_ready:
        await asyncio.sleep(0.01)
    sys.stdout.write(f"= {json.dumps(listener.getsockname()[1])}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
