"""The pages of the mission: where each stands and what it is called.

They are shells without data: scripts fill them from `/api/v1/mission` for whoever has signed in.
"""

from collections.abc import Mapping

from texts.language import sections_in

ROOT = "/mission"
_NAMES = (
    "desk",
    "incidents",
    "incident",
    "report",
    "responses",
    "fill",
    "forms",
    "flags",
    "stake",
    "acta-audits",
    "quick-count",
    "coverage",
    "map-changes",
    "summary",
    "public",
    "people",
    "accounts",
    "findings",
    "guides",
    "place",
    "messages",
)
# `browser/mission/pages/views.js` has a view for each name.
PAGES: Mapping[str, str] = {ROOT if name == "desk" else f"{ROOT}/{name}": name for name in _NAMES}
# Those that an observer needs where there is no network: the service worker keeps them.
KEPT = frozenset({"desk", "fill", "guides", "incident", "messages", "quick-count", "report"})
# Where a page was before.
MOVED: Mapping[str, str] = {f"{ROOT}/audit": f"{ROOT}/acta-audits"}
# The sections of the texts that its pages say, and the thread of a polling place on the public pages.
SECTIONS = (
    "area",
    *sections_in(
        *("mission", "forms", "filling", "responses", "findings", "guides", "quickcount", "people", "messages", "csv"),
        "abroad",
    ),
)
