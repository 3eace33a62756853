"""The lists of a contest on an area's answer and on an acta: every generation of the source names them by code."""

from collections.abc import Mapping

from tally.election import Contest
from tally.errors import FeedMalformed


def area_votes(found: Mapping[str, int], contest: Contest) -> tuple[int, ...]:
    """Votes in the contest's order. A withdrawn list has none by law; every other list must be there.

    Raises: FeedMalformed: a list is unknown or missing, or a withdrawn one has votes.
    """
    unknown = found.keys() - {entry.code for entry in contest.lists}
    if unknown:
        raise FeedMalformed(f"unknown list {', '.join(sorted(unknown))} among the participants")
    for entry in contest.lists:
        if entry.is_withdrawn and found.get(entry.code):
            raise FeedMalformed(f"list {entry.code} ({entry.name}) is withdrawn but has votes")
        if not entry.is_withdrawn and entry.code not in found:
            raise FeedMalformed(f"list {entry.code} ({entry.name}) is missing among the participants")
    return tuple(found.get(entry.code, 0) for entry in contest.lists)


def acta_votes(found: Mapping[str, int | None], contest: Contest) -> tuple[int | None, ...]:
    """Votes in the contest's order; None where the acta shows no figure. A withdrawn list has none by law.

    Raises: FeedMalformed: a list that is not of this contest.
    """
    unknown = found.keys() - {entry.code for entry in contest.lists}
    if unknown:
        raise FeedMalformed(f"unknown list {', '.join(sorted(unknown))} on the acta")
    return tuple(found.get(entry.code, 0 if entry.is_withdrawn else None) for entry in contest.lists)
