"""When the answer that gives a unit was last read, and when it last said something new: one row a unit beside the log.

The log holds what changed; most readings change nothing, and a country is read again many times. What a row says is
never later than true: a crash loses the readings of some seconds, and the row then says an earlier moment.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, Engine, inspect, select, text

from tally import moments
from tally.keys import is_area
from tally.storage.database import clock, transaction
from tally.storage.tables import ReadingRow, table_of

_readings = table_of(ReadingRow)
_columns = (_readings.c.count_id, _readings.c.key, _readings.c.checked_at, _readings.c.changed_at)
# A reading that says something new has the moment at which that was published, like everything in the log.
_UPSERT = text(
    "INSERT INTO readings (count_id, key, checked_at, changed_at, told) VALUES (:count_id, :key, :checked_at,"
    " :changed_at, :told) ON CONFLICT (count_id, key) DO UPDATE SET checked_at = excluded.checked_at,"
    " changed_at = COALESCE(excluded.changed_at, readings.changed_at), told = excluded.told"
)
# Two writers of one database may commit in another order than they were told the time.
_OVERLAP_S = 5.0
_KEYS_AT_ONCE = 400


class UnitTimes(Struct, frozen=True):
    """The answer that gives a unit: when it was last read, and when it last said something new, no later. ISO UTC.

    changed_at is None where every change of the unit is one of its answer: the log says when that was.
    """

    checked_at: str
    changed_at: str | None = None


def times_beside(known: UnitTimes | None, changed_at: str) -> UnitTimes:
    """Both times of a unit whose value is of that moment. None: all that was ever read of it changed something."""
    if known is None:
        return UnitTimes(changed_at, changed_at)
    changed = known.changed_at or changed_at
    return UnitTimes(latest(known.checked_at, changed), changed)


def latest(*stamps: str) -> str:
    """The last of those moments."""
    return max(stamps, key=moments.read)


class _Reading(NamedTuple):
    at: str | None
    is_new: bool


class NewReadings:
    """What one count's writer has read since it last wrote. `note` is for the loop, the others for who writes."""

    def __init__(self) -> None:
        self._noted: dict[str, _Reading] = {}
        self._written: dict[str, _Reading] = {}

    def __len__(self) -> int:
        return len(self._noted)

    def note(self, key: str, at: str | None, *, is_new: bool = False) -> None:
        """That unit was read at that moment; `is_new`: the change set that is written next has what was said.

        at None: when it was read is not known, and when it is published stands for that.
        """
        self._noted[key] = _Reading(at, is_new)

    def forget_new(self) -> None:
        """What was said could not be published."""
        self._noted = {key: reading for key, reading in self._noted.copy().items() if not reading.is_new}

    def write(self, connection: Connection, count_id: int, at: str, *, is_with_changes: bool) -> None:
        """Write them within a transaction of that moment; without its change set, what said nothing new."""
        noted = self._noted.copy()  # in one step: the loop may note more meanwhile
        self._written = {key: one for key, one in noted.items() if is_with_changes or not one.is_new}
        if not self._written:
            return
        told = connection.scalar(select(clock(connection)))
        rows = [
            {
                "count_id": count_id,
                "key": key,
                "checked_at": one.at or at,
                "changed_at": at if one.is_new else None,
                "told": told if is_area(key) else None,
            }
            for key, one in self._written.items()
        ]
        connection.execute(_UPSERT, rows)

    def written(self) -> None:
        """What was written last is committed."""
        for key, reading in self._written.items():
            if self._noted.get(key) is reading:
                del self._noted[key]
        self._written = {}


class Readings:
    """Reading side. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_there = False

    def since(self, told: float, asked: Mapping[int, Collection[str]]) -> tuple[dict[int, dict[str, UnitTimes]], float]:
        """Times by count and key of the areas told from then on, and of the units asked about; from when to ask next.

        Raises: StoreUnavailable.
        """
        found: dict[int, dict[str, UnitTimes]] = {}
        with transaction(self._engine) as connection:
            if not self._has_table(connection):
                return found, told
            newest = select(*_columns, _readings.c.told).where(_readings.c.told >= told)
            for count_id, key, checked_at, changed_at, when in connection.execute(newest):
                found.setdefault(count_id, {})[key] = UnitTimes(checked_at, changed_at)
                told = max(told, when - _OVERLAP_S)
            for count_id, keys in asked.items():
                found.setdefault(count_id, {}).update(_times_of(connection, count_id, list(keys)))
        return found, told

    def of(self, count_id: int, keys: Collection[str]) -> dict[str, UnitTimes]:
        """Those of some units of a count.

        Raises: StoreUnavailable.
        """
        with transaction(self._engine) as connection:
            return _times_of(connection, count_id, list(keys)) if self._has_table(connection) else {}

    def _has_table(self, connection: Connection) -> bool:
        """A program may serve a schema that has no such table yet, and is given it while it serves."""
        self._is_there = self._is_there or inspect(connection).has_table(_readings.name)
        return self._is_there


def _times_of(connection: Connection, count_id: int, keys: Sequence[str]) -> dict[str, UnitTimes]:
    found: dict[str, UnitTimes] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        own = _readings.c.key.in_(keys[start : start + _KEYS_AT_ONCE])
        for _, key, *times in connection.execute(select(*_columns).where(_readings.c.count_id == count_id, own)):
            found[key] = UnitTimes(*times)
    return found
