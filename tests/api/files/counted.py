"""A small count with all that files tell of: checkpoints, a queue at the juries, a correction, a signed release."""

from pathlib import Path

from api.commands.files.maker import FilesMaker
from api.commands.files.pace import ChildPace, FilesLimits, Kept, ManyContests, Pace
from tally.board import Fact, Release
from tally.keys import mesa_key
from tally.model import ActaState
from tally.storage.store import Store
from tests.api.country import ELECTION, NAMES, Country, minute

# What no file may hold: who released a held value, and what was written about it.
WRITTEN = ("coordinadora-elena", "la foto de la observadora lo muestra")
LIMITS = FilesLimits(
    Pace(look_s=0.0, newest_s=600.0, without_actas_s=900.0, rest=0.0),
    Kept(newest=2, least_free_mb=1),
    ChildPace(first_s=0.0, again_s=0.0),
    ManyContests(100),
)


def count_all(store: Store) -> Country:
    """Publish such a count, to its end."""
    country = Country(store)
    half, late = country.mesas[: len(country.mesas) // 2], country.mesas[-2:]
    country.count(half, minute(1))
    country.publish(NAMES, minute(2))
    country.count(country.mesas[len(half) : -2], minute(3))
    country.tell([Fact(mesa_key(mesa), country.acta(mesa, ActaState.AT_JEE)) for mesa in late], minute(4))
    country.publish(NAMES, minute(5))
    country.count(half[:1], minute(6), votes=(10, 20))
    _hold_and_release(country, half[1])
    country.count(late, minute(9))
    country.publish(NAMES, minute(10))
    return country


def _hold_and_release(country: Country, mesa: str) -> None:
    """More votes than voters: held, until somebody says that it is so."""
    key = mesa_key(mesa)
    country.count([mesa], minute(7), votes=(150, 140))
    assert b'"held"' in country.sets[-1].changes[0].data
    country.sets.append(country.writer.append(country.board.release(Release(key, *WRITTEN)), minute(8)))


def maker_of(store: Store, folder: Path) -> FilesMaker:
    """What makes the files of that count."""
    return FilesMaker(store, {ELECTION.id: ELECTION}, folder, LIMITS)


def make_all(maker: FilesMaker, now: float = 0.0) -> int:
    """Make all that is due. Returns: how many sets."""
    made = 0
    while maker.look(now).made is not None:
        made += 1
    return made
