"""One replica over the log of a whole night, as strangers ask it: `python -m bench.fanout.standing URL`.

Commands come as lines of JSON on stdin, answers to stdout behind "= "; the first line out is the port.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from functools import partial
from typing import Any

import uvloop

from api.commands.web_server import make_server
from api.http.listening import bind
from api.main import create_app
from api.options import ServeOptions
from bench.country import newest_election
from dashboard.app import build
from geo.boundaries import load_geometry
from tally import moments
from tally.changes import Change, ChangeSet, Kind
from tally.keys import NATION
from tally.storage.store import Store

_OPTIONS = ServeOptions(poll_s=3600, heartbeat_s=3600, sockets_per_address=100_000)


class Standing:
    """The replica. `longest` is the loop's: what its thread worked in one go, CPU seconds, since it was last asked."""

    def __init__(self, url: str) -> None:
        self._url, self._longest = url, 0.0

    async def start(self) -> int:
        """Serve; the port."""
        election = newest_election()
        self._store = Store.open(self._url)
        elections = {election.id: election}
        app = create_app(self._store, elections, geometry=load_geometry(), dashboard=build, options=_OPTIONS)
        listener = bind("127.0.0.1", 0)
        server = make_server(app, is_alone=True, ws_ping_interval=None)
        self._tasks = [asyncio.ensure_future(server.serve(sockets=[listener])), asyncio.ensure_future(self._watch())]
        counts = app.state.services.counts
        while not (server.started and counts.is_ready):
            await asyncio.sleep(0.01)
        self.live = counts.all()[0]
        return int(listener.getsockname()[1])

    async def cpu(self) -> float:
        """CPU seconds of this process."""
        return time.process_time()

    async def longest(self) -> float:
        """See above."""
        found, self._longest = self._longest, 0.0
        return found

    async def memory(self) -> int:
        """Bytes of this process."""
        return _rss()

    async def second(self) -> int:
        """Bytes that one more count of that size takes."""
        from api.live.count import LiveCount, load

        before = _rss()
        self._more = LiveCount(newest_election(), await asyncio.to_thread(load, self._store, self.live.info), _OPTIONS)
        return _rss() - before

    async def push(self, size: int = 0) -> dict[str, Any]:
        """One change for everybody: the nation, as it is, once more; when that began."""
        began, live = time.monotonic(), self.live
        entry = live.view.entries[NATION]
        change = Change(NATION, Kind.UPDATE, entry.change.data, entry.change.src)
        seq = live.seq
        live.advance([ChangeSet(seq + 1, moments.write(moments.utc_now()), (change,))])
        frame = live.delta((NATION,), seq, seq)
        assert frame is not None
        return {"at": began, "bytes": len(frame.plain)}

    async def _watch(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            self._longest = max(self._longest, time.thread_time() - before)
            await asyncio.sleep(0.001)


def _rss() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _main(url: str) -> None:
    standing = Standing(url)
    say = partial(print, flush=True)
    say(f"= {await standing.start()}")
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command = json.loads(line)
        say(f"= {json.dumps(await getattr(standing, command.pop('do'))(**command))}")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, suppress(KeyboardInterrupt):
        runner.run(_main(sys.argv[1]))
        os._exit(0)  # nobody waits for a goodbye
