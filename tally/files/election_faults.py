"""What is wrong with an election's file: every fault in one sentence, with its place."""

import math
import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import msgspec

from tally.election import Contest, Election, ListEntry, Official, OfficialArea, OfficialFinal, Polling
from tally.files.faults import Fault, read_struct, twice
from tally.keys import PREFIX_LENGTH, is_prefix
from tally.previous import declaration

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
# What stands in the place of a contest's id in addresses of the API.
_TAKEN = frozenset({"live", "stream"})
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CODE = re.compile(r"[0-9]{1,12}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_PAGE = re.compile(r"[a-z0-9-]+")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Five times our own pace: no source is to be asked more often by a slip of a file.
_MOST_REQUESTS_PER_S = 10.0
# What every database holds in a column of integers.
_INTEGERS = range(2**31)


def read_election(data: bytes) -> tuple[Election | None, list[Fault]]:
    """The election of a file's bytes and its faults; None where they leave no election."""
    election, faults = read_struct(data, Election)
    return election, faults if election is None else list(_sense(election))


def _sense(election: Election) -> Iterator[Fault]:
    """Faults of what has its form, but cannot be."""
    if not _ID.fullmatch(election.id):
        yield Fault("id", f"{election.id!r} is not lower-case letters, digits and hyphens")
    yield from _sense_of_hosts(election.hosts)
    if not _TIME.fullmatch(election.closes_at):
        yield Fault("closes_at", f"{election.closes_at!r} is not a time like 17:00")
    try:
        ZoneInfo(election.timezone)
    except (ValueError, OSError, KeyError):
        yield Fault("timezone", f"{election.timezone!r} is not the name of a time zone")
    for field in ("name", "credit"):
        if not getattr(election, field).get("es"):
            yield Fault(field, "says nothing in Spanish (es)")
    yield from _sense_of_polling(election.polling)
    if not election.contests:
        yield Fault("contests", "there is none")
        return
    for at, contest in enumerate(election.contests):
        yield from _sense_of_contest(contest, f"contests[{at}] ({contest.id})")
    yield from twice("contests", "id", (contest.id for contest in election.contests))
    yield from _overlaps(election.contests)
    yield from _sense_of_official(election)
    yield from _sense_of_predecessor(election)


def _sense_of_hosts(hosts: tuple[str, ...]) -> Iterator[Fault]:
    if not hosts:
        yield Fault("hosts", "names no host")
    for at, host in enumerate(hosts):
        if not _HOST.fullmatch(host):
            yield Fault(f"hosts[{at}]", f"{host!r} is not the name of a host")


def _sense_of_polling(polling: Polling) -> Iterator[Fault]:
    for field, value in msgspec.structs.asdict(polling).items():
        if not 0 < value < math.inf:
            yield Fault(f"polling · {field}", f"{value} is not a number above 0")
        elif field == "requests_per_s" and value > _MOST_REQUESTS_PER_S:
            yield Fault(f"polling · {field}", f"{value} is more than {_MOST_REQUESTS_PER_S:g} requests a second")


def _sense_of_contest(contest: Contest, place: str) -> Iterator[Fault]:
    if not _ID.fullmatch(contest.id):
        yield Fault(f"{place} · id", f"{contest.id!r} is not lower-case letters, digits and hyphens")
    elif contest.id in _TAKEN:
        yield Fault(f"{place} · id", f"{contest.id!r} is taken: it stands in addresses of all contests together")
    if not contest.name.get("es"):
        yield Fault(f"{place} · name", "says nothing in Spanish (es)")
    if contest.scope and not is_prefix(contest.scope):
        yield Fault(f"{place} · scope", f"{contest.scope!r} is not the 2, 4 or 6 digits of an area's ubigeo")
    if contest.source_id not in _INTEGERS:
        yield Fault(f"{place} · source_id", f"{contest.source_id} is not an id of the source")
    if contest.registered is not None and contest.registered not in _INTEGERS[1:]:
        yield Fault(f"{place} · registered", f"{contest.registered} is not a number of voters")
    if contest.source_page is not None and not _PAGE.fullmatch(contest.source_page):
        yield Fault(f"{place} · source_page", f"{contest.source_page!r} is not lower-case letters, digits and hyphens")
    for at, entry in enumerate(contest.lists):
        yield from _sense_of_list(entry, f"{place} · lists[{at}] ({entry.id})")
    for field in ("id", "code", "color"):
        yield from twice(f"{place} · lists", field, (getattr(entry, field) for entry in contest.lists))


def _sense_of_list(entry: ListEntry, place: str) -> Iterator[Fault]:
    if not _ID.fullmatch(entry.id):
        yield Fault(f"{place} · id", f"{entry.id!r} is not lower-case letters, digits and underscores")
    if not _CODE.fullmatch(entry.code):
        yield Fault(f"{place} · code", f"{entry.code!r} is not a number of the source")
    if not _COLOR.fullmatch(entry.color):
        yield Fault(f"{place} · color", f"{entry.color!r} is not a colour like #2166ac")
    for field in ("name", "short"):
        if not getattr(entry, field).strip():
            yield Fault(f"{place} · {field}", "is empty")


def _overlaps(contests: Sequence[Contest]) -> Iterator[Fault]:
    """Two contests of one race cannot share a voter."""
    at: dict[tuple[int, str], list[int]] = {}
    for place, contest in enumerate(contests):
        at.setdefault((contest.source_id, contest.scope), []).append(place)
    for place, contest in enumerate(contests):
        around = {contest.scope[:length] for length in (0, *PREFIX_LENGTH.values())}
        for outer in sorted(around):
            for other in at.get((contest.source_id, outer), ()):
                if other == place or (outer == contest.scope and other > place):
                    continue
                later, earlier = (contests[one].id for one in sorted((place, other), reverse=True))
                shared = contest.scope or "all"
                what = f"{later!r} and {earlier!r} are both of race {contest.source_id}, and share {shared}"
                yield Fault("contests", what)


def _sense_of_official(election: Election) -> Iterator[Fault]:
    final, official = election.official_final, election.official
    if isinstance(official, Official):
        for at, area in enumerate(official.areas):
            yield from _sense_of_official_area(election, area, f"official · areas[{at}] ({area.ubigeo})")
    if isinstance(final, OfficialFinal):
        yield from _sense_of_result(final, "official_final", election.contests[0])


def _sense_of_official_area(election: Election, area: OfficialArea, place: str) -> Iterator[Fault]:
    contest = election.contest_of(area.ubigeo)
    if contest is None:
        yield Fault(place, "lies in no contest")
        return
    yield from _sense_of_result(area, place, contest)
    if area.at_jee + area.pending > area.mesas:
        yield Fault(place, f"has {area.at_jee + area.pending} actas that are not counted, of {area.mesas}")


def _sense_of_predecessor(election: Election) -> Iterator[Fault]:
    declared = election.predecessor
    if declared is None:
        return
    if declared.election == election.id:
        yield Fault("predecessor · election", "is this election itself")
    lists = frozenset(entry.id for contest in election.contests for entry in contest.lists)
    for place, what in declaration.faults(declared, lists):
        yield Fault(f"predecessor · {place}", what)


def _sense_of_result(result: OfficialArea | OfficialFinal, place: str, contest: Contest) -> Iterator[Fault]:
    if len(result.votes) != len(contest.lists):
        yield Fault(f"{place} · votes", f"has {len(result.votes)} figures for {len(contest.lists)} lists")
    challenged = result.challenged if isinstance(result, OfficialArea) else 0
    parts = sum(result.votes) + (result.blank or 0) + (result.null or 0) + challenged
    is_told = result.blank is not None and result.null is not None
    if parts > result.cast or (is_told and parts != result.cast):
        yield Fault(place, f"its votes add up to {parts}, not to the {result.cast} cast")
