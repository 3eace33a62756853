"""Frozen flags in the database: claimed by one, written once, read by all."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, Row, delete, insert, select

from mission.flags.checkpoints import Checkpoint, CountProgress
from mission.flags.flag import Flag
from mission.flags.screening import Screening
from mission.flags.tables import checkpoints, claims, frozen_flags
from mission.people.accounts import stamp
from mission.transactions import exclusive
from tally.storage.database import transaction

# How long others wait for whoever claimed a checkpoint; the whole country takes seconds.
_CLAIM_S = 120.0


class Moment(Struct, frozen=True):
    """Which state of which history is screened, under which name."""

    count_id: int
    epoch: str
    name: str
    seq: int
    as_of: str
    progress: CountProgress


class SeenFlag(Struct, frozen=True):
    """A flag at one checkpoint."""

    checkpoint: Checkpoint
    flag: Flag


class FlagRun(Struct, frozen=True):
    """From which checkpoint on a flag stood, and at which it was gone (None: it still stands). Names of checkpoints."""

    first_seen: str
    gone: str | None


class FlagRecords(Struct, frozen=True):
    """Reading and writing of frozen flags. What is frozen never changes, so whoever reads may keep it."""

    engine: Engine

    def claim(self, moment: Moment, holder: str, now: datetime) -> bool:
        """Whether `holder` is to compute that checkpoint; of several servers one hears yes.

        Raises: StoreUnavailable.
        """
        with exclusive(self.engine) as connection:
            if connection.execute(select(checkpoints.c.id).where(*_named(checkpoints, moment))).first():
                return False
            held = connection.execute(select(claims).where(*_named(claims, moment))).first()
            if held is not None and held.holder != holder and held.until > now.timestamp():
                return False
            connection.execute(delete(claims).where(*_named(claims, moment)))
            until = now.timestamp() + _CLAIM_S
            values = {"count_id": moment.count_id, "epoch": moment.epoch, "name": moment.name}
            connection.execute(insert(claims).values(**values, holder=holder, until=until))
        return True

    def freeze(self, moment: Moment, screening: Screening, now: datetime) -> bool:
        """Write the flags of a checkpoint; False if another server was first after all.

        Raises: StoreUnavailable.
        """
        summary = msgspec.structs.replace(screening, flags=())
        values = {
            **msgspec.structs.asdict(moment.progress),
            "count_id": moment.count_id,
            "epoch": moment.epoch,
            "name": moment.name,
            "seq": moment.seq,
            "as_of": moment.as_of,
            "frozen_at": stamp(now),
            "summary": msgspec.json.encode(summary).decode(),
        }
        with exclusive(self.engine) as connection:
            if connection.execute(select(checkpoints.c.id).where(*_named(checkpoints, moment))).first():
                return False
            new = connection.execute(insert(checkpoints).values(**values)).inserted_primary_key
            assert new is not None  # noqa: S101 - a row that was inserted has a key
            rows = [
                {"checkpoint_id": new[0], "n": n, "flag_id": flag.id, "key": flag.key, "data": _write(flag)}
                for n, flag in enumerate(screening.flags)
            ]
            if rows:
                connection.execute(insert(frozen_flags), rows)
            connection.execute(delete(claims).where(*_named(claims, moment)))
        return True

    def checkpoints(self, count_id: int, epoch: str) -> list[Checkpoint]:
        """Every checkpoint of that history, oldest first."""
        with transaction(self.engine) as connection:
            where = (checkpoints.c.count_id == count_id) & (checkpoints.c.epoch == epoch)
            return [_checkpoint(row) for row in connection.execute(select(checkpoints).where(where).order_by("id"))]

    def screening(self, checkpoint_id: int) -> Screening:
        """All that was found at a checkpoint."""
        with transaction(self.engine) as connection:
            chosen = select(checkpoints.c.summary).where(checkpoints.c.id == checkpoint_id)
            summary = msgspec.json.decode(connection.execute(chosen).scalar_one(), type=Screening)
            rows = connection.execute(
                select(frozen_flags.c.data)
                .where(frozen_flags.c.checkpoint_id == checkpoint_id)
                .order_by(frozen_flags.c.n)
            )
            return msgspec.structs.replace(summary, flags=tuple(_read(row.data) for row in rows))

    def runs(self, frozen: Sequence[Checkpoint]) -> dict[str, FlagRun]:
        """Since when each flag of those checkpoints stands, or stood when it was last seen; by flag id."""
        places = {checkpoint.id: number for number, checkpoint in enumerate(frozen)}
        seen: dict[str, list[int]] = defaultdict(list)
        with transaction(self.engine) as connection:
            where = frozen_flags.c.checkpoint_id.in_(places)
            for row in connection.execute(select(frozen_flags.c.flag_id, frozen_flags.c.checkpoint_id).where(where)):
                seen[row.flag_id].append(places[row.checkpoint_id])
        return {flag_id: _run(sorted(numbers), frozen) for flag_id, numbers in seen.items()}

    def sightings(self, frozen: Sequence[Checkpoint], *, flag_id: str = "", key: str = "") -> list[SeenFlag]:
        """A flag, or every flag of a key, at each of those checkpoints it was seen at; oldest first."""
        by_id = {checkpoint.id: checkpoint for checkpoint in frozen}
        mine = frozen_flags.c.flag_id == flag_id if flag_id else frozen_flags.c.key == key
        chosen = select(frozen_flags).where(frozen_flags.c.checkpoint_id.in_(by_id), mine)
        with transaction(self.engine) as connection:
            rows = connection.execute(chosen.order_by(frozen_flags.c.checkpoint_id, frozen_flags.c.n))
            return [SeenFlag(by_id[row.checkpoint_id], _read(row.data)) for row in rows]


def _named(table: Any, moment: Moment) -> tuple[Any, ...]:
    return (table.c.count_id == moment.count_id, table.c.epoch == moment.epoch, table.c.name == moment.name)


def _run(numbers: list[int], frozen: Sequence[Checkpoint]) -> FlagRun:
    """The newest unbroken run."""
    last = first = numbers[-1]
    while first - 1 in numbers:
        first -= 1
    gone = frozen[last + 1].name if last + 1 < len(frozen) else None
    return FlagRun(frozen[first].name, gone)


def _write(flag: Flag) -> str:
    """As it is kept: the previous version reads what it calls evidence, and two sentences it would show."""
    kept = msgspec.to_builtins(flag)
    kept["evidence"] = kept.pop("figures")
    return msgspec.json.encode({**kept, "es": "", "en": ""}).decode()


def _read(data: str) -> Flag:
    kept = msgspec.json.decode(data)
    return msgspec.convert({**kept, "figures": kept["evidence"]}, Flag)


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(
        id=row.id,
        name=row.name,
        seq=row.seq,
        as_of=row.as_of,
        frozen_at=row.frozen_at,
        progress=CountProgress(row.counted, row.at_jee, row.pending, row.total),
    )
