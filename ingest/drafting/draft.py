"""A found race to an election, and what a person must still look at before it is used."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.drafting import colors
from ingest.drafting.found import FoundContest, FoundList, FoundRace
from ingest.drafting.names import surnames, titled
from tally import moments
from tally.election import Contest, Election, ListEntry, slug
from tally.errors import InvalidInput
from tally.outcome.rule import ContestRule, RuleKind

_ZONE = "America/Lima"


class Wishes(Struct, frozen=True):
    """What is given from outside: the election's id (None: by its day and race), where it was read, whom to credit.

    `rule` None: of two lists each, a run-off; anything else must be said.
    """

    generation: str
    host: str
    credit: dict[str, str]
    id: str | None = None
    rule: ContestRule | None = None


class Concern(StrEnum):
    """What a draft cannot know."""

    DATE = "date"
    RULE = "rule"
    HOST = "host"
    NAMES = "names"
    SHORT = "short"
    CANDIDATES = "candidates"
    WITHDRAWN = "withdrawn"
    EMPTY = "empty"
    OFFICIAL = "official"
    COLORS = "colors"
    REHEARSAL = "rehearsal"


class Note(Struct, frozen=True):
    """One thing to look at, with the figures and names its sentence needs."""

    concern: Concern
    values: dict[str, str | int] = {}


def draft(race: FoundRace, wishes: Wishes) -> Election:
    """The election as far as the source tells it.

    Raises: InvalidInput: how it is won must be said, or the source gave no day and no id was given.
    """
    rule = wishes.rule or _rule(race)
    if not race.day:
        raise InvalidInput("the source does not say on which day the election is: it cannot be drafted")
    day = moments.read(race.day).astimezone(ZoneInfo(_ZONE)).date()
    shown = share_out(race)
    name = race.process.name.capitalize() or f"Proceso {race.process.id}"
    return Election(
        id=wishes.id or f"{day}-race-{race.source_id}",
        name={"es": name, "en": name},
        date=day,
        generation=wishes.generation,
        hosts=(wishes.host,),
        process=race.process,
        contests=tuple(_contest(race, contest, rule, shown) for contest in race.contests),
        credit=wishes.credit,
        timezone=_ZONE,
    )


def share_out(race: FoundRace) -> Mapping[str, str]:
    """A colour for each code, with those that lead first."""
    standing = [sorted(contest.lists, key=lambda one: -one.votes) for contest in race.contests]
    return colors.share_out([[one.code for one in lists] for lists in standing])


def concerns(race: FoundRace, election: Election, today: date) -> Iterator[Note]:
    """What a person must look at in a draft of that race."""
    rule = election.contests[0].rule
    yield Note(Concern.DATE, {"date": str(election.date), "days": abs((election.date - today).days)})
    yield Note(Concern.RULE, {"rule": " ".join(filter(None, (rule.kind, rule.threshold)))})
    yield Note(Concern.HOST, {"host": election.hosts[0]})
    yield Note(Concern.NAMES, {"n": len(election.contests)})
    yield Note(Concern.SHORT)
    nameless = [f"{one.name} ({contest.id})" for contest in election.contests for one in contest.lists if _lacks(one)]
    if nameless:
        yield Note(Concern.CANDIDATES, {"n": len(nameless), "names": "; ".join(nameless)})
    withdrawn = sum(one.is_withdrawn for contest in election.contests for one in contest.lists)
    yield Note(Concern.WITHDRAWN, {"n": withdrawn if race.has_ballots else -1})
    if race.empty:
        yield Note(Concern.EMPTY, {"n": len(race.empty), "names": ", ".join(race.empty)})
    if race.is_test:
        yield Note(Concern.REHEARSAL)
    yield Note(Concern.OFFICIAL)


def _lacks(entry: ListEntry) -> bool:
    return not entry.candidate and not entry.is_withdrawn


def _rule(race: FoundRace) -> ContestRule:
    longest = max(sum(not one.is_withdrawn for one in contest.lists) for contest in race.contests)
    if longest > 2:
        raise InvalidInput(
            f"race {race.source_id} has contests of up to {longest} lists: say how it is won with --rule plurality, or "
            "--rule two_round --threshold 3/10 --inclusive"
        )
    return ContestRule(RuleKind.FINAL_ROUND)


def _contest(race: FoundRace, found: FoundContest, rule: ContestRule, shown: Mapping[str, str]) -> Contest:
    race_name = race.name or f"Elección {race.source_id}"
    name = f"{race_name}: {titled(found.area[-1])}" if found.area else race_name
    return Contest(
        id=slug(" ".join(found.area) or race_name).replace("_", "-"),
        name={"es": name, "en": name},
        source_id=race.source_id,
        rule=rule,
        lists=tuple(_entries(found.lists, shown)),
        scope=found.scope,
        source_page=race.source_page,
    )


def _entries(lists: tuple[FoundList, ...], shown: Mapping[str, str]) -> Iterator[ListEntry]:
    named = [surnames(one.candidate) for one in lists]
    ids = [slug(one.name) for one in lists]
    for one, (first, second), own in zip(lists, named, ids, strict=True):
        is_shared = [other for other, _ in named].count(first) > 1
        short = " ".join(filter(None, (first, second if is_shared else ""))) or one.name
        # Two names of one list differ by its code; a compound surname is stated, see ListEntry.
        yield ListEntry(
            id=own if own and ids.count(own) == 1 else f"{own}_{one.code}".strip("_"),
            code=one.code,
            name=one.name,
            short=titled(short),
            candidate=one.candidate,
            color=shown[one.code],
            is_withdrawn=one.is_withdrawn,
            surname=first if " " in first else "",
        )
