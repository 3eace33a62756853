"""The drill of a restore in mid-count: many sockets follow through nginx, and each number they hold is looked up."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from threading import Thread

from msgspec import Struct
from websockets.asyncio.client import connect

from api.commands.backups.backup import backup
from api.commands.backups.restore import restore
from api.live.client import PROTOCOL, Replica
from tally.changes import digest, snapshot
from tally.storage.store import Store
from tests.api.live.replicas import BASE, ELECTION, Replicas
from tests.waiting import wait_until

TOPICS = ("nation", "provinces", "districts")
# Fewer than one address may hold open.
_AN_ADDRESS = 15
_AHEAD = 3


class Held(Struct, frozen=True):
    """What a client held after a message: a version of a history, and the hash of its state. `at`: when, monotonic."""

    epoch: str
    seq: int
    hash: str
    at: float


class Restored(Struct, frozen=True):
    """How a restore went for those who followed.

    `held` is how many states were looked up, `foreign` those that are no version of the history they claim to be of;
    `lost` clients whose socket ended. Seconds: from the command's end until the last client held the history restored.
    """

    sockets: int
    held: int
    foreign: int
    lost: int
    taken_back: int
    command_s: float
    back_s: float


class Audience:
    """Sockets that follow the count, and what each has held."""

    def __init__(self, address: str, number: int) -> None:
        self.held: list[list[Held]] = [[] for _ in range(number)]
        self.lost = 0
        self._address, self._over = address, asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def run(self) -> None:
        """Follow until told to end."""
        asyncio.run(self._follow_all())

    def end(self) -> None:
        """Tell it so."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def _follow_all(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._follow(n)) for n in range(len(self.held))]
        await self._over.wait()
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        self.lost = sum(not isinstance(end, asyncio.CancelledError) for end in ends)

    async def _follow(self, n: int) -> None:
        replica = Replica(TOPICS)
        url, local = f"ws://{self._address}{BASE}/live", (f"127.0.1.{1 + n // _AN_ADDRESS}", 0)
        async with connect(url, subprotocols=[PROTOCOL], proxy=None, local_addr=local) as socket:
            await socket.send(json.dumps({"t": "sub", "topics": TOPICS}))
            async for text in socket:
                message = json.loads(text)
                replica.take(message)
                assert replica.asks is None, message
                if message["t"] in ("snap", "delta") and replica.epoch is not None:
                    self.held[n].append(Held(replica.epoch, replica.seq, replica.hash, time.monotonic()))

    def is_at(self, epoch: str, seq: int) -> bool:
        """Whether everybody holds that version of that history, or a later one.

        Raises: what ended a socket, which would be waited for in vain.
        """
        for task in self._tasks:
            if task.done():
                task.result()
        return all(one and one[-1].epoch == epoch and one[-1].seq >= seq for one in self.held)


@contextmanager
def audience(address: str, number: int) -> Iterator[Audience]:
    """That many sockets, for as long as the block lasts."""
    made = Audience(address, number)
    thread = Thread(target=made.run)
    thread.start()
    try:
        yield made
    finally:
        made.end()
        thread.join()


def restore_in_mid_count(stack: Replicas, sockets: int) -> Restored:
    """A backup while the poller works, versions after it, the restore, and the count going on."""
    folder = stack.folder
    place = {"database": stack.cluster.url, "archive": folder / "archive", "photos": folder / "photos"}
    kept = folder / f"kept-{time.monotonic_ns()}"
    with closing(Store.open(stack.cluster.url)) as store:
        with audience(stack.address, sockets) as clients:
            former = store.info(ELECTION.id)
            wait_until(lambda: clients.is_at(former.epoch, former.seq))
            backup(kept, **place, no_archive=False)
            saved = store.info(ELECTION.id).seq
            wait_until(lambda: clients.is_at(former.epoch, saved + _AHEAD))
            assert stack.poller.stop() == 0
            reached = store.info(ELECTION.id).seq
            wait_until(lambda: clients.is_at(former.epoch, reached))
            logged = _hashes(store, former.epoch, clients)
            began = time.monotonic()
            restore(kept, **place, identity=None, check=False)
            ended = time.monotonic()
            present = store.info(ELECTION.id)
            wait_until(lambda: clients.is_at(present.epoch, present.seq))
            stack.poller.start()
            wait_until(lambda: clients.is_at(present.epoch, present.seq + _AHEAD))
        # Nobody is told anything any more: whatever they hold is looked up.
        logged |= _hashes(store, present.epoch, clients)
    held = [one for each in clients.held for one in each]
    first = [next(one.at for one in each if one.epoch == present.epoch) for each in clients.held]
    return Restored(
        sockets,
        len(held),
        sum(logged.get((one.epoch, one.seq)) != one.hash for one in held)
        + sum(_returns(each) for each in clients.held),
        clients.lost,
        reached - present.seq,
        ended - began,
        max(0.0, max(first) - ended),
    )


def _hashes(store: Store, epoch: str, clients: Audience) -> dict[tuple[str, int], str]:
    """What the log says the state was, at each version that somebody holds or held of the present history."""
    found = {}
    for seq in {one.seq for each in clients.held for one in [*each] if one.epoch == epoch}:
        entries = store.latest(store.info(ELECTION.id).id, seq=seq)
        keys = [key for key in entries if not key.startswith(("place/", "mesa/"))]
        found[epoch, seq] = digest(snapshot(entries, keys))
    return found


def _returns(held: list[Held]) -> int:
    """How often a client went back to a history that it had left."""
    stretches = [epoch for epoch, _ in groupby(one.epoch for one in held)]
    return len(stretches) - len({*stretches})
