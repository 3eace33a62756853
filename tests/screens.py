"""`make screens`: a picture of every page into docs/screens, with an index: one night, its mission, its embeds.

The pictures of README.md are among them.
"""

import io
import sys
import time
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, StorageState, sync_playwright

from tests.acceptance.team import PASSWORD, Team
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium
from tests.dashboard.watching import STANDS, until
from tests.stage.night import Night, night
from tests.stage.observers import perform
from tests.stage.screens import DISTRICT, SIZES, Screen, find, groups

_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
# The lead has changed twice, a thousand actas wait at the juries, and some were decided.
_HOURS, _SEED = 40, 1
_MOST_BYTES = 6_000_000
_COLOURS = 128
_PAPER = (690, 1000)
_SETTLED_MS, _IDLE_MS, _PATIENCE_S = 700, 10_000, 120
# From here on the index is written by hand: it stays.
_LEARNED = "## What looking at them taught"
_HEAD = """# Every page, seen

Pictures of a rehearsal, made by `make screens`: invented mesas that add up to the official totals, forty hours after
the polls closed, and forty observers. Each page on a phone of 360 × 800 and in a window of 1280 × 800, unless one of
the two is enough.
"""


class Studio:
    """A browser and whoever looks: one context for each size, scheme and account."""

    def __init__(self, browser: Browser, stage: Night, team: Team) -> None:
        self._browser, self._stage, self._team = browser, stage, team
        self._states: dict[str, StorageState] = {}
        self._pages: dict[tuple[tuple[int, int], str, str], Page] = {}

    def take(self, screen: Screen, size: str) -> bytes:
        """The picture, taken while the page is live."""
        if screen.path.endswith(".png"):
            with urlopen(self._stage.url + screen.path, timeout=_PATIENCE_S) as answer:
                return bytes(answer.read())
        page = self._page(_PAPER if screen.is_paper else SIZES[size], screen.scheme, screen.who)
        page.goto(self._stage.url + screen.path, wait_until="domcontentloaded")
        _settle(page)
        if screen.is_paper:
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        elif screen.top:
            page.locator(screen.top).first.evaluate("(element) => element.scrollIntoView()")
        screen.act(page)
        page.wait_for_timeout(_SETTLED_MS)
        return page.screenshot()

    def _page(self, size: tuple[int, int], scheme: str, who: str) -> Page:
        key = (size, scheme, who)
        if key not in self._pages:
            self._pages[key] = self._context(size, scheme, self._state(who) if who else None).new_page()
            self._pages[key].set_default_timeout(_PATIENCE_S * 1000)
        return self._pages[key]

    def _context(self, size: tuple[int, int], scheme: str, state: StorageState | None) -> BrowserContext:
        width, height = size
        return self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            forced_colors="active" if scheme == "contrast" else "none",
            reduced_motion="reduce",
            is_mobile=size == SIZES["phone"],
            has_touch=size == SIZES["phone"],
            storage_state=state,
        )

    def _state(self, who: str) -> StorageState:
        """What the browser of somebody keeps who has signed in."""
        if who not in self._states:
            context = self._context(SIZES["phone"], "light", None)
            self._enter(context.new_page(), who)
            self._states[who] = context.storage_state()
            context.close()
        return self._states[who]

    def _enter(self, page: Page, who: str) -> None:
        page.set_default_timeout(_PATIENCE_S * 1000)
        page.goto(f"{self._stage.url}/mission")
        if who == "phone":
            invited = self._team.ask("POST", "mission/invitations", {}, name="root")
            posting = {"observer": invited["pseudonym"], "key": DISTRICT}
            self._team.ask("POST", "mission/postings", {"postings": [posting]}, name="carla")
            page.get_by_label("Código de invitación").fill(invited["code"])
            page.get_by_role("button", name="Registrar").click()
        else:
            page.get_by_label("Nombre de usuario").fill(who)
            page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Entrar").click()
        page.locator(".bar").wait_for()


def main(only: Set[str]) -> None:
    """Take every picture, or those of the screens named, and write the index."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM)
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:4.0f} s  {line}\n")
        sys.stdout.flush()

    with night(_HOURS, _SEED, say) as stage, sync_playwright() as playwright:
        stage.have_trouble()
        team = perform(stage, _SEED, say)
        stage.go_on()
        shown = groups(find(stage, team))
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        studio, names = Studio(browser, stage, team), set[str]()
        for screen, size in _each(shown):
            name = _file(screen, size)
            names.add(name)
            if not only or screen.name in only:
                say(f"{name}: {(_FOLDER / name).write_bytes(_reduced(studio.take(screen, size)))} bytes")
        browser.close()
    _tidy(names, _index(shown))
    say("done")


def _each(shown: Mapping[str, list[Screen]]) -> Iterator[tuple[Screen, str]]:
    for screens in shown.values():
        for screen in screens:
            for size in screen.sizes:
                yield screen, size


def _settle(page: Page) -> None:
    """Live, whatever the page is; map and charts drawn where there are any."""
    if page.evaluate("Boolean(document.getElementById('mission'))"):
        until(page, "Boolean(document.querySelector('#mission[data-ready]'))")
    elif page.evaluate("Boolean(window.escrutinio?.client && document.querySelector('#page:not([data-at])'))"):
        until(page, "escrutinio.client.status().phase === 'live'")
    if page.evaluate("document.documentElement.dataset.view === 'map' && Boolean(document.getElementById('map-slot'))"):
        until(page, STANDS)
    if page.evaluate("Boolean(document.querySelector('[data-chart]'))"):
        until(page, "Boolean(escrutinio.charts && escrutinio.charts.drawn)")
    # A frame that gave way to another one while it loaded, as the customiser's do, leaves requests that never end.
    with suppress(Error):
        page.wait_for_load_state("networkidle", timeout=_IDLE_MS)


def _reduced(picture: bytes) -> bytes:
    """The same in few colours: a third of the bytes."""
    kept = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _tidy(names: Set[str], index: str) -> None:
    for picture in _FOLDER.glob("*.png"):
        if picture.name not in names:
            picture.unlink()
    size = sum(picture.stat().st_size for picture in _FOLDER.glob("*.png"))
    if size > _MOST_BYTES:
        raise SystemExit(f"the pictures have {size} bytes, more than {_MOST_BYTES}")
    (_FOLDER / "README.md").write_text(index)


def _file(screen: Screen, size: str) -> str:
    return f"{screen.name}-{size}.png" if len(screen.sizes) > 1 else f"{screen.name}.png"


def _index(shown: Mapping[str, list[Screen]]) -> str:
    """Of the pictures that are there: not all are taken each time."""
    lines = [_HEAD]
    for heading, screens in shown.items():
        lines += [f"## {heading}", ""]
        for screen in screens:
            taken = {size: _file(screen, size) for size in screen.sizes if (_FOLDER / _file(screen, size)).exists()}
            if not taken:
                continue
            pictures = " ".join(f"![{screen.title}, {size}]({name})" for size, name in taken.items())
            lines += [f"**{screen.title}** `{screen.path.partition('?')[0]}`", "", pictures, ""]
    _, heading, learned = (_FOLDER / "README.md").read_text().partition(_LEARNED)
    return "\n".join([*lines, heading + learned])


if __name__ == "__main__":
    main(set(sys.argv[1:]))
