"""The mesas of a sample as they stand: where each is, who is assigned there, and how far its copies are."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from api.live.count import LiveCount
from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.copies import CopyFault, CopyState, find_faults, newest
from mission.stations import Posting, posted
from tally.keys import areas_of, code_of, mesa_key, place_key


class SampleMesa(Struct, frozen=True, kw_only=True):
    """One mesa of a sample. own: entries of whoever asks; assigned: pseudonyms, for the team alone.

    faults: of the copy that stands, or of the newest entry while none does; an observer is told of none.
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


class CopiedList(Struct, frozen=True):
    """A list that stands on the acta; `code` names its votes in a copy."""

    code: str
    short: str


class SampleMesas(Struct, frozen=True):
    """Those of a quick count, in order of their numbers; an observer's: where they are assigned."""

    units: list[SampleMesa]
    lists: list[CopiedList]


class Assignments:
    """Who is assigned where, and where the mesas of a count are."""

    def __init__(self, live: LiveCount, postings: Iterable[Posting]) -> None:
        self._live, self._at = live, defaultdict[str, list[str]](list)
        for observer, posting in sorted(posted(postings).items()):
            if posting.key is not None:
                self._at[posting.key].append(observer)

    def of(self, mesa: str, place: str | None) -> list[str]:
        """Pseudonyms of those whose place, or whose area, the mesa lies in: whoever is nearest first."""
        district = self.district(mesa)
        keys = [] if place is None else [place_key(place)]
        keys += [] if district is None else reversed(areas_of(district))
        return [observer for key in keys for observer in self._at.get(key, ())]

    def district(self, mesa: str) -> str | None:
        """The ubigeo of a mesa's district, as far as the count knows it."""
        key = mesa_key(mesa)
        return code_of(self._live.view.topics(key)[0]) if key in self._live.view.entries else None


def tell_units(live: LiveCount, count: QuickCount, postings: Iterable[Posting], by: Member) -> list[SampleMesa]:
    """The mesas of a sample that whoever asks may see."""
    where, names, is_team = Assignments(live, postings), live.names.names, by.role.covers(Role.VERIFIER)
    told = []
    for unit in count.drawn.sample.mesas:
        assigned, district = where.of(unit.id, unit.cluster), where.district(unit.id)
        if not is_team and by.pseudonym not in assigned:
            continue
        entries, standing = newest(count.counted(unit.id)), count.standing(unit.id)
        copied = standing.copy or (entries[-1].copy if entries else None)
        told.append(
            SampleMesa(
                mesa=unit.id,
                place=unit.cluster,
                place_name=None if unit.cluster is None else names.get(place_key(unit.cluster)),
                area_name=None if district is None else names.get(areas_of(district)[-1]),
                registered=unit.registered,
                assigned=assigned if is_team else None,
                state=standing.state,
                entries=len(entries),
                own=sum(entry.observer == by.pseudonym for entry in entries),
                faults=() if copied is None or not is_team else find_faults(copied, unit.registered),
            )
        )
    return told
