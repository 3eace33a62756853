"""`make screens`: a picture of every page into docs/screens, from a rehearsal, with an index; 128 colours each."""

import io
import sys
from pathlib import Path

from msgspec import Struct
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium
from tests.pictures import DEPARTMENT, Stage, get, rehearsed, wait

_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
_MOST_BYTES = 4_000_000
_COLOURS = 128
_SIZES = {"phone": (360, 800), "wide": (1280, 800)}
_SETTLED_MS, _PATIENCE_MS = 2500, 120_000
_HEAD = """# Every page, seen

Pictures of a rehearsal (invented mesas, about 60 % of the actas counted), made by `make screens`: each page on a phone
of 360 × 800 and in a window of 1280 × 800.
"""


class _Screen(Struct, frozen=True):
    """A page: its file's name, what it is, its address, and in which forms it is taken."""

    name: str
    title: str
    path: str
    sizes: tuple[str, ...] = tuple(_SIZES)
    scheme: str = "light"
    is_paper: bool = False


def main() -> None:
    """Take every picture, and write the index."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for old in _FOLDER.glob("*.png"):
        old.unlink()
    with rehearsed("screens") as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        screens = _of_the_count(stage)
        for screen in screens:
            _take(browser, stage, screen)
        stage.go_back()
        told = [_Screen("corrections", "Corrections", "/corrections"), _Screen("methods", "Methods", "/methods")]
        for screen in told:
            _take(browser, stage, screen)
        browser.close()
    (_FOLDER / "README.md").write_text(_index([*screens, *told]))
    size = sum(path.stat().st_size for path in _FOLDER.glob("*.png"))
    if size > _MOST_BYTES:
        raise SystemExit(f"the pictures have {size} bytes, more than {_MOST_BYTES}")


def _of_the_count(stage: Stage) -> list[_Screen]:
    place = get(f"{stage.api}/places/{stage.place.partition('/')[2]}")
    district, mesa = place["parents"][-1]["key"], place["mesas"][0]["key"]
    return [
        _Screen("board-map", "The country, as a map", "/?view=map"),
        _Screen("board-table", "The country, as a table", "/?view=table"),
        _Screen("board-dark", "The country at night", "/?view=map", scheme="dark"),
        _Screen("board-english", "The country in English", "/?view=map&lang=en", ("wide",)),
        _Screen("districts", "All districts of the country", "/?view=map&areas=district", ("wide",)),
        _Screen("turnout", "Another measure: turnout", "/?view=map&measure=turnout"),
        _Screen("abroad", "Abroad", "/area/scope/abroad"),
        _Screen("department", "A department", f"/area/{DEPARTMENT}?view=map"),
        _Screen("department-dark", "A department at night", f"/area/{DEPARTMENT}?view=map", ("wide",), "dark"),
        _Screen("district", "A district and its polling places", f"/area/{district}?view=map"),
        _Screen("place", "A polling place", f"/{stage.place}"),
        _Screen("mesa", "A mesa and its acta", f"/{mesa}"),
        _Screen("timeline", "How it moved", "/timeline"),
        _Screen("queue", "The queue at the juries", "/queue"),
        _Screen("missing", "A page that is not there", "/nope", ("phone",)),
        _Screen("paper", "The country on paper", "/", ("wide",), is_paper=True),
    ]


def _take(browser: Browser, stage: Stage, screen: _Screen) -> None:
    for size in screen.sizes:
        width, height = (690, 1000) if screen.is_paper else _SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(_PATIENCE_MS)
        page.emulate_media(color_scheme="dark" if screen.scheme == "dark" else "light")
        page.goto(stage.url + screen.path, wait_until="domcontentloaded")
        _settle(page)
        if screen.is_paper:
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        elif size == "phone" and "view=map" in screen.path:
            page.locator(".ways").evaluate("(element) => element.scrollIntoView()")
        target = _FOLDER / _file(screen, size)
        _write(page.screenshot(), target)
        page.close()
        sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
        sys.stdout.flush()


def _settle(page: Page) -> None:
    """Live, the map drawn where there is one, flashes faded, names in their places."""
    if page.evaluate("Boolean(window.escrutinio)"):
        wait(lambda: page.evaluate("escrutinio.client.status().transport === 'socket'"), "live")
        is_map = "document.documentElement.dataset.view === 'map' && Boolean(document.querySelector('#map-slot'))"
        if page.evaluate(is_map):
            wait(lambda: page.evaluate("Boolean(document.querySelector('#map-slot.live'))"), "the map")
    page.wait_for_timeout(_SETTLED_MS)


def _write(picture: bytes, target: Path) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def _file(screen: _Screen, size: str) -> str:
    return f"{screen.name}-{size}.png" if len(screen.sizes) > 1 else f"{screen.name}.png"


def _index(screens: list[_Screen]) -> str:
    lines = [_HEAD]
    for screen in screens:
        lines += [f"## {screen.title}", "", f"`{screen.path.partition('?')[0]}`", ""]
        pictures = [f"![{screen.title}, {size}]({_file(screen, size)})" for size in screen.sizes]
        lines += [" ".join(pictures), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
