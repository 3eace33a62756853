"""The wall in a real browser: large without a scroll bar, by itself all night, and honest when nothing is heard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.toy.api import ToyApi, serve
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.toy.races import RacesApi
from tests.dashboard.watching import FOLLOWS, until

pytestmark = pytest.mark.browser

_WALLS = ((1280, 720), (1920, 1080), (3840, 2160))
_SCENE = ".scene:not([hidden])"
# Of every scene: what is cut off or would scroll, and how large its smallest text is, as a part of the wall's height.
_ROOM = """() => [...document.querySelectorAll(".scene")].map((scene) => {
  escrutinio.rotation.go(1);
  const shown = document.querySelector(".scene:not([hidden])"), parts = shown.querySelector(".parts");
  const boxes = [document.documentElement, document.getElementById("page"), parts, ...parts.querySelectorAll(".card")];
  const over = boxes.flatMap((each) => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight]);
  const all = [...parts.querySelectorAll("b, span, p, td, th")];
  const texts = all.filter((each) => each.offsetParent && each.textContent.trim());
  const least = Math.min(...texts.map((each) => parseFloat(getComputedStyle(each).fontSize)));
  const size = Number(getComputedStyle(parts).getPropertyValue("--size"));
  return [shown.id, Math.max(...over), least * size / innerHeight];
})"""


@pytest.fixture
def api(request: pytest.FixtureRequest) -> ToyApi:
    return request.param() if hasattr(request, "param") else ToyApi(ToyCount())


@pytest.fixture
def site(api: ToyApi) -> Iterator[str]:
    with serve(api) as url:
        yield url


def follow(page: Page, url: str) -> None:
    page.goto(url)
    until(page, FOLLOWS)


@pytest.mark.parametrize("api", [lambda: ToyApi(ToyCount(lists=8)), RacesApi], indirect=True)
def test_every_scene_fits_every_wall_and_can_be_read_from_afar(wide: Page, site: str) -> None:
    wide.goto(f"{site}/tv")
    for width, height in _WALLS:
        wide.set_viewport_size({"width": width, "height": height})
        found = wide.evaluate(_ROOM)
        assert len(found) >= 4
        assert [scene for scene in found if scene[1] > 0 or scene[2] < 0.012] == [], f"at {width} × {height}"


def test_one_scene_follows_the_other_at_the_pace_of_the_address(wide: Page, site: str) -> None:
    wide.clock.install()
    wide.goto(f"{site}/tv?every=20")
    expect(wide.locator("#where")).to_have_text("1 de 4")
    wide.clock.run_for(19_000)
    expect(wide.locator(_SCENE)).to_have_attribute("id", "board-0")
    wide.clock.run_for(1_500)
    expect(wide.locator(_SCENE)).to_have_attribute("id", "map-0")
    wide.keyboard.press(" ")
    wide.clock.run_for(60_000)
    expect(wide.locator(_SCENE)).to_have_attribute("id", "map-0")
    wide.keyboard.press("ArrowLeft")
    expect(wide.locator(_SCENE)).to_have_attribute("id", "board-0")
    wide.keyboard.press(" ")
    wide.clock.run_for(60_500)
    expect(wide.locator("#where")).to_have_text("4 de 4")


def test_what_moves_is_on_it_without_another_load(wide: Page, site: str, api: ToyApi) -> None:
    follow(wide, f"{site}/tv")
    wide.evaluate("window.isTheSame = true; escrutinio.rotation.go(1)")
    delta = api.count.set_published("nation", counted=20_500)
    api.send(delta)
    expect(wide.locator('.board [data-f="counted"]')).to_have_text("20 500")
    expect(wide.locator(_SCENE)).to_have_attribute("id", "map-0")
    assert wide.evaluate("window.isTheSame")
    assert wide.locator("#page").get_attribute("data-seq") == str(api.count.seq)


@pytest.mark.parametrize("api", [RacesApi], indirect=True)
def test_a_race_that_changes_is_on_it(wide: Page, site: str, api: RacesApi) -> None:
    follow(wide, f"{site}/tv?lang=en")
    api.tell(api.vote("04", [60_000, 9_000, 8_000, 0, 0, 0, 0, 0], out=1))
    expect(wide.locator('[data-race="arequipa"]')).to_contain_text("60 000")
    expect(wide.locator('[data-region="arequipa"] title')).to_have_text(re.compile("Won$"))


def test_a_source_that_is_not_read_is_said_with_its_hour(wide: Page, site: str, api: ToyApi) -> None:
    follow(wide, f"{site}/tv")
    expect(wide.locator("#state")).to_have_text("En vivo")
    api.count.feed = {**api.count.feed, "state": "stale"}
    api.send(api.heartbeat())
    expect(wide.locator("#state")).to_have_text(re.compile(r"^Atrasado: sin revisar desde \d\d:\d\d$"))
    expect(wide.locator("#state")).to_have_class("stale")


def test_it_says_since_when_it_hears_nothing_and_resumes_by_itself(wide: Page, api: ToyApi) -> None:
    with serve(api) as url:
        port = int(url.rpartition(":")[2])
        wide.clock.install()
        follow(wide, f"{url}/tv")
        figure = wide.locator('.board [data-f="counted"]')
        before = figure.text_content()
    wide.clock.run_for(30_000)
    expect(wide.locator("#state")).to_have_text(re.compile(r"^Sin conexión desde .*\d\d:\d\d$"))
    assert figure.text_content() == before
    api.count.set_published("nation", counted=20_777)
    with serve(api, port):
        wide.clock.run_for(60_000)
        wide.clock.resume()
        expect(wide.locator("#state")).to_have_text("En vivo")
        expect(figure).to_have_text("20 777")


def test_a_newer_program_is_loaded_by_itself(wide: Page, site: str, api: ToyApi) -> None:
    follow(wide, f"{site}/tv")
    wide.evaluate(
        "document.querySelector('script[src]').setAttribute('src', '/bundle/older/wall.js'); window.isOlder = true"
    )
    api.send(api.count.set_published("nation", counted=20_600))
    until(wide, "!window.isOlder && document.querySelector('.board [data-f=counted]')?.textContent === '20 600'")


def test_nothing_stands_in_one_place_and_no_pointer_lies_over_it(wide: Page, site: str) -> None:
    wide.clock.install()
    wide.emulate_media(reduced_motion="reduce")
    wide.goto(f"{site}/tv?every=600")
    wide.evaluate("escrutinio.rotation.go(1)")
    assert wide.evaluate("getComputedStyle(document.querySelector('.entering')).animationName") == "none"
    wall, place = wide.locator(".wall"), "getComputedStyle(document.querySelector('.wall')).transform"
    places = set()
    for _ in range(9):
        wide.clock.run_for(60_000)
        places.add(wide.evaluate(place))
    assert len(places) == 9
    wide.clock.run_for(60_000)
    expect(wall).to_have_class("wall turned")
    assert wide.evaluate("getComputedStyle(document.body).cursor") == "none"
    wide.mouse.move(40, 40)
    assert wide.evaluate("getComputedStyle(document.body).cursor") == "auto"
    wide.clock.run_for(4_000)
    assert wide.evaluate("getComputedStyle(document.body).cursor") == "none"


def test_the_screen_is_asked_to_stay_on_and_again_when_it_is_seen_again(wide: Page, site: str) -> None:
    wide.add_init_script("""
      window.asked = [];
      const request = async (kind) => { window.asked.push(kind); return { released: window.asked.length === 1 }; };
      Object.defineProperty(navigator, "wakeLock", { value: { request } });
    """)
    wide.goto(f"{site}/tv")
    until(wide, "asked.join() === 'screen'")
    wide.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(wide, "asked.join() === 'screen,screen'")


@pytest.mark.parametrize(
    ("api", "theme"), [(lambda: ToyApi(ToyCount(lists=8)), "dark"), (RacesApi, "light")], indirect=["api"]
)
def test_axe_has_nothing_to_object_to(wide: Page, site: str, theme: str) -> None:
    wide.emulate_media(reduced_motion="reduce")  # half of a scene that appears has half of its contrast
    wide.goto(f"{site}/tv?theme={theme}&every=600")
    for _ in range(2):
        wide.evaluate("escrutinio.rotation.go(1)")
        assert objections(wide) == []


def test_without_scripts_all_scenes_stand_below_each_other(plain: Page, site: str) -> None:
    plain.goto(f"{site}/tv")
    assert all(scene.is_visible() for scene in plain.locator(".scene").all())
    expect(plain.locator("footer time")).to_have_count(3)
