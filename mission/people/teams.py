"""Who of the observers is in which team: a room of the journal, by pseudonym. No name, number or reference is in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Engine

from mission.journal import Entry, Journals, NewEntry
from mission.stations import Posting, posted
from tally.keys import Level, area_key, prefix_of

ROOM = "people"
JOIN = "join"


class Membership(Struct, frozen=True):
    """What somebody is in the mission besides the role. `region`: key of the department they are assigned in."""

    team: str | None = None
    is_lead: bool = False
    tags: tuple[str, ...] = ()
    region: str | None = None


NOBODY = Membership()


class Teams(Struct, frozen=True, dict=True):
    """Everybody's membership, by pseudonym."""

    memberships: Mapping[str, Membership] = {}

    def of(self, pseudonym: str) -> Membership:
        """That one's; of somebody whom nobody put anywhere, an empty one."""
        return self.memberships.get(pseudonym, NOBODY)

    def members(self, team: str) -> tuple[str, ...]:
        """Pseudonyms of a team, its leads first."""
        return self._members.get(team, ())

    @property
    def names(self) -> tuple[str, ...]:
        """The teams there are."""
        return tuple(sorted(self._members))

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for pseudonym, one in sorted(self.memberships.items(), key=lambda item: (not item[1].is_lead, item[0])):
            if one.team is not None:
                found[one.team].append(pseudonym)
        return {team: tuple(members) for team, members in found.items()}

    def placed(self, postings: Iterable[Posting]) -> "Teams":
        """The same with the region of everybody who is assigned somewhere. `postings` stand in the log's order."""
        regions = {
            observer: area_key(prefix_of(one.prefix, Level.DEPARTMENT))
            for observer, one in posted(postings).items()
            if one.prefix is not None
        }
        placed = {observer: replace(self.of(observer), region=region) for observer, region in regions.items()}
        return Teams({**self.memberships, **placed})


def fold(teams: Teams, entries: Iterable[Entry]) -> Teams:
    """The teams after these entries."""
    joined = {entry.subject: msgspec.json.decode(entry.data, type=Membership) for entry in entries}
    return Teams({**teams.memberships, **joined})


def joining(pseudonym: str, membership: Membership) -> NewEntry:
    """That somebody is this from now on. Where they are assigned stands in the log of incidents."""
    return NewEntry(pseudonym, JOIN, msgspec.json.encode(replace(membership, region=None)))


def team_journals(engine: Engine) -> Journals[Teams]:
    """The room, of every election."""
    return Journals(engine, ROOM, Teams(), fold)
