"""Waiting for a state that must come. How long that takes is no promise: on two busy cores it may be long."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

PATIENCE_S = 60.0
# A question costs a server, or a browser, some milliseconds of a processor that what is waited for needs as well: the
# longer it takes, the less often it is put.
_FIRST_S, _LAST_S, _GROWTH = 0.02, 0.1, 1.2


def wait_until(
    ask: Callable[[], Any], limit_s: float = PATIENCE_S, *, pause: Callable[[float], object] = time.sleep
) -> Any:
    """The first answer that is true, of a question asked again and again; who cannot be reached has not answered.

    A limit of its own has only what is promised within a time. `pause` waits some seconds between two questions.
    """
    end, pause_s = time.monotonic() + limit_s, _FIRST_S
    while True:
        with suppress(OSError, httpx.HTTPError):
            if found := ask():
                return found
        assert time.monotonic() < end, f"not so within {limit_s:.0f} s"
        pause(pause_s)
        pause_s = min(pause_s * _GROWTH, _LAST_S)
