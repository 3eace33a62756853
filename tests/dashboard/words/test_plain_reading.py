"""Pages as they are read without styles, on paper, and in high contrast: nothing runs together, nothing is cut."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import STANDS, open_live, until

_PATHS = (
    "/",
    "/area/department/14",
    "/area/district/140101",
    "/place/0001",
    "/mesa/000003",
    "/queue",
    "/timeline",
    "/corrections?kind=all",
    "/methods",
    "/nope",
)
_IN_LINE = {"a", "b", "button", "code", "small", "span", "time", "label"}
_UNREAD = {"script", "style", "template", "svg", "title", "option"}


class Glued(HTMLParser):
    """Finds elements of one line between which a reader without styles finds no space."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.texts: list[str] = []
        self._skipped = 0
        self._line = ""  # what stands before, in the same line
        self._is_beside = False  # an element of the line has just ended

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in _UNREAD
        if tag in _IN_LINE:
            self._is_open_beside = self._is_beside
        else:
            self._line, self._is_beside = "", False

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in _UNREAD
        if tag in _IN_LINE:
            self._is_beside = True
        elif tag != "i":
            self._line, self._is_beside = "", False

    def handle_data(self, data: str) -> None:
        if self._skipped or not data:
            return
        self.texts.append(data)
        if self._is_beside and self._line[-1:].isalnum() and data[0].isalnum():
            self.found.append(f"{self._line[-20:]}|{data[:20]}")
        self._line, self._is_beside = data, False


def read(html: str) -> Glued:
    reader = Glued()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("language", ["es", "en"])
def test_names_numbers_and_links_have_spaces_between_them(client: Any, language: str) -> None:
    glued = {}
    for path in _PATHS:
        glued[path] = read(client.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text).found
    assert {path: found for path, found in glued.items() if found} == {}


def test_that_words_run_together_is_found() -> None:
    assert read("<p><b>Norte</b><span>50 %</span></p>").found == ["Norte|50 %"]
    assert read("<p><b>Norte</b> <span>50 %</span><br>x</p>").found == []


# Numbers of which a part stands in another line than the rest.
_BROKEN = r"""() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const match of node.data.matchAll(/\d[\d ]*\d(\.\d+)?( %)?/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(match[0]);
    }
  }
  return found;
}"""


@pytest.mark.browser
def test_no_number_breaks_across_lines_however_narrow_the_page(phone: Page, site: str) -> None:
    broken = {}
    for path in (*_PATHS, "/?lang=en", "/queue?lang=en", "/timeline?lang=en"):
        phone.goto(f"{site}{path}", wait_until="domcontentloaded")
        phone.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        for width in (360, 240):
            phone.set_viewport_size({"width": width, "height": 800})
            broken[f"{path} {width}"] = phone.evaluate(_BROKEN)
    assert {path: found for path, found in broken.items() if found} == {}


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_time_is_in_words(client: Any, language: str) -> None:
    stamps = {}
    for path in _PATHS:
        texts = read(client.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text).texts
        stamps[path] = [text for text in texts if re.search(r"\d{4}-\d\d-\d\dT", text)]
    assert {path: found for path, found in stamps.items() if found} == {}


def test_paper_names_the_place_and_when_the_figures_are_from(client: Any) -> None:
    for path, place in (("/area/department/14", "Lima"), ("/place/0001", "IE 1015 República del Paraguay")):
        html = client.get(path).text
        dated = re.search(r'<p class="dated">(.*?)</p>', html)
        assert dated is not None
        words = re.sub(r"<[^>]+>", "", dated[1])
        assert words.startswith(place)
        assert words.endswith(" · cifras hasta el 13/06/2026 14:05:40")


@pytest.mark.browser
def test_on_paper_every_moment_has_its_day_and_year_and_on_screen_none_is_changed(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/area/department/14?view=table")
    moments = wide.locator('.lead time[datetime]:not([data-time="checked"])')
    before = moments.all_text_contents()
    wide.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    full = moments.all_text_contents()
    assert full
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", text) for text in full)
    expect(wide.locator("[data-dated]")).to_have_text(re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"))
    wide.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert moments.all_text_contents() == before


@pytest.fixture
def contrast(browser: Browser) -> Iterator[Page]:
    """A page in forced colours."""
    context = browser.new_context(reduced_motion="reduce", forced_colors="active")
    yield context.new_page()
    context.close()


@pytest.mark.long
@pytest.mark.browser
def test_axe_finds_nothing_to_object_to_in_forced_colours_either(contrast: Page, site: str, api: ToyApi) -> None:
    found = {}
    for path in ("/?view=table", "/?view=map", "/area/district/140101?lang=en", "/queue", "/timeline", "/methods"):
        contrast.goto(site + path)
        if "view=map" in path:
            until(contrast, STANDS)
        found[path] = objections(contrast)
    assert {path: list_ for path, list_ in found.items() if list_} == {}
