"""What a sample is drawn from: every mesa, with its stratum and its polling place."""

import hashlib
from collections.abc import Collection, Iterable
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from mission.flags.sheets import UNKNOWN, Sheets
from tally.errors import InvalidInput
from tally.keys import ABROAD, Level, area_key, is_abroad, prefix_of


class SampleUnit(StrEnum):
    """What is drawn: single mesas, or polling places with all of their mesas."""

    MESA = "mesa"
    PLACE = "place"


class Unit(Struct, frozen=True):
    """One mesa. `stratum` is an area's key, `cluster` its polling place; where nobody knows that, it stands alone.

    is_remote: it serves a remote populated place. ubigeo: of its district, where a mission's list says it: a count
    that has named the mesa says it itself. Not written where it is not set, so that the hash of a sample stays.
    """

    id: str
    stratum: str
    cluster: str | None = None
    registered: int | None = None
    is_remote: bool | None = None
    ubigeo: str | UnsetType = UNSET


class Frame(Struct, frozen=True):
    """All mesas that can be drawn."""

    units: tuple[Unit, ...]

    @property
    def text(self) -> bytes:
        """A line "mesa,stratum,place" each, in order of the mesas, each ended by \\n."""
        return "".join(sorted(f"{unit.id},{unit.stratum},{unit.cluster or ''}\n" for unit in self.units)).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the frame as text."""
        return hashlib.sha256(self.text).hexdigest()


class Cluster(Struct, frozen=True):
    """What can be drawn at once: a mesa, or a place with its mesas."""

    id: str
    stratum: str
    mesas: tuple[Unit, ...]


def stratum_of(ubigeo: str) -> str:
    """Key of the department, or of all that is abroad."""
    return ABROAD if is_abroad(ubigeo) else area_key(prefix_of(ubigeo, Level.DEPARTMENT))


def read_frame(sheets: Sheets, remote: Collection[str]) -> Frame:
    """Every mesa of a count; `remote` are the codes of the places that serve a remote populated place."""
    codes = [None if place == UNKNOWN else sheets.places[place] for place in sheets.place.tolist()]
    rolls = [None if roll == UNKNOWN else roll for roll in sheets.registered.tolist()]
    rows = zip(sheets.mesas, sheets.ubigeos, codes, rolls, strict=True)
    return Frame(
        tuple(
            Unit(mesa, stratum_of(ubigeo), code, roll, None if code is None else code in remote)
            for mesa, ubigeo, code, roll in rows
        )
    )


def cluster_units(units: Iterable[Unit], unit: SampleUnit) -> list[Cluster]:
    """What can be drawn, in order of the ids; a place is named by its code, a mesa by its number.

    Raises: InvalidInput: a mesa stands twice, or a place in two strata.
    """
    members: dict[str, list[Unit]] = {}
    for one in units:
        name = one.id if unit is SampleUnit.MESA or one.cluster is None else one.cluster
        members.setdefault(name, []).append(one)
    found = []
    for name, mesas in sorted(members.items()):
        if len({one.id for one in mesas}) < len(mesas):
            raise InvalidInput(f"{name} holds a mesa twice")
        if len({one.stratum for one in mesas}) > 1:
            raise InvalidInput(f"{name} lies in two strata")
        found.append(Cluster(name, mesas[0].stratum, tuple(mesas)))
    return found
