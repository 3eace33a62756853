"""The words and settings of each language as the browser gets them: a file of their own, which every page shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.built import File, made, style
from dashboard.colours import Presentation
from dashboard.installed import manifest
from dashboard.markup import as_json
from dashboard.mission_pages import SECTIONS
from dashboard.routes import CHOICES
from dashboard.vendor import vendor_urls
from dashboard.words import Words
from tally.keys import (
    ABROAD,
    AREA_LEVELS,
    CHILD_LEVEL,
    DOMESTIC,
    FIRST_ABROAD,
    HEADS,
    MESA_LENGTH,
    NATION,
    PATTERNS,
    PREFIX_LENGTH,
    Level,
)
from texts.language import DEFAULT_LANGUAGE, sections_of
from texts.spelling import SPELLING

# How finely a page's areas are drawn at first, by what lies below it; `browser/map/map.js` is told.
FIRST_SIZE = {
    Level.DEPARTMENT: "low",
    Level.PROVINCE: "mid",
    Level.DISTRICT: "mid",
    Level.POLLING_PLACE: "high",
}
# Sections of the texts that pages about many contests say in the browser.
RACES = ("races", "race_state", "race_count", "race_why", "outcome")
# What the check of a proof says there.
PROOF = ("proof_step", "proof_figure", "figure")
# What says more than every page does, and the sections with it.
_MORE: Mapping[str, Sequence[str]] = {"mission": SECTIONS, "races": RACES, "proof": PROOF}
# The vocabulary of keys, with which `browser/text/keys.js` computes.
KEYS: Mapping[str, Any] = {
    "levels": {head: level for level, head in HEADS.items()},
    "areas": AREA_LEVELS,
    "below": CHILD_LEVEL,
    "lengths": PREFIX_LENGTH,
    "patterns": PATTERNS,
    "mesa_length": MESA_LENGTH,
    "nation": NATION,
    "domestic": DOMESTIC,
    "abroad": ABROAD,
    "first_abroad": FIRST_ABROAD,
}


@dataclass(frozen=True)
class Wording:
    """The files of one language: `shared` makes the page's configuration, `of` adds the words of some pages.

    `manifest`: of the mission as an application.
    """

    shared: File
    of: Mapping[str, File]
    manifest: File


def wordings(languages: Mapping[str, Words], presentation: Presentation) -> dict[str, Wording]:
    """The files of every language."""
    return {code: _wording(words, presentation) for code, words in languages.items()}


def _wording(words: Words, presentation: Presentation) -> Wording:
    shared = words.for_browser()
    told = {"mission": {"shown": presentation.mission_shown, "nearby": presentation.nearby}}
    more = {name: _added(name, words, shared, told.get(name, {})) for name in _MORE}
    plain = as_json({"words": shared, **_settings(presentation, more)})
    file = made(f"words.{words.code}.js", f"window.escrutinio={plain};".encode())
    return Wording(file, more, manifest(words))


def _added(name: str, words: Words, shared: Mapping[str, Any], told: Mapping[str, Mapping[str, int]]) -> File:
    """A file that adds words, and to each setting that is named in `told` what only these pages must know."""
    own = {section: entries for section, entries in sections_of(words, _MORE[name]).items() if section not in shared}
    settings = [f"escrutinio.{key}=Object.assign(escrutinio.{key}??{{}},{as_json(told[key])});" for key in told]
    said = f"Object.assign(escrutinio.words,{as_json(own)});"
    return made(f"{name}.{words.code}.js", "".join((said, *settings)).encode())


def _settings(presentation: Presentation, more: Mapping[str, File]) -> dict[str, Any]:
    """What the modules must know that is the same on every page."""
    return {
        "default_language": DEFAULT_LANGUAGE,
        "tints": presentation.lead_tints,
        "night_tint": presentation.night_tint,
        "bins": presentation.lead_bins,
        "neutral": presentation.neutral,
        "patterns": presentation.patterns,
        "severity_shapes": presentation.severity_shapes,
        "measures": presentation.measures,
        "measure_color": presentation.measure_color,
        "change": {
            "bins": presentation.change_bins,
            "colors": presentation.change_ramp,
            "none": presentation.not_compared,
        },
        "vendor": vendor_urls(),
        "first_size": FIRST_SIZE,
        "keys": KEYS,
        "spelling": SPELLING,
        "choices": CHOICES,
        "shown": presentation.shown,
        "thread": {"words": more["mission"].url, "style": style("mission").url},
        "proof": {"words": more["proof"].url},
    }
