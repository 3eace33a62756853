"""The one place that catches everything: what fails in a way that nobody foresaw ends nothing but itself."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tally.errors import EscrutinioError, Unforeseen

T = TypeVar("T")


async def contained(work: Awaitable[T], over: Callable[[], str]) -> T:
    """What the work gives. `over` names what it was about, for the log: hashes of answers, for instance.

    Raises: EscrutinioError: what the work foresees. Unforeseen: whatever else it raises.
    """
    try:
        return await work
    except EscrutinioError:
        raise
    except Exception as error:
        raise Unforeseen(f"{type(error).__name__} over {over()}: {str(error)[:200]!r}") from error
