"""What a page says of one contest among many, as text; `browser/count/races.js` states the same rules.

A race is one row of the API: its first lists, ties not cut, and what its rule makes of the count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dashboard.components import outcome
from dashboard.figures import DASH, group, percent, share_decimals
from dashboard.vocabulary import CONTEST_STATES
from dashboard.words import Words, unparted
from tally.keys import CHILD_LEVEL, UBIGEO_LEVELS, area_key, is_within, level_of, prefix_of

Data = Mapping[str, Any]
# More than that many are not listed at once: those of smaller areas stand behind the areas around them.
MOST_LISTED = 40


def lists_of(race: Data) -> dict[int, Data]:
    """The lists that the row has, by their place in the contest."""
    return {entry["index"]: entry for entry in race["lists"]}


def valid_of(race: Data) -> int:
    """The valid votes that its shares are of."""
    return int(race["valid"] or 0)


def share_of(race: Data, entry: Data) -> str:
    """A list's share with the decimals that its board has: as finely as the first two need."""
    first, *others = (each["votes"] for each in race["lists"])
    decimals = share_decimals(first - others[0], valid_of(race)) if others else 1
    return percent(entry["votes"], valid_of(race), decimals)


def uncounted_of(race: Data) -> int:
    """Actas that are not in its figures yet."""
    return int(race["actas"]["challenged"] + race["actas"]["pending"])


def threshold_of(race: Data) -> Fraction | None:
    """The part of the valid votes that wins, where the rule has one."""
    threshold = race["rule"].get("threshold")
    return Fraction(threshold) if threshold else None


def distance_of(race: Data) -> str:
    """How far its first list is above or below the threshold, in votes."""
    votes: int | None = race["threshold_votes"]
    return DASH if votes is None else f"{'+' if votes >= 0 else '−'}{group(abs(votes))}"


def said_of(race: Data, words: Words) -> str:
    """What is certain of it and what is open, in a sentence or two."""
    found = race["outcome"]
    if found is None:
        return words(f"race_why.{race['state']}")
    contest = {"lists": lists_of(race), "rule": race["rule"]}
    tied = outcome.tie(found, contest, words)
    certain = _certain(found, contest, words)
    hangs = None if is_settled(found) or tied else _open(race, contest, words)
    return unparted(" ".join(filter(None, (certain, tied, hangs))))


def is_settled(found: Data) -> bool:
    """Whether its rule leaves nothing open: who won, or which two go to the run-off."""
    return found["winner"] is not None or (found["state"] == "runoff" and len(found["first_two"]) == 2)


def _certain(found: Data, contest: Data, words: Words) -> str | None:
    if found["threshold"] is None:
        return None if found["winner"] is None else words("races.won", leader=_short(contest, found["winner"]))
    return None if found["state"] == "open" else outcome.conclusion(found, contest, words)


def _open(race: Data, contest: Data, words: Words) -> str | None:
    """The open margin that hangs on the fewest votes, and how many actas can still turn it."""
    margins = [one for one in race["outcome"]["margins"] if one["is_open"] and not outcome.is_tie(one)]
    if not margins:
        return None
    one = min(margins, key=lambda margin: abs(margin["votes"]))
    values = {"actas": uncounted_of(race), "n": abs(one["votes"]), "leader": _short(contest, one["ahead"])}
    if one["kind"] == "first_threshold":
        part = outcome.part_of(race["rule"])
        return words("races.above" if one["votes"] >= 0 else "races.below", part=part, **values)
    return words(f"races.{one['kind']}", behind=_short(contest, one["behind"]), **values)


def _short(contest: Data, place: int) -> str:
    return str(contest["lists"][place]["short"])


@dataclass(frozen=True)
class Group:
    """Races of smaller areas, behind the area around them: how many of each state."""

    key: str
    counts: Mapping[str, int]


def counts_of(races: Iterable[Data]) -> dict[str, int]:
    """How many there are of each state, in their order."""
    states = [race["state"] for race in races]
    return {state: states.count(state) for state in CONTEST_STATES if state in states}


def listed(races: Sequence[Data], within: str) -> tuple[list[Data], list[Group]]:
    """The races of an area that are listed, and the areas behind which the others stand, where those are too many."""
    inside = [race for race in races if is_within(race["whole"], within)]
    below = CHILD_LEVEL[level_of(within)]
    if len(inside) <= MOST_LISTED or below not in UBIGEO_LEVELS:
        return inside, []
    shown, behind = list[Data](), dict[str, list[Data]]()
    for race in inside:
        if level_of(race["whole"]) in (level_of(within), below):
            shown.append(race)
        else:
            behind.setdefault(area_key(prefix_of(race["scope"], below)), []).append(race)
    return shown, [Group(key, counts_of(own)) for key, own in sorted(behind.items())]


def meta_of(meta: Data, races: Sequence[Data]) -> Data:
    """What is said of all of them: the newest times, and whether actas are out; how the source is, by the first one."""
    is_complete = bool(races) and all(race["actas"]["total"] and not uncounted_of(race) for race in races)
    changed = max((race["changed_at"] or race["as_of"] or "" for race in races), default="") or None
    checked = max((race["checked_at"] or "" for race in races), default="") or None
    feed = {**meta["feed"], "checked_at": checked, "changed_at": changed, "source_at": None}
    return {**meta, "feed": feed, "status": "unofficial-complete" if is_complete else "unofficial-partial"}
