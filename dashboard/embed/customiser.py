"""The page where a producer chooses an embed: a form that works without scripts, the code to paste, and previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.embed.parts import attribute
from dashboard.embed.scene import THEMES, VIEWS, Scene
from dashboard.embed.snippet import HEIGHT_SCRIPT, HEIGHTS, frame, snippet
from dashboard.markup import Finished, as_json, html_of
from texts.language import DEFAULT_LANGUAGE, LANGUAGES, NAMES

WIDTHS = (320, 640, 960)
_SIMULATED = ("none", "stale", "down")
_PROMISES = ("version", "cookies", "time", "down")


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


def render(scene: Scene, chosen: Chosen, style: str, script: str) -> str:
    """The page."""
    words = scene.words
    config = {
        "home": scene.home,
        "heights": HEIGHTS,
        "frame": frame("", "{src}", "{title}", 0).replace('height="0"', 'height="{height}"'),
        "script": f'\n<script async src="{{home}}{HEIGHT_SCRIPT}"></script>',
        "copied": words("customiser.copied"),
        "language": DEFAULT_LANGUAGE,
    }
    title = words("customiser.title")
    return (
        f'<!DOCTYPE html>\n<html lang="{words.code}"><head><meta charset="UTF-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{style}"><script id="config" type="application/json">{as_json(config)}</script>'
        f'<script defer src="{HEIGHT_SCRIPT}"></script><script defer src="{script}"></script></head><body>'
        f'<header><a href="{attribute(words.href("/"))}">{escape(words("page.brand"))}</a></header><main>'
        f"<h1>{escape(title)}</h1><p>{escape(words('customiser.about'))}</p>{_form(scene, chosen)}"
        f"{_code(scene, chosen)}{_previews(scene, chosen)}{_promises(scene, chosen)}</main></body></html>\n"
    )


def _form(scene: Scene, chosen: Chosen) -> str:
    words = scene.words
    areas = "".join(_group(heading, areas, chosen.area) for heading, areas in chosen.areas.items())
    frozen = words("customiser.frozen", at=scene.moment(scene.at or scene.meta["as_of"]))
    moment = f'value="{scene.at or scene.meta["as_of"]}"{" checked" if scene.at else ""}'
    return (
        f'<form action="/embed" id="form"><p><label for="area">{escape(words("customiser.area"))}</label>'
        f'<select name="area" id="area">{areas}</select></p>'
        f"{_choice(scene, 'view', VIEWS, chosen.view)}{_choice(scene, 'lang', LANGUAGES, words.code)}"
        f'{_choice(scene, "theme", THEMES, chosen.theme)}<div class="boxes">'
        f"{_box('incidents', words('customiser.incidents'), 'value=1' + (' checked' if chosen.has_incidents else ''))}"
        f"{_box('at', frozen, moment)}{_box('', words('customiser.grows'), 'id=grows checked')}</div>"
        f'<p class="no-script"><button>{escape(words("customiser.update"))}</button></p></form>'
    )


def _group(heading: str, areas: Sequence[tuple[str, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{escape(name)}</option>' for key, name in areas
    )
    return f'<optgroup label="{attribute(heading)}">{options}</optgroup>' if heading else options


def _choice(scene: Scene, name: str, values: Sequence[str], chosen: str) -> str:
    legend = scene.words(f"customiser.{ {'lang': 'language'}.get(name, name) }")
    radios = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{" checked" if value == chosen else ""}> '
        f"{escape(NAMES.get(value) or scene.words(f'customiser.{value}'))}</label>"
        for value in values
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{radios}</fieldset>"


def _box(name: str, label: str, more: str) -> str:
    named = f' name="{name}"' if name else ""
    return f'<label><input type="checkbox"{named} {more}> {escape(label)}</label>'


def _code(scene: Scene, chosen: Chosen) -> str:
    words = scene.words
    text = snippet(scene.home, chosen.address, scene.title, HEIGHTS[chosen.view])
    links = {
        kind: Finished(f'<a id="{kind}" href="{attribute(picture(chosen.address, kind))}">{kind.upper()}</a>')
        for kind in ("png", "svg")
    }
    pictures = html_of(words.parts("customiser.pictures", **links))
    return (
        f'<section><h2><label for="code">{escape(words("customiser.code"))}</label></h2>'
        f'<textarea id="code" readonly rows="5" spellcheck="false">{escape(text)}</textarea>'
        f'<p><button type="button" id="copy" class="script-only" hidden>{escape(words("customiser.copy"))}</button> '
        f'<span id="said" role="status"></span></p><p>{pictures}</p></section>'
    )


def picture(address: str, kind: str) -> str:
    """The address of the same as a picture."""
    path, mark, query = address.partition("?")
    return f"{path}.{kind}{mark}{query}"


def _previews(scene: Scene, chosen: Chosen) -> str:
    words = scene.words
    address, height = attribute(chosen.address), HEIGHTS[chosen.view]
    titles = {width: attribute(words("customiser.frame", width=width)) for width in WIDTHS}
    frames = "".join(
        f'<figure tabindex="0"><figcaption>{width} px</figcaption>'
        f'<iframe src="{address}" width="{width}" height="{height}" title="{titles[width]}"></iframe></figure>'
        for width in WIDTHS
    )
    buttons = "".join(
        f'<button type="button" data-simulate="{state}" aria-pressed="{"true" if state == "none" else "false"}">'
        f"{escape(words(f'customiser.{state}'))}</button>"
        for state in _SIMULATED
    )
    return (
        f'<section><h2>{escape(words("customiser.preview"))}</h2><div class="simulate" id="simulate" role="group" '
        f'aria-label="{attribute(words("customiser.simulate"))}" hidden><span>{escape(words("customiser.simulate"))}'
        f'</span>{buttons}</div><div class="previews" data-title="{attribute(chosen.title)}">{frames}</div></section>'
    )


def _promises(scene: Scene, chosen: Chosen) -> str:
    words = scene.words
    who = words("customiser.everybody") if "*" in chosen.ancestors else ", ".join(chosen.ancestors)
    said = [words(f"customiser.promise_{name}") for name in _PROMISES]
    said.append(words("customiser.promise_frames", who=who))
    credit = words.of(scene.meta["credit"]).partition(": ")[2] or words.of(scene.meta["credit"])
    said.append(words("customiser.promise_license", credit=credit))
    items = "".join(f"<li>{escape(text)}</li>" for text in said)
    return f"<section><h2>{escape(words('customiser.promises'))}</h2><ul>{items}</ul></section>"
