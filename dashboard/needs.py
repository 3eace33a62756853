"""What a page needs in the browser beyond what every page has: an entry of the modules, a style, more words."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.mission_pages import PAGES
from dashboard.routes import TIMELINE


@dataclass(frozen=True)
class Needs:
    """Names of built files. A page with an entry of its own is always loaded as a document."""

    entry: str | None = None
    style: str | None = None
    is_mission: bool = False


NEEDS: Mapping[str, Needs] = {
    TIMELINE: Needs("timeline"),
    **dict.fromkeys(PAGES, Needs("mission", "mission", is_mission=True)),
}


def needs_of(address: str) -> Needs:
    """The needs of the page at an address, whatever its query."""
    return NEEDS.get(address.partition("?")[0], Needs())
