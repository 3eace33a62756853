"""Notifications of a PostgreSQL store: a connection that listens, and wakes who waits when a writer has committed.

A ring says only "look now". Whoever is rung reads the log by its numbers, so one that is lost or doubled harms nobody.
"""

import asyncio
from collections.abc import Callable

import structlog
from psycopg import AsyncConnection, Error, sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from tally.storage.database import CHANNEL, KEEPALIVE

_log = structlog.get_logger(__name__)

_CONNECT_S = 5
_AGAIN_S = 1.0


class CommitListener:
    """Listens until cancelled, and connects again by itself. `is_connected` says whether a ring can be heard."""

    def __init__(self, engine: Engine, ring: Callable[[], None]) -> None:
        self._ring = ring
        self.is_connected = False
        # SQLAlchemy's address without its driver's name is what the driver itself reads.
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._address = make_conninfo(address, connect_timeout=_CONNECT_S, **KEEPALIVE)

    async def listen(self) -> None:
        """Ring at every commit, and after every connection that was made: what happened before it was not heard."""
        while True:
            try:
                await self._listen_once()
            except (Error, OSError) as error:
                if self.is_connected:
                    _log.warning("not woken by the database any more; asking it instead", reason=str(error).strip())
            finally:
                self.is_connected = False
            await asyncio.sleep(_AGAIN_S)

    async def _listen_once(self) -> None:
        connection = await AsyncConnection.connect(self._address, autocommit=True)
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self.is_connected = True
            self._ring()
            async for _ in connection.notifies():
                self._ring()


def doorbell_of(engine: Engine, ring: Callable[[], None]) -> CommitListener | None:
    """The listener of a database that notifies."""
    return CommitListener(engine, ring) if engine.dialect.name == "postgresql" else None
