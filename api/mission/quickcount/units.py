"""The mesas of a sample as they stand: where each is, who is assigned there, and how far its copies are."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from api.mission.places import is_whole
from api.mission.quickcount.positions import MesaPositions
from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.copies import CopyFault, CopyState, find_faults, newest
from mission.quickcount.frame import Unit
from mission.stations import Posting, posted
from tally.keys import areas_of, place_key
from tally.model import ActaState


class SampleMesa(Struct, frozen=True, kw_only=True):
    """One mesa of a sample. own: entries of whoever asks; assigned: pseudonyms, for the team alone.

    faults: of the copy that stands, or of the newest entry while none does; an observer is told of none. acta: how it
    stands in the count, for the team alone; null: not named. is_unknown: the count names all mesas, and not this one.
    station: key of the place, or of the area around it, where somebody can be assigned to copy it, for the team alone.
    region: the name of its department, or of all that is abroad, and that area's key.
    """

    mesa: str
    place: str | None
    place_name: str | None
    area_name: str | None
    registered: int | None
    assigned: list[str] | None
    state: CopyState
    entries: int
    own: int
    faults: tuple[CopyFault, ...]
    acta: ActaState | None = None
    is_unknown: bool = False
    station: str | None = None
    region: str | None = None
    region_key: str | None = None


class CopiedList(Struct, frozen=True):
    """A list that stands on the acta; `code` names its votes in a copy."""

    code: str
    short: str


class SampleMesas(Struct, frozen=True):
    """Those of a quick count, in order of their numbers; an observer's: where they are assigned."""

    units: list[SampleMesa]
    lists: list[CopiedList]


class Assignments:
    """Who is assigned where the mesas of a sample are."""

    def __init__(self, where: MesaPositions, postings: Iterable[Posting]) -> None:
        self._where, self._at = where, defaultdict[str, list[str]](list)
        for observer, posting in sorted(posted(postings).items()):
            if posting.key is not None:
                self._at[posting.key].append(observer)

    def of(self, unit: Unit) -> list[str]:
        """Pseudonyms of those whose place, or whose area, the mesa lies in: whoever is nearest first."""
        district, place = self._where.district(unit), self._where.place(unit)
        keys = [] if place is None else [place_key(place)]
        keys += [] if district is None else reversed(areas_of(district))
        return [observer for key in keys for observer in self._at.get(key, ())]


def tell_units(where: MesaPositions, count: QuickCount, postings: Iterable[Posting], by: Member) -> list[SampleMesa]:
    """The mesas of a sample that whoever asks may see."""
    assignments, is_team = Assignments(where, postings), by.role.covers(Role.VERIFIER)
    told, is_named = [], is_whole(where.live.view)
    for unit in count.drawn.sample.mesas:
        assigned, acta = assignments.of(unit), where.acta(unit)
        if not is_team and by.pseudonym not in assigned:
            continue
        entries, standing = newest(count.counted(unit.id)), count.standing(unit.id)
        copied = standing.copy or (entries[-1].copy if entries else None)
        told.append(
            SampleMesa(
                mesa=unit.id,
                place=where.place(unit),
                place_name=where.place_name(unit),
                area_name=where.area_name(unit),
                registered=unit.registered,
                assigned=assigned if is_team else None,
                state=standing.state,
                entries=len(entries),
                own=sum(entry.observer == by.pseudonym for entry in entries),
                faults=() if copied is None or not is_team else find_faults(copied, unit.registered),
                acta=acta if is_team else None,
                is_unknown=acta is None and is_named,
                station=where.station(unit) if is_team else None,
                region=where.region_name(unit),
                region_key=unit.stratum,
            )
        )
    return told
