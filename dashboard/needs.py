"""What a page needs in the browser beyond what every page has: an entry of the modules, a style, more words."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.mission_pages import PAGES
from dashboard.routes import TIMELINE, split_path


@dataclass(frozen=True)
class Needs:
    """Names of built files. A page with an entry of its own is always loaded as a document."""

    entry: str | None = None
    style: str | None = None
    words: str | None = None


# The page of an election's races, and that of a ballot's.
RACES = Needs("races", "races", "races")
NEEDS: Mapping[str, Needs] = {
    TIMELINE: Needs("timeline"),
    **dict.fromkeys(PAGES, Needs("mission", "mission", "mission")),
}


def needs_of(address: str) -> Needs:
    """The needs of the page at an address, whatever its query."""
    return NEEDS.get(split_path(address.partition("?")[0])[1], Needs())
