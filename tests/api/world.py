"""A count, a server and clients of every transport on one loop, where anything may go wrong between any two steps."""

import asyncio
import json
import random
import shutil
from collections import deque
from pathlib import Path
from typing import Any, cast

from sqlalchemy import text

from api.audience import Audience
from api.client import Replica
from api.events import write_event
from api.live import LiveCount, load
from api.options import ServeOptions
from api.session import Session
from api.sockets import HubProtocol
from api.subscription import Subscribe, advance, begin
from tally.changes import Entry, fold, snapshot
from tally.database import transaction
from tally.store import Store
from tally.writer import Writer
from tests.api.country import ELECTION, Country, minute

TOPICS = ["nation", "department/14", "district/140101"]
_OPTIONS = ServeOptions(ring_s=0, ring_changes=60, inline_bytes=1 << 30, heartbeat_s=3600, blocked_s=3600)


class _Wire:
    """A socket that can stall; what is written is read by its client when it likes."""

    def __init__(self) -> None:
        self.is_paused = self.is_packed = False
        self.inbox: deque[dict[str, Any]] = deque()
        self.transport = self

    def write(self, data: bytes) -> None:
        """A frame of the server."""
        assert not self.is_paused, "written to a client that does not read"
        self.inbox.append(json.loads(data[data.index(b'{"t"') :]))


class World:
    """Every method is one step; `check` brings all clients to rest and compares client, server and fold of the log."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._random = folder, random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._epochs = self._minutes = self.compared = self._folded = 0
        self._log: dict[str, Entry] = {}
        self._open()
        self._country = Country(self._store)
        self._serve()
        self.socket, self.stream, self.poll = Replica(), Replica(), Replica()
        self.connect()

    def _open(self) -> None:
        self._store = Store.open(f"sqlite:///{self._folder / 'count.db'}")
        with self._store.engine.connect() as connection:
            connection.execute(text("PRAGMA synchronous=OFF"))

    def _serve(self) -> None:
        self.live = LiveCount(ELECTION, load(self._store, self._store.info(ELECTION.id)), _OPTIONS)
        self._audience = Audience(self.live)

    def close(self) -> None:
        """End everything."""
        self._loop.run_until_complete(self._audience.stop())
        self._loop.close()
        self._store.close()

    def connect(self) -> None:
        """Sockets and streams are opened anew and resume."""

        async def open_socket() -> None:
            self._wire = _Wire()
            self._session = Session(cast(HubProtocol, self._wire), self._audience, lambda: None)
            wish = {"t": "sub", "topics": TOPICS, **self.socket.position()}
            self._session.on_message(json.dumps(wish).encode())

        self._loop.run_until_complete(open_socket())
        at = self.stream.position()
        step = begin(self.live, Subscribe(TOPICS, at.get("epoch"), at.get("from")))
        self._place, self._events = step.position, deque(json.loads(frame.payload) for frame in step.frames)

    def publish(self, number: int) -> None:
        """Some mesas are counted or corrected, up or down; now and then the same again."""
        self._minutes += 1
        mesas = self._random.sample(self._country.mesas, number)
        votes = (self._random.randrange(80), self._random.randrange(80))
        changes = self._country.count(mesas, minute(self._minutes), votes)
        self.live.advance([changes])
        self._loop.run_until_complete(asyncio.sleep(0))

    def deliver(self, fault: str) -> None:
        """Clients read what has come; on the way it may be lost, doubled or turned round."""
        self._loop.run_until_complete(asyncio.sleep(0))
        step = advance(self.live, self._place)
        for frame in step.frames:
            event = write_event(frame, step.position)
            self._events.append(json.loads(event.partition(b"data: ")[2]))
        self._place = step.position
        for inbox, replica in ((self._wire.inbox, self.socket), (self._events, self.stream)):
            messages = list(inbox)
            inbox.clear()
            if fault == "lose" and messages:
                del messages[self._random.randrange(len(messages))]
            elif fault == "double":
                messages += messages
            elif fault == "turn":
                messages.reverse()
            for message in messages:
                # An epoch is only ever announced by the connection itself: faults do not invent one.
                replica.take(message)
                if replica.has_gap:
                    replica.take(self._state())

    def stall(self) -> None:
        """The socket's client stops reading, or reads again."""
        self._wire.is_paused = not self._wire.is_paused

        async def tell() -> None:
            (self._session.on_paused if self._wire.is_paused else self._session.on_resumed)()

        self._loop.run_until_complete(tell())

    def drop(self) -> None:
        """Connections break with all that was under way."""
        self._lose()
        self.connect()

    def restart(self) -> None:
        """The server starts anew from its database."""
        self._lose()
        self._loop.run_until_complete(self._audience.stop())
        self._serve()
        self.connect()

    def back_up(self) -> None:
        """Keep a copy of the database, while nobody writes."""
        self._country.writer.release()
        with self._store.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        shutil.copy(self._folder / "count.db", self._folder / "backup.db")
        self._write()

    def restore(self) -> None:
        """Put the copy back, as another history."""
        if not (self._folder / "backup.db").exists():
            return
        self._store.close()
        for part in ("count.db-wal", "count.db-shm"):
            (self._folder / part).unlink(missing_ok=True)
        shutil.copy(self._folder / "backup.db", self._folder / "count.db")
        self._open()
        self._log, self._folded = {}, 0
        self._epochs += 1
        with transaction(self._store.engine) as connection:
            connection.execute(text("UPDATE counts SET epoch = :epoch"), {"epoch": f"restored{self._epochs}"})
        self._write()
        self.live.replace(load(self._store, self._store.info(ELECTION.id)))
        self._loop.run_until_complete(asyncio.sleep(0))

    def _write(self) -> None:
        self._country.writer = Writer.acquire(
            self._store, ELECTION.id, ELECTION.contest().id, is_test=False, at=minute(self._minutes)
        )

    def check(self) -> None:
        """Nothing is under way: every client has what the server has, and what the log adds up to."""
        if self._wire.is_paused:
            self.stall()
        self.deliver("none")
        self.deliver("none")
        self.poll.take(self._state())
        for replica in (self.socket, self.stream):  # what was lost last shows at the next heartbeat
            replica.take({"t": "hb", "seq": replica.seq, "hash": self._hash()})
            if replica.has_gap:
                replica.take(self._state())
        info = self._store.info(ELECTION.id)
        news = list(self._store.read(info.id, self._folded, 1_000_000))
        log = self._log = fold(news, self._log)
        self._folded = news[-1].seq if news else self._folded
        served = json.loads(self.live.snapshot(tuple(TOPICS)).state)
        assert json.loads(snapshot(log, served)) == served
        for replica in (self.socket, self.stream, self.poll):
            assert replica.state == served
            assert replica.hash == self._hash()
        self.compared += 1

    def _lose(self) -> None:
        async def lose() -> None:
            self._session.on_lost()

        self._loop.run_until_complete(lose())

    def _state(self) -> dict[str, Any]:
        found = self.live.snapshot(tuple(TOPICS))
        return {"epoch": found.epoch, "seq": found.seq, "state": json.loads(found.state)}

    def _hash(self) -> str:
        return self.live.snapshot(tuple(TOPICS)).hash
