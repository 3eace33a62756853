"""How far this machine's clock is off from the database's, by which leases go and which all who share it agree on."""

import time
from collections.abc import Callable

from sqlalchemy import Engine, select

from tally.storage.database import clock, has_clock, transaction


def clock_offset(engine: Engine, now: Callable[[], float] = time.time) -> float | None:
    """Seconds that this machine's clock is ahead (negative: behind); None: the database has no clock of its own.

    `now`: this machine's. How long the question took makes half of itself of difference.

    Raises: StoreUnavailable.
    """
    with transaction(engine) as connection:
        if not has_clock(connection):
            return None
        before = now()
        theirs = float(connection.execute(select(clock(connection))).scalar_one())
        return (before + now()) / 2 - theirs
