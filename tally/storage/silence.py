"""A PostgreSQL that neither answers nor refuses: whoever waits for it is told so after seconds, and the next at once.

What the driver knows of (an error, a connection that is gone) it says itself. A server that hangs says nothing, and its
machine goes on to acknowledge what it is sent, so that no timeout of the network ends a wait. A slow question is no
silence: for as long as the server answers anybody here, everybody waits.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready
from sqlalchemy import Engine, event

from tally.errors import StoreUnavailable

_OPTION = "silence"
_TOLD = "it does not answer"
# Between two attempts to reach it.
_AGAIN_S = 0.5

T = TypeVar("T")


class _Silent(psycopg.OperationalError):
    """Nothing was heard of it for too long."""


class Silence:
    """Of one database: when it was last heard of over any connection. For any thread; `most_s` is what is waited."""

    def __init__(self, most_s: float) -> None:
        self._most_s, self._heard = most_s, time.monotonic()
        self._is_silent, self._lock = False, threading.Lock()
        self._address: Callable[[], _Connection]

    def check(self) -> None:
        """Return if it may be asked.

        Raises: StoreUnavailable: it is silent.
        """
        if self._is_silent:
            raise StoreUnavailable(f"our database: {_TOLD}", public=f"our database: {_TOLD}")

    def connect(self, *words: Any, **settings: Any) -> psycopg.Connection[Any]:
        """A connection whose waits end.

        Raises: psycopg.OperationalError.
        """
        if self._is_silent:
            raise _Silent(_TOLD)  # it waited for a free connection while others found out
        self._address = partial(_Connection.connect, *words, **settings)
        began = time.monotonic()
        try:
            made = self._address()
        except psycopg.errors.ConnectionTimeout:
            if self._heard < began:
                self._fall_silent()
            raise
        self._hear()
        made.silence = self
        return made

    def end(self, waiting: PQGen[T]) -> PQGen[T]:
        """The same wait, with an end.

        Raises: _Silent.
        """
        began = time.monotonic()
        try:
            wanted = next(waiting)
            while True:
                ready = yield wanted
                if ready & Ready.R:
                    self._hear()
                elif time.monotonic() - max(began, self._heard) > self._most_s:
                    self._fall_silent()
                    raise _Silent(_TOLD)
                wanted = waiting.send(ready)
        except StopIteration as ended:
            found: T = ended.value
            return found

    def _hear(self) -> None:
        self._heard, self._is_silent = time.monotonic(), False

    def _fall_silent(self) -> None:
        with self._lock:
            is_first, self._is_silent = not self._is_silent, True
        if is_first:  # no visitor is made to find out when it is back
            threading.Thread(target=self._find_out, name="silence", daemon=True).start()

    def _find_out(self) -> None:
        while self._is_silent:
            time.sleep(_AGAIN_S)
            with suppress(psycopg.Error):
                self._address().close()
                self._hear()


class _Connection(psycopg.Connection[Any]):
    silence: Silence | None = None

    def wait(self, gen: PQGen[T], *words: Any, **settings: Any) -> T:
        if self.silence is None:
            return super().wait(gen, *words, **settings)
        try:
            return super().wait(self.silence.end(gen), *words, **settings)
        except _Silent:
            self.close()  # what it says later would be taken for the answer to another question
            raise


def give_up_on_silence(engine: Engine, most_s: float = 5.0) -> None:
    """From now on nobody waits for a PostgreSQL that was silent for so long; what else there is refuses by itself."""
    if engine.dialect.name != "postgresql":
        return
    silence = Silence(most_s)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, words: Any, settings: Any) -> Any:
        return silence.connect(*words, **settings)

    engine.update_execution_options(**{_OPTION: silence})
    engine.dispose()  # the connections there are know nothing of it


def check_silence(engine: Engine) -> None:
    """Return if the database of that engine may be asked.

    Raises: StoreUnavailable: it is known to be silent.
    """
    silence: Silence | None = engine.get_execution_options().get(_OPTION)
    if silence is not None:
        silence.check()
