"""What axe-core objects to on a page as it stands, on a phone and in a window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# By night nothing but colours differs, so only what is judged by colour is looked at again.
_BY_NIGHT = {"runOnly": ["color-contrast", "link-in-text-block"]}
SIZES = ({"width": 360, "height": 800}, {"width": 1280, "height": 800})
_SCRIPT: str = Axe().axe_script
# Nine tenths of axe's work on a long page is to judge contrast, of 400 rows 400 times the same. Of texts that lie in
# the flow of the page and whose colours, sizes and surroundings are alike, three are judged; of all others, each.
_ENOUGH = 3
_RUN = """async ([options, enough]) => {
  const looks = new Map(), names = new Map(), times = new Map(), left = [];
  const name = (told) => names.get(told) ?? names.set(told, names.size + 1).get(told);
  const look = (each) => {
    if (!each) return 0;
    if (!looks.has(each)) {
      const around = look(each.parentElement), own = getComputedStyle(each);
      const isInFlow = around !== null && !(each instanceof SVGElement) && own.float === "none"
        && own.transform === "none" && (own.position === "static" || own.position === "relative");
      looks.set(each, !isInFlow ? null : name([
        around, each.localName, own.color, own.backgroundColor, own.backgroundImage, own.opacity, own.filter,
        own.mixBlendMode, own.textShadow, own.fontSize, own.fontWeight, own.display, own.visibility,
        own.top, own.left, each.matches(":disabled, [aria-disabled=true], [aria-hidden=true]"),
      ].join("|")));
    }
    return looks.get(each);
  };
  for (const each of document.body.querySelectorAll("*")) {
    const own = look(each);
    if (own === null) continue;
    // axe judges no text of a single letter, and none that takes no room: such are no example of the others.
    const text = [...each.childNodes].map((one) => one.nodeType === Node.TEXT_NODE ? one.data.trim() : "").join("");
    const kind = name([own, text.length > 1, each.getClientRects().length > 0].join("|"));
    times.set(kind, (times.get(kind) ?? 0) + 1);
    if (times.get(kind) > enough) left.push(each);
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-judged-alike])" }] });
  for (const each of left) each.setAttribute("data-judged-alike", "");
  try {
    return (await axe.run(document, { resultTypes: ["violations"], ...options })).violations;
  } finally {
    for (const each of left) each.removeAttribute("data-judged-alike");
  }
}"""


def objections(page: Page) -> list[str]:
    """What axe objects to in both sizes, in the page's light and in its dark colours, each with the element."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT)
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme, rules in (("light", {}), ("dark", _BY_NIGHT)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme}: {one}" for one in _told(page.evaluate(_RUN, [rules, _ENOUGH]))]
    return found


def _told(violations: list[Any]) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in violations
        for node in one["nodes"]
    ]
