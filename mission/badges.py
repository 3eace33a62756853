"""Badges beside the numbers: for each area, place and mesa its open incidents, its flags and what is at stake there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from mission.flags.flag import Flag, FlagSeverity
from mission.flags.sheets import UNKNOWN, Sheets
from mission.incidents.incident import OPEN, UNVERIFIED, Incident
from mission.incidents.rubric import Severity, SeverityCounts, is_incident
from mission.stake import Margin, Stake
from tally.keys import NATION, Level, areas_of, level_of, mesa_key, place_key

_SHOWN = UNVERIFIED | OPEN
_TO_LOOK_AT = (FlagSeverity.HIGH, FlagSeverity.REVIEW)


class BadgeStake(Struct, frozen=True):
    """Votes at stake in doubtful mesas, as in `mission.stake`; what is no race has no margin (None)."""

    mesas: int
    at_most: int
    if_annulled: int | None = None
    margin: int | None = None
    is_troubled: bool = False


class Badge(Struct, frozen=True):
    """Open incidents by severity, flags to look at, and what is at stake."""

    incidents: SeverityCounts
    flags: int
    stake: BadgeStake | None


Badges = dict[str, Badge]


def make_badges(
    incidents: Iterable[Incident],
    flags: Iterable[Flag],
    sheets: Sheets,
    stakes: Mapping[str, tuple[Stake, Margin]],
    roll_bound: int,
) -> Badges:
    """Badges by key, of every level; a key about which nothing is known has none. `sheets`: the doubtful actas."""
    open_incidents: dict[str, Counter[str]] = defaultdict(Counter)
    for incident in incidents:
        if incident.state in _SHOWN and is_incident(incident.report.category):
            for key in _incident_keys(incident):
                open_incidents[key][incident.report.severity] += 1
    counted = Counter(key for flag in flags if flag.severity in _TO_LOOK_AT for key in _flag_keys(flag))
    at_stake = {key: _of_area(*pair) for key, pair in stakes.items()} | _of_stations(sheets, roll_bound)
    return {
        key: Badge({one: open_incidents[key][one] for one in reversed(Severity)}, counted[key], at_stake.get(key))
        for key in (open_incidents.keys() | counted.keys() | at_stake.keys())
    }


def of_level(badges: Badges, level: Level) -> Badges:
    """Only the keys of that level."""
    return {key: badge for key, badge in badges.items() if level_of(key) is level}


def is_troubled(stake: Stake, margin: Margin) -> bool:
    """Close and troubled: what is in question could change who is ahead, or nobody can say while it is in review."""
    return not stake.is_safe(margin)


def _of_area(stake: Stake, margin: Margin) -> BadgeStake:
    return BadgeStake(stake.mesas, stake.at_most, stake.if_annulled, margin.votes, is_troubled(stake, margin))


def _of_stations(sheets: Sheets, roll_bound: int) -> dict[str, BadgeStake]:
    """Places and mesas are no races: they have votes at stake, but no margin."""
    mesas: Counter[str] = Counter()
    voters: Counter[str] = Counter()
    for row, mesa in enumerate(sheets.mesas):
        registered = int(sheets.registered[row])
        keys = [mesa_key(mesa)]
        if sheets.place[row] >= 0:
            keys.append(place_key(sheets.places[sheets.place[row]]))
        for key in keys:
            mesas[key] += 1
            voters[key] += roll_bound if registered == UNKNOWN else registered
    return {key: BadgeStake(number, voters[key]) for key, number in mesas.items()}


def _incident_keys(incident: Incident) -> Iterator[str]:
    location = incident.report.location
    if location.district is None:
        yield NATION
    else:
        yield from areas_of(location.district)
    if location.place is not None:
        yield place_key(location.place)
    if location.key is not None and level_of(location.key) is Level.MESA:
        yield location.key


def _flag_keys(flag: Flag) -> Iterator[str]:
    if level_of(flag.key) is not Level.MESA:
        yield flag.key
        return
    yield flag.key
    if flag.place is not None:
        yield place_key(flag.place)
    if flag.ubigeo is not None:
        yield from areas_of(flag.ubigeo)
