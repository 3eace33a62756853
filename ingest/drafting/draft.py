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


class Wishes(Struct, frozen=True):
    """What is given from outside: where it was read, how it is won, and its id (None: by its day and race).

    `model`: an election of the same source, whose credit, hours and largest mesas are taken over.
    """

    model: Election
    host: str
    rule: ContestRule
    id: str | None = None


class Concern(StrEnum):
    """What a draft cannot know."""

    DATE = "date"
    RULE = "rule"
    LIMITS = "limits"
    HOST = "host"
    NAMES = "names"
    SHORT = "short"
    CANDIDATES = "candidates"
    WITHDRAWN = "withdrawn"
    BALLOTS = "ballots"
    EMPTY = "empty"
    OFFICIAL = "official"
    REHEARSAL = "rehearsal"


class Note(Struct, frozen=True):
    """One thing to look at, with the figures and names its sentence needs."""

    concern: Concern
    values: dict[str, str | int | None] = {}


def draft(race: FoundRace, wishes: Wishes) -> Election:
    """The election as far as the source tells it.

    Raises: InvalidInput: it cannot be won so, or the source gave no day.
    """
    for contest in race.contests:
        check_rule(contest, wishes.rule)
    if not race.day:
        raise InvalidInput("the source does not say on which day the election is: it cannot be drafted")
    day = moments.read(race.day).astimezone(ZoneInfo(wishes.model.timezone)).date()
    shown = share_out(race)
    name, model = _process_name(race), wishes.model
    return Election(
        id=wishes.id or f"{day}-race-{race.source_id}",
        name={"es": name, "en": name},
        date=day,
        generation=model.generation,
        hosts=(wishes.host,),
        process=race.process,
        contests=tuple(_contest(race, contest, wishes.rule, shown) for contest in race.contests),
        credit=model.credit,
        timezone=model.timezone,
        closes_at=model.closes_at,
        max_registered_per_mesa=model.max_registered_per_mesa,
        max_registered_abroad=model.max_registered_abroad,
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
    limits = {"most": election.max_registered_per_mesa, "abroad": election.max_registered_abroad}
    yield Note(Concern.LIMITS, {**limits, "closes": election.closes_at})
    yield Note(Concern.HOST, {"host": election.hosts[0]})
    yield Note(Concern.NAMES, {"n": len(election.contests)})
    yield Note(Concern.SHORT)
    nameless = [f"{one.name} ({contest.id})" for contest in election.contests for one in contest.lists if _lacks(one)]
    if nameless:
        yield Note(Concern.CANDIDATES, {"n": len(nameless), "names": "; ".join(nameless)})
    withdrawn = sum(one.is_withdrawn for contest in election.contests for one in contest.lists)
    yield Note(Concern.WITHDRAWN if race.has_ballots else Concern.BALLOTS, {"n": withdrawn})
    if race.empty:
        yield Note(Concern.EMPTY, {"n": len(race.empty), "names": ", ".join(race.empty)})
    if race.is_test:
        yield Note(Concern.REHEARSAL)
    yield Note(Concern.OFFICIAL)


def _lacks(entry: ListEntry) -> bool:
    return not entry.candidate and not entry.is_withdrawn


def check_rule(found: FoundContest, rule: ContestRule) -> None:
    """Check that a contest can be won so.

    Raises: InvalidInput: a run-off is between two lists.
    """
    running = sum(not one.is_withdrawn for one in found.lists)
    if rule.kind is RuleKind.FINAL_ROUND and running != 2:
        raise InvalidInput(
            f"{' '.join(found.area) or 'the contest'} has {running} lists, and is no run-off between two: say how it "
            "is won with --rule plurality, or --rule two_round --threshold 3/10 --inclusive"
        )


def _process_name(race: FoundRace) -> str:
    return race.process.name.capitalize() or race.process.acronym or str(race.process.id)


def _contest(race: FoundRace, found: FoundContest, rule: ContestRule, shown: Mapping[str, str]) -> Contest:
    race_name = race.name or _process_name(race)
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
            surname="" if one.candidate.split()[-2:-1] == [first] else first,
        )
