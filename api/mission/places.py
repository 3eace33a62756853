"""Where an incident was, as far as the count knows; also at a mesa or place that the source has not named yet.

Reports come all day, the source's lists of mesas only when it counts. Such a report is taken, and found its place for
whoever reads it once the count knows it. The log keeps what was known when it came in, until a publication enters
where that is: all that is public is made from the log alone, so nothing becomes public by the count's word.
"""

from msgspec.structs import replace

from api.live.outlook import find_whole
from mission.incidents.book import Book
from mission.incidents.incident import Incident
from mission.incidents.location import Location
from tally.errors import InvalidInput
from tally.keys import NATION, Level, code_of, is_key, is_within, level_of, place_key, start_of
from tally.view import View


def locate(key: str, view: View) -> Location | None:
    """The location that a key of the count names; None if it has none, and it can be no mesa or place to come."""
    if key not in view.entries:
        may_come = is_key(key) and level_of(key) in (Level.MESA, Level.POLLING_PLACE)
        return Location(key) if may_come and not is_whole(view) else None
    if level_of(key) is Level.DISTRICT:
        return Location(key, None, code_of(key))
    above = view.topics(key)
    place = next((code_of(topic) for topic in above if topic.startswith(start_of(Level.POLLING_PLACE))), None)
    return Location(key, place, code_of(above[0]))


def lies_within(key: str | None, place: str | None, district: str | None, area: str) -> bool:
    """Whether what has that key, and is known to be at that place in that district, lies in an area, place or mesa.

    Raises: InvalidInput: `area` is no key.
    """
    if not is_key(area):
        raise InvalidInput(f"within={area[:40]!r} is no key of this count")
    if area in (NATION, key):
        return True
    if level_of(area) is Level.POLLING_PLACE:
        return place is not None and place_key(place) == area
    return district is not None and is_within(district, area)


def find_lost(book: Book, view: View) -> dict[str, Location]:
    """Where the count has by now what it did not have when it was reported, by incident."""
    known = {
        incident.id: locate(incident.report.location.key or "", view)
        for incident in book.incidents.values()
        if _is_lost(incident)
    }
    return {key: location for key, location in known.items() if location is not None and location.district is not None}


def relocate(book: Book, view: View) -> Book:
    """The book with every incident where the count says by now that it is."""
    found = {
        key: replace(book.incidents[key], report=replace(book.incidents[key].report, location=location))
        for key, location in find_lost(book, view).items()
    }
    return replace(book, incidents={**book.incidents, **found}) if found else book


def _is_lost(incident: Incident) -> bool:
    return incident.report.location.key is not None and incident.report.location.district is None


def is_whole(view: View) -> bool:
    """Whether every acta that the source speaks of is known by its mesa; not while it has stated no count of the whole.

    Until then nobody knows how many there are: its list of mesas is as long as it was read by now.
    """
    whole = find_whole(view)
    return whole is not None and whole.is_named
