"""What a page needs in the browser beyond what every page has: an entry of the modules, a style, more words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.mission_pages import PAGES
from dashboard.routes import TIMELINE, split_path


@dataclass(frozen=True)
class Needs:
    """Names of built files. A page with an entry or a first style of its own is always loaded as a document.

    `first` stands in the document itself and is all that its first paint needs, unless it has a `style` of its own.
    `view`: what the entry loads for this page, asked for together with it.
    """

    entry: str | None = None
    style: str | None = None
    words: str | None = None
    first: str = "first-board"
    view: str | None = None


# The page of an election's races, and that of a ballot's.
RACES = Needs("races", None, "races", "first-races")
ONE_BALLOT = replace(RACES, style="ballot")
NEEDS: Mapping[str, Needs] = {
    TIMELINE: Needs("timeline"),
    **{path: Needs("mission", "mission", "mission", view=name) for path, name in PAGES.items()},
}


def needs_of(address: str) -> Needs:
    """The needs of the page at an address, whatever its query."""
    return NEEDS.get(split_path(address.partition("?")[0])[1], Needs())
