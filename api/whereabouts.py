"""Where an incident was, as far as the count knows; also at a mesa that no list of the source has named yet.

Reports come all day, the source's lists of mesas only when it counts. Such a report is taken, and found its place for
whoever reads it once the count knows the mesa. The log keeps what was known when it came in, and so does all that is
public: it is made from the log alone.
"""

import re

import msgspec
from msgspec.structs import replace

from mission.book import Book
from mission.incident import Incident, Location
from tally.keys import NATION
from tally.model import AreaState
from tally.view import View

_MESA = re.compile("mesa/[0-9]{6}")


def locate(key: str, view: View) -> Location | None:
    """The location that a key of the count names; None if the count does not have it, and it can be no mesa to come."""
    if key not in view.entries:
        return Location(key) if _MESA.fullmatch(key) and not _is_whole(view) else None
    above = view.topics(key)
    if key.startswith("district/"):
        return Location(key, None, key.partition("/")[2])
    place = next((topic.partition("/")[2] for topic in above if topic.startswith("place/")), None)
    return Location(key, place, above[0].partition("/")[2])


def relocate(book: Book, view: View) -> Book:
    """The book with every incident where the count says by now that its mesa is."""
    found = {
        incident.id: replace(incident, report=replace(incident.report, location=location))
        for incident in book.incidents.values()
        if _is_lost(incident) and (location := locate(incident.report.location.key or "", view)) is not None
    }
    return replace(book, incidents={**book.incidents, **found}) if found else book


def _is_lost(incident: Incident) -> bool:
    return incident.report.location.key is not None and incident.report.location.district is None


def _is_whole(view: View) -> bool:
    """Whether every acta that the source speaks of is known by its mesa."""
    nation = view.entries.get(NATION)
    if nation is None:
        return False
    state = msgspec.json.decode(nation.change.data, type=AreaState)
    stated = state.computed if state.published is None else state.published
    return 0 < state.computed.total >= stated.total
