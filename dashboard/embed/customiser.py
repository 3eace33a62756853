"""The page where a producer chooses an embed: a form that works without scripts, the code to paste, and previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.embed.scene import THEMES, VIEWS, Scene
from dashboard.embed.snippet import FRAME, HEIGHT_SCRIPT, HEIGHTS, SCRIPT, snippet
from dashboard.markup import render
from dashboard.routes import WALL
from tally.keys import NATION
from texts.language import DEFAULT_LANGUAGE, LANGUAGES, NAMES


@dataclass(frozen=True)
class Chosen:
    """What stands in the form. `areas` are (key, name) of all that may be chosen, by heading ("" for none); `language`
    is the embed's, which need not be the page's; `titles` are those of the whole count, by language."""

    view: str
    area: str
    theme: str
    has_incidents: bool
    address: str
    areas: Mapping[str, Sequence[tuple[str, str]]]
    ancestors: Sequence[str]
    language: str
    titles: Mapping[str, str]


def document_of(scene: Scene, chosen: Chosen, style: str, script: str) -> str:
    """The page."""
    words = scene.words
    config = {
        "home": scene.home,
        "heights": HEIGHTS,
        "frame": FRAME,
        "script": SCRIPT,
        "copied": words("customiser.copied"),
        "language": DEFAULT_LANGUAGE,
        "titles": chosen.titles,
    }
    choices = [("view", VIEWS, chosen.view), ("lang", LANGUAGES, chosen.language), ("theme", THEMES, chosen.theme)]
    title = chosen.titles[chosen.language] if scene.key == NATION else scene.title
    credit = words.of(scene.meta["credit"])
    return render(
        "embed/customiser.html",
        scene=scene,
        words=words,
        chosen=chosen,
        style=style,
        script=script,
        height_script=HEIGHT_SCRIPT,
        config=config,
        choices=choices,
        names=NAMES,
        wall_path=WALL,
        moment=scene.at or scene.meta["as_of"],
        snippet=snippet(scene.home, chosen.address, title, HEIGHTS[chosen.view]),
        height=HEIGHTS[chosen.view],
        who=words("customiser.everybody") if "*" in chosen.ancestors else ", ".join(chosen.ancestors),
        credit=credit.partition(": ")[2] or credit,
    )
