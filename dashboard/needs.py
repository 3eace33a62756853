"""What a page needs in the browser beyond what every page has: scripts, styles and sections of the texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.desks import DESKS
from dashboard.routes import TIMELINE


@dataclass(frozen=True)
class Needs:
    """Names in assets/ and sections of the texts. A page with scripts of its own is always loaded as a document."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


NEEDS: Mapping[str, Needs] = {
    TIMELINE: Needs(("timeline.js",), sections=("actas",)),
    **{path: Needs(desk.scripts, ("mission.css",), desk.sections) for path, desk in DESKS.items()},
}


def needs_of(address: str) -> Needs:
    """The needs of the page at an address, whatever its query."""
    return NEEDS.get(address.partition("?")[0], Needs())
