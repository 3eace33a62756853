"""An operator's own colours for lists, over those of the elections' files: a newsroom has a style sheet of its own.

The file has a table for each election by its id, in it a colour for each list by its code, and where contests share no
codes a table for each contest:

    ["2026-06-07-president-runoff"]
    8 = "#e0731d"

    ["2026-10-04-governor".callao]
    12 = "#5b3f8c"
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ingest.drafting.colors import GROUNDS, LEAST_CONTRAST, LEAST_DISTANCE, contrast, distance
from tally.election import Contest, Election
from tally.errors import InvalidInput

_COLOR = re.compile(r"#[0-9a-f]{6}")
# By list code, and of single contests by contest, too.
Colors = Mapping[str, str | Mapping[str, str]]


def recoloured(elections: Mapping[str, Election], path: Path) -> dict[str, Election]:
    """The elections with the colours of a file.

    Raises: InvalidInput: it cannot be read, names what there is not, or gives two lists of a contest one colour.
    """
    found = dict(elections)
    for name, colors in _read(path).items():
        election = found.get(name)
        if election is None:
            raise InvalidInput(f"colours {path}: no election is {name!r}")
        _check(election, colors, f"colours {path}: {name}")
        contests = tuple(_in_colors(one, _of_contest(one, colors)) for one in election.contests)
        found[name] = replace(election, contests=contests)
    return found


def hard_to_see(election: Election, path: Path) -> Iterator[str]:
    """What is wrong with the file's colours for eyes: too near to a page's ground, or to another list's colour."""
    given = _read(path).get(election.id, {})
    for contest in election.contests:
        own = _of_contest(contest, given)
        for entry in contest.lists:
            faint = [ground for ground in GROUNDS if contrast(entry.color, ground) < LEAST_CONTRAST]
            if entry.code in own and faint:
                ratio = f"{contrast(entry.color, faint[0]):.1f} to 1 on {faint[0]}, {LEAST_CONTRAST} is the least"
                yield f"{contest.id}: {entry.code} {entry.color} has {ratio}"
        for one, other in combinations(contest.lists, 2):
            if own.keys() & {one.code, other.code} and distance(one.color, other.color) < LEAST_DISTANCE:
                yield f"{contest.id}: {one.code} {one.color} and {other.code} {other.color} are one to some eyes"


def _read(path: Path) -> dict[str, Colors]:
    try:
        found: dict[str, Colors] = msgspec.toml.decode(
            path.read_bytes(), type=dict[str, dict[str, str | dict[str, str]]]
        )
    except (OSError, ValueError, RecursionError) as error:  # also no UTF-8, or too deep
        raise InvalidInput(f"colours {path}: {error}") from error
    return found


def _check(election: Election, colors: Colors, place: str) -> None:
    contests = {contest.id: {entry.code for entry in contest.lists} for contest in election.contests}
    for name, given in colors.items():
        if isinstance(given, str):
            known, chosen = set[str]().union(*contests.values()), {name: given}
        else:
            known, chosen = contests.get(name, set()), dict(given)
        for code, color in chosen.items():
            if code not in known:
                raise InvalidInput(
                    f"{place}: no list of {election.id if isinstance(given, str) else name!r} has code {code}"
                )
            if not _COLOR.fullmatch(color.lower()):
                raise InvalidInput(f"{place}: {code} = {color!r} is not a colour like #2166ac")


def _of_contest(contest: Contest, colors: Colors) -> dict[str, str]:
    """The colours of a contest's lists: its own first, then those of the election."""
    of_all = {code: color for code, color in colors.items() if isinstance(color, str)}
    of_one = colors.get(contest.id, {})
    given = {**of_all, **(of_one if isinstance(of_one, Mapping) else {})}
    return {entry.code: given[entry.code].lower() for entry in contest.lists if entry.code in given}


def _in_colors(contest: Contest, own: Mapping[str, str]) -> Contest:
    lists = tuple(replace(entry, color=own.get(entry.code, entry.color)) for entry in contest.lists)
    if own and len({entry.color for entry in lists}) < len(lists):
        twice = next(one.color for one, other in combinations(lists, 2) if one.color == other.color)
        raise InvalidInput(f"colours: two lists of {contest.id} are {twice}")
    return replace(contest, lists=lists)
