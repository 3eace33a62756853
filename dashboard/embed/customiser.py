"""The page where a producer chooses an embed: a form that works without scripts, the code to paste, and previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.embed.scene import THEMES, VIEWS, Scene
from dashboard.embed.snippet import FRAME, HEIGHT_SCRIPT, HEIGHTS, SCRIPT, snippet
from dashboard.markup import render
from texts.language import DEFAULT_LANGUAGE, LANGUAGES, NAMES


@dataclass(frozen=True)
class Chosen:
    """What stands in the form. `areas` are (key, name) of all that may be chosen, by heading ("" for none);
    `title` is that of the whole count."""

    view: str
    area: str
    theme: str
    has_incidents: bool
    address: str
    areas: Mapping[str, Sequence[tuple[str, str]]]
    ancestors: Sequence[str]
    title: str


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
    }
    choices = [("view", VIEWS, chosen.view), ("lang", LANGUAGES, words.code), ("theme", THEMES, chosen.theme)]
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
        moment=scene.at or scene.meta["as_of"],
        snippet=snippet(scene.home, chosen.address, scene.title, HEIGHTS[chosen.view]),
        height=HEIGHTS[chosen.view],
        who=words("customiser.everybody") if "*" in chosen.ancestors else ", ".join(chosen.ancestors),
        credit=credit.partition(": ")[2] or credit,
    )
