"""What is being counted: elections, contests and lists, read from TOML files (data, not code)."""

import re
import unicodedata
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from tally import moments
from tally.errors import InvalidInput, UnknownElection
from tally.keys import NATION, area_key, areas_of
from tally.outcome.rule import ContestRule, RuleKind
from tally.previous.declaration import Predecessor
from tally.rules.checks import Largest


class ListEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One list of a contest. `code` is the source's party code in this process, never carried over to another.

    `is_withdrawn`: printed on the ballot but no longer running; the source gives it neither candidate nor votes.
    `surname`: the candidate's first surname, stated where it is not the last word but one. `written`: the candidate as
    people write the name, stated where capitals in small letters would lack an accent.
    """

    id: str
    code: str
    name: str
    short: str
    candidate: str
    color: str
    is_withdrawn: bool = False
    surname: str = ""
    written: str = ""


class Contest(Struct, frozen=True, forbid_unknown_fields=True):
    """One race. `scope` is an ubigeo prefix: "" the whole country and abroad, "14" one department, …

    `source_id` is the source's id of the race (ONPE: idEleccion). Votes of a tally follow the order of `lists`.
    `registered`: its roll as closed before election day, None where it is not known. `source_page`: where the source
    has answers for this race beside those for all (ONPE: "eleccion-presidencial"), which tell blank from null votes.
    """

    id: str
    name: dict[str, str]
    source_id: int
    rule: ContestRule
    lists: tuple[ListEntry, ...]
    scope: str = ""
    registered: int | None = None
    source_page: str | None = None

    def __post_init__(self) -> None:
        running = len(self.running)
        if self.rule.kind is RuleKind.FINAL_ROUND and running != 2:
            raise ValueError(f"contest {self.id!r} is a final_round between two lists, but {running} run")
        if not running:
            raise ValueError(f"contest {self.id!r} has no list that runs")

    @property
    def whole(self) -> str:
        """Key of the area that holds all of it; in its count "nation" means that too."""
        return area_key(self.scope) if self.scope else NATION

    def is_whole(self, key: str) -> bool:
        """Whether an area holds all of it: it decides there, and not in a part."""
        return key == NATION or (bool(self.scope) and key in areas_of(self.scope))

    @property
    def running(self) -> tuple[int, ...]:
        """Places of the lists that can have votes: all but the withdrawn ones."""
        return tuple(place for place, entry in enumerate(self.lists) if not entry.is_withdrawn)


class Process(Struct, frozen=True, forbid_unknown_fields=True):
    """How the source names the electoral process; `id` is None where it has none, `acronym` where it was never seen."""

    id: int | None = None
    name: str = ""
    acronym: str | None = None


class Polling(Struct, frozen=True, forbid_unknown_fields=True):
    """Cadence. A cycle asks for the national totals; `stale_s`: after that, screens say the feed is stale.

    `longest_wish_s`: a source that wishes not to be asked for longer than that is asked again all the same.
    `identify_s`: how often it is asked which election it is about.
    """

    cycle_s: float = 60.0
    stale_s: float = 900.0
    requests_per_s: float = 2.0
    longest_wish_s: float = 600.0
    identify_s: float = 300.0


class OfficialArea(Struct, frozen=True, forbid_unknown_fields=True):
    """One department's or continent's official result; `not_installed` mesas are counted actas without votes.

    `blank`, `null`: None where the source does not tell them apart from one another and from `challenged`. `at_jee`,
    `pending`: of the mesas, those that the figures do not hold yet. `without`: ubigeo prefixes in it that do not vote.
    """

    ubigeo: str
    name: str
    mesas: int
    registered: int
    cast: int
    votes: tuple[int, ...]
    blank: int | None = None
    null: int | None = None
    not_installed: int = 0
    challenged: int = 0
    at_jee: int = 0
    pending: int = 0
    without: tuple[str, ...] = ()


class Official(Struct, frozen=True, forbid_unknown_fields=True):
    """Published official totals, restated with their source: what a rehearsal must add up to.

    `mesa_ranges`: first and last number of each run of mesa numbers; empty where they run from 1.
    """

    source: str
    areas: tuple[OfficialArea, ...]
    mesa_ranges: tuple[tuple[int, int], ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether it is a cut of a count that went on."""
        return any(area.at_jee or area.pending for area in self.areas)


class OfficialFinal(Struct, frozen=True, forbid_unknown_fields=True):
    """The source's last word on the whole count, restated. Shown apart from the count, never mixed into it."""

    on: date
    source: dict[str, str]
    actas: int
    registered: int
    cast: int
    votes: tuple[int, ...]
    blank: int
    null: int


class Election(Struct, frozen=True, forbid_unknown_fields=True):
    """One election: one TOML file. Mesas abroad may be larger: `max_registered_abroad`, None where they are not.

    `short`: what it is called where the source is named beside it; None: its name. `result_page`: the address at which
    the source shows its own results to people.
    """

    id: str
    name: dict[str, str]
    date: date
    generation: str
    hosts: tuple[str, ...]
    process: Process
    contests: tuple[Contest, ...]
    credit: dict[str, str]
    timezone: str = "America/Lima"
    closes_at: str = "17:00"
    max_registered_per_mesa: int = 300
    max_registered_abroad: int | None = None
    polling: Polling = Polling()
    official: Official | None = None
    official_final: OfficialFinal | None = None
    short: dict[str, str] | None = None
    result_page: str | None = None
    predecessor: Predecessor | None = None

    @property
    def largest(self) -> Largest:
        """The most voters that a mesa can have."""
        return Largest(self.max_registered_per_mesa, self.max_registered_abroad)

    @property
    def begins(self) -> str:
        """Midnight before election day, ISO UTC: no figure of it is older."""
        return moments.write(datetime.combine(self.date, time(), ZoneInfo(self.timezone)))

    def contest_of(self, ubigeo: str) -> Contest | None:
        """The first contest whose voters that area's are."""
        return next((contest for contest in self.contests if ubigeo.startswith(contest.scope)), None)

    def contest(self, contest_id: str | None = None) -> Contest:
        """The contest of that id, or the first one."""
        for contest in self.contests:
            if contest_id is None or contest.id == contest_id:
                return contest
        raise InvalidInput(f"election {self.id} has no contest {contest_id!r}")


def slug(name: str) -> str:
    """Lower case, no accents, runs of anything else → "_": "FE EN EL PERÚ" → "fe_en_el_peru"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def find_election(elections: dict[str, Election], election_id: str) -> Election:
    """The election of that id.

    Raises: UnknownElection: with the ids that exist.
    """
    if election_id not in elections:
        raise UnknownElection(f"unknown election {election_id!r}; known: {', '.join(sorted(elections))}")
    return elections[election_id]
