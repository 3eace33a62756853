"""Times are those of the unit that is shown: when it was read, not when the feed was."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import open_live

READ = {
    "es": r"cifras leídas hace \d+ d \(13/06(/2026)? 13:52\)",
    "en": r"figures read \d+ d ago \(13/06(/2026)? 13:52\)",
}
PARTS = ("/area/department/14", "/area/district/140101", "/place/0001", "/mesa/000001")


def times_of(html: str) -> str:
    found = re.search(r'<p class="times">(.*?)</p>', html)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", PARTS)
def test_a_unit_was_read_when_its_figures_were_and_not_when_the_feed_was(
    client: Any, api: ToyApi, path: str, language: str
) -> None:
    said = times_of(client.get(f"{path}?lang={language}").text)
    assert re.search(READ[language], said), said
    # The feed was asked an hour later, about something else.
    assert "14:05" not in said.partition(" · ")[2]


def test_a_place_was_read_when_one_of_its_mesas_was(client: Any, api: ToyApi) -> None:
    api.count.state["place/0001"]["mesas"] = [{"key": "mesa/000001", "changed_at": "2026-06-13T20:30:00.5Z"}]
    assert "15:30" in times_of(client.get("/place/0001").text)


@pytest.mark.browser
def test_a_unit_that_moves_on_screen_was_read_just_now(reader: Page, site: str, api: ToyApi) -> None:
    open_live(reader, f"{site}/area/department/14?view=table")
    line = reader.locator(".times")
    expect(line).to_contain_text("(13:52)")
    api.send(
        {"t": "hb", "seq": api.count.seq, "now": "2026-06-13T19:06:20Z", "feed": {"checked_at": "2026-06-13T19:06:19Z"}}
    )
    expect(line).to_contain_text("(13:52)")
    api.send(api.count.set_published("department/14", counted=700))
    expect(line).to_contain_text(re.compile(r"cifras leídas hace \d+ s"))


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ({"state": "down", "note": "unreachable"}, "ONPE no responde · última respuesta: "),
        ({"state": "down", "note": "down"}, "ONPE no responde · última respuesta: "),
        ({"state": "down", "note": "stopped"}, "Sin leer la fuente · última lectura: "),
        ({"state": "stale", "note": "late"}, "Atrasado · última lectura: "),
    ],
)
def test_a_source_that_is_down_says_so_and_since_when(
    client: Any, api: ToyApi, feed: dict[str, str], said: str
) -> None:
    api.count.feed = {**api.count.feed, **feed, "figures": {"at": "2026-06-13T19:09:00Z"}}
    for path in ("/", "/area/department/14", "/mesa/000001"):
        status = re.search(r'id="status"[^>]*>([^<]+)<', client.get(path).text)
        assert status is not None
        assert status[1].startswith(said)
        assert status[1].endswith("14:05")


@pytest.mark.browser
def test_the_board_says_so_too_while_it_is_open(phone: Page, site: str, api: ToyApi) -> None:
    open_live(phone, f"{site}/?view=table")
    down = {"state": "down", "note": "unreachable", "figures": {"at": "2026-06-13T19:09:00Z"}}
    api.count.feed = {**api.count.feed, **down}
    api.send(api.heartbeat())
    expect(phone.locator("#status")).to_have_text("ONPE no responde · última respuesta: 14:05")
    expect(phone.locator("#feed-note")).to_contain_text("volvemos a preguntar a las 14:09")
