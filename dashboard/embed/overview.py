"""The embed of an election with many contests: how all of them stand, the map of their areas, and their first lists.

It has no socket: on election night some race always changes, so its script asks for the page again from time to time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.colours import Presentation
from dashboard.components import regions
from dashboard.components.races import counts_of, listed, meta_of, said_of, share_of
from dashboard.components.racetable import counted_share, names_of
from dashboard.embed.document import Wiring
from dashboard.embed.drawing import LINE, textured
from dashboard.embed.scene import THEMES, Data, Scene
from dashboard.embed.sharing import OVERVIEW, card_link, discovery_link, head_tags
from dashboard.markup import render
from dashboard.routes import root_of
from dashboard.words import Words
from tally.keys import NATION


@dataclass(frozen=True)
class Overview(Scene):
    """A scene of all contests together. `shown` are those that are listed, `states` how many of all stand how."""

    shown: Sequence[Data] = ()
    races: Sequence[Data] = ()

    @property
    def title(self) -> str:
        """The election."""
        return self.words.of(self.meta["name"])

    @property
    def states(self) -> dict[str, int]:
        """How many of all contests are in each state that there is."""
        return counts_of(self.races)

    @property
    def times(self) -> list[tuple[str, str | None]]:
        """When the sources were last asked and last said something new; of a past moment which it is."""
        if self.at is not None:
            return [("read", self.meta["as_of"]), ("frozen", self.at)]
        feed = self.meta["feed"]
        return [("checked", feed["checked_at"]), ("changed", feed["changed_at"])]


def overview_of(table: Data, meta: Data, words: Words, presentation: Presentation, outline: Data | None) -> Overview:
    """What the API's table of contests and its meta say, as a scene of now."""
    races = table["rows"]
    told = {**meta_of(meta, races), "as_of": table["as_of"] or meta["as_of"], "is_test": table["is_test"]}
    shown = listed(races, NATION)[0]
    return Overview(NATION, "", told, {}, words, presentation, outline=outline, shown=shown, races=races)


def render_overview(scene: Overview, wiring: Wiring, address: str) -> str:
    """The document; `address` is its path and query."""
    words, at = scene.words, scene.at or scene.meta["as_of"]
    links = {
        "page": scene.permalink(),
        "card": card_link(scene.home, OVERVIEW, words, at),
        "oembed": discovery_link(scene.home, address),
    }
    return render(
        "embed/overview.html",
        scene=scene,
        words=words,
        wiring=wiring,
        scheme="light dark" if scene.theme == THEMES[0] else scene.theme,
        told=head_tags(scene.home, scene.title, words("races.card", n=len(scene.races)), links),
        map=regions.layout(scene.shown, scene.outline, words),
        rows=_rows(scene),
        textured=textured,
        line=LINE,
    )


def _rows(scene: Overview) -> list[dict[str, Any]]:
    """The listed races as they are told: name and way, state, first lists, how much is counted, what is certain."""
    words = scene.words
    return [
        {
            "id": race["id"],
            "name": name,
            "href": words.front(f"{root_of(race['id'])}/"),
            "state": race["state"],
            "lists": [(entry, share_of(race, entry)) for entry in race["lists"]],
            "counted": counted_share(race),
            "said": said_of(race, words),
        }
        for race, name in zip(scene.shown, names_of(scene.shown, words), strict=True)
    ]
