"""Embeds on somebody else's page, in a real browser: with and without scripts, live, cut off, and as bare files."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from api.embed.export import Exporter
from api.main import create_app
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.acceptance.newsroom import (
    QUICK,
    VIEWS,
    WATCH,
    WIDTHS,
    Desk,
    Site,
    follows,
    frames_of,
    said,
    static,
    visit,
    words_of,
)
from tests.api.conftest import ELECTIONS
from tests.api.country import end_leases, minute
from tests.dashboard.axe import objections
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path, geometry: Geometry) -> Iterator[Site]:
    site = Site(tmp_path, geometry)
    yield site
    site.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def test_without_scripts_every_view_has_its_numbers_at_every_width(browser: Browser, site: Site, desk: Desk) -> None:
    votes = site.country.board.sums.of("nation").votes
    for width in WIDTHS:
        desk.show(site.origin, *VIEWS, width=width)
        with visit(browser, desk, java_script_enabled=False) as (page, complaints):
            for frame in frames_of(page):
                text = words_of(frame)
                for part in (*(said(own) for own in votes), "SIMULACRO", "Revisado 6 ene 2030", "Dato de ONPE"):
                    assert part in text, frame.url
                wide = frame.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
                assert wide[0] <= wide[1], frame.url
            assert complaints == []


def test_a_change_is_painted_within_a_second_as_the_server_would_draw_it(
    browser: Browser, site: Site, desk: Desk
) -> None:
    desk.show(site.origin, *VIEWS)
    with visit(browser, desk) as (page, complaints):
        frames = frames_of(page)
        until(page, lambda: all(follows(frame) for frame in frames))
        heights = [page.locator("iframe").nth(n).evaluate("e => e.clientHeight") for n in range(len(VIEWS))]
        assert all(height > 300 for height in heights), heights
        for frame in frames:
            frame.evaluate(WATCH)
        site.country.count(site.country.mesas[8:24], minute(5), votes=(20, 90))
        site.country.publish(["nation", "department/14"], minute(5))
        published = time.time()
        votes = site.country.board.sums.of("nation").votes
        until(page, lambda: all(said(votes[1]) in words_of(frame) for frame in frames))
        for frame in frames:
            # Both clocks are this machine's.
            assert frame.evaluate("window.paintedAt / 1000") - published <= 1.0, frame.url
        for frame, view in zip(frames, VIEWS, strict=True):
            until(page, lambda frame=frame, view=view: _drawn(frame.content()) == _drawn(site.page(view)))
        assert complaints == []


def _drawn(page: str) -> dict[str, Any]:
    """All that a change may move: numbers by area, colours, signs, bars."""
    return {
        "numbers": re.findall(r'data-f="([^"]+)"[^>]*>([^<]*)<', page),
        "areas": re.findall(
            r'<g data-map="([^"]+)"[^>]*><title>([^<]*)</title><(?:path|rect) [^>]*fill="([^"]+)"', page
        ),
        "bars": sorted(re.findall(r'<g data-bar="(\d)"><rect x="([\d.]+%)" width="([\d.]+%)"', page)),
        "lists": re.findall(r'<li data-list="(\d)"', page),
        "signs": sorted(re.findall(r'(?:fill|filter)="url\(#(?:dots|hatch|grid|ring)\)"', page)),
        "leads": re.findall(r"data-lead[^>]*>.*?<span[^>]*>([^<]*)</span>", page),
    }


def test_the_height_follows_and_only_our_own_messages_are_heard(browser: Browser, site: Site, desk: Desk) -> None:
    desk.show(site.origin, "map", width=320)
    with visit(browser, desk) as (page, _):
        (frame,), box = frames_of(page), page.locator("iframe")
        until(page, lambda: box.evaluate("e => e.clientHeight") > 600)
        before = box.evaluate("e => e.clientHeight")
        frame.locator("summary", has_text="Ver como tabla").click()
        until(page, lambda: box.evaluate("e => e.clientHeight") > before + 50)
        assert frame.evaluate("document.documentElement.scrollHeight") == box.evaluate("e => e.clientHeight")
        grown = box.evaluate("e => e.clientHeight")
        page.evaluate("window.after = 0; addEventListener('message', ({ data }) => { after += data === 'after'; })")
        for forged in ("{type:'escrutinio.height',v:1,height:5}", "{type:'escrutinio.height',v:1,height:5,more:1}"):
            page.evaluate(f"window.postMessage({forged}, '*')")
        frame.evaluate("parent.postMessage({type:'escrutinio.height',v:1,height:'5'}, '*')")
        frame.evaluate("parent.postMessage({type:'escrutinio.height',v:1,height:99999}, '*')")
        page.evaluate("postMessage('after', '*')")
        frame.evaluate("parent.postMessage('after', '*')")
        until(page, "after === 2")  # by then all those before have been heard
        assert box.evaluate("e => e.clientHeight") == grown


def test_cut_off_the_numbers_stay_and_back_again_they_move(browser: Browser, site: Site, desk: Desk) -> None:
    desk.show(site.origin, "map", "bar")
    with visit(browser, desk) as (page, _):
        frames = frames_of(page)
        until(page, lambda: all(follows(frame) for frame in frames))
        before = [_drawn(frame.content())["numbers"] for frame in frames]
        site.stop()
        until(page, lambda: all("Sin conexión desde" in words_of(frame) for frame in frames))
        assert [_drawn(frame.content())["numbers"] for frame in frames] == before
        site.country.count(site.country.mesas[8:12], minute(5))
        site.country.publish(["nation"], minute(5))
        site.start()
        votes = site.country.board.sums.of("nation").votes
        until(page, lambda: all(said(votes[0]) in words_of(frame) for frame in frames))
        until(page, lambda: not any("Sin conexión" in words_of(frame) for frame in frames))


def test_that_no_poller_lives_is_told_in_every_frame_that_is_open(browser: Browser, site: Site, desk: Desk) -> None:
    desk.show(site.origin, "map", "card")
    with visit(browser, desk) as (page, complaints):
        frames = frames_of(page)
        until(page, lambda: all(follows(frame) for frame in frames))
        assert not any("Sin leer la fuente" in words_of(frame) for frame in frames)
        end_leases(site.store)
        until(page, lambda: all("Sin leer la fuente desde" in words_of(frame) for frame in frames))
        assert complaints == []


def test_axe_objects_to_nothing(browser: Browser, site: Site, desk: Desk) -> None:
    context, found = browser.new_context(viewport={"width": 640, "height": 800}, reduced_motion="reduce"), {}
    page = context.new_page()
    for path in (*(f"/embed/v1/{view}" for view in VIEWS), "/embed/v1/map?area=department/14&lang=en", "/embed"):
        page.goto(site.origin + path)
        until(page, lambda: "/v1/" not in page.url or follows(page.main_frame))
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true; }")
        found[path] = objections(page)
    context.close()
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_the_customiser_shows_at_once_what_is_chosen_and_how_silence_looks(
    browser: Browser, site: Site, desk: Desk
) -> None:
    page = browser.new_page(viewport={"width": 1040, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.origin}/embed")
    page.get_by_label("Barra", exact=True).check()
    page.locator("#area").select_option("department/14")
    assert f'src="{site.origin}/embed/v1/bar?area=department/14"' in page.locator("#code").input_value()
    assert page.url.endswith("/embed?view=bar&area=department/14")
    until(page, lambda: all("/bar?area=department/14" in frame.url for frame in page.frames[1:]))
    page.evaluate("window.stays = true")
    page.get_by_label("English", exact=True).check()
    until(page, lambda: all("/bar?area=department/14&lang=en" in frame.url for frame in page.frames[1:]))
    assert page.evaluate("[window.stays, document.documentElement.lang]") == [True, "es"]
    assert page.url.endswith("&lang=en&page=es")
    page.get_by_label("Español", exact=True).check()
    until(page, lambda: all(frame.url.endswith("/bar?area=department/14") for frame in page.frames[1:]))
    frames = frames_of(page)
    assert len(frames) == len(WIDTHS)
    until(page, lambda: all(follows(frame) for frame in frames))
    for label, sentence in (("no hay conexión", "Simulación. Sin conexión desde"), ("la fuente se atrasa", "Atrasado")):
        page.get_by_role("button", name=label).click()
        until(page, lambda sentence=sentence: all(sentence in words_of(frame) for frame in frames))
    page.get_by_role("button", name="todo funciona").click()
    until(page, lambda: not any("Simulación" in words_of(frame) for frame in frames))
    assert complaints == []
    page.close()


@pytest.mark.nginx
def test_the_static_export_stands_alone_behind_nginx(
    browser: Browser, site: Site, desk: Desk, nginx: str, tmp_path: Path, geometry: Geometry
) -> None:
    folder = tmp_path / "embeds"
    asyncio_run(_export(site.store, geometry, folder))
    votes = site.country.board.sums.of("nation").votes
    site.stop()
    with static(nginx, folder, tmp_path) as origin:
        for width in WIDTHS:
            desk.show(origin, "map", "bar?lang=en&theme=dark", "table?area=department/14", "card", width=width)
            with visit(browser, desk) as (page, complaints):
                frames = frames_of(page)
                assert str(votes[0]) in words_of(frames[0])
                assert "votes" in words_of(frames[1])
                until(page, lambda page=page: page.locator("iframe").first.evaluate("e => e.clientHeight") > 600)
                assert complaints == []
        moment = "at=2030-01-06T22:01:00Z"
        for path in (f"map?{moment}", f"bar.svg?{moment}", "map?area=department/99", "map.png", "card?incidents=1"):
            assert httpx.get(f"{origin}/embed/v1/{path}").status_code == 404, path
        for path in ("map?%61rea=department/14", "bar.svg?lang=es&%61rea=department/14"):
            assert httpx.get(f"{origin}/embed/v1/{path}").status_code == 404, path
        answer = httpx.get(f"{origin}/embed/v1/map", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert "frame-ancestors 'self' *" in answer.headers["content-security-policy"]
        assert httpx.get(f"{origin}/embed/v1/bar.svg").headers["content-type"].startswith("image/svg+xml")


def asyncio_run(task: Any) -> None:
    """Run it in a thread of its own: the browser holds the loop of this one."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(task)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failures == []


async def _export(store: Store, geometry: Geometry, folder: Path) -> None:
    app = create_app(store, ELECTIONS, geometry=geometry, options=QUICK)
    async with app.router.lifespan_context(app):
        while not app.state.services.counts.all():
            await asyncio.sleep(0.01)
        exporter = Exporter(app.state.services, app.state.embed_pages, app.state.embed_overviews, folder, "")
        await exporter.write(with_pictures=False)
        exporter.close()
