"""Memory that is given back: few arenas for the C library's allocator.

It makes one for each thread, up to eight a processor, and each keeps what was freed in it. Python's threads take turns,
so that they gain nothing by it. docs/decisions/0040 has the measurements.
"""

import ctypes
import sys

# What <malloc.h> of glibc calls M_ARENA_MAX; others know neither the function nor the number.
_M_ARENA_MAX, _ARENAS = -8, 2


def keep_few_arenas() -> None:
    """From here on. Call it before there are threads; where the allocator is another one, nothing happens."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, _ARENAS)
