"""Times are those of the unit that is shown: when it was read, not when the feed was."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import open_live, until

READ = {
    "es": r"revisado hace \d+ d \(13/06(/2026)? 13:58\) · sin cambios desde 13/06(/2026)? 13:52",
    "en": r"checked \d+ d ago \(13/06(/2026)? 13:58\) · unchanged since 13/06(/2026)? 13:52",
}
PARTS = ("/area/department/14", "/area/district/140101", "/place/0001", "/mesa/000001")


def times_of(html: str) -> str:
    found = re.search(r'<p class="times">(.*?)</p>', html)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", PARTS)
def test_a_unit_was_read_when_its_own_answer_was_and_not_when_the_feed_was(
    client: Any, api: ToyApi, path: str, language: str
) -> None:
    said = times_of(client.get(f"{path}?lang={language}").text)
    assert re.search(READ[language], said), said
    # The feed was asked some minutes later, about something else.
    assert "14:05" not in said.partition(" · ")[2]


@pytest.mark.parametrize("path", PARTS)
def test_of_the_past_it_is_only_said_when_a_unit_changed(client: Any, api: ToyApi, path: str) -> None:
    html = client.get(f"{path}?at=2026-06-13T18:55:00Z").text
    assert "13:58" not in times_of(html)
    assert 'data-time="checked"' not in html


@pytest.mark.browser
def test_a_unit_on_screen_was_read_when_a_sign_of_life_says_so_or_its_own_figures_moved(
    reader: Page, site: str, api: ToyApi
) -> None:
    open_live(reader, f"{site}/area/department/14?view=table")
    line = reader.locator(".times")
    expect(line).to_contain_text("(13:58)")
    beat = {"t": "hb", "seq": api.count.seq, "now": "2026-06-13T19:06:20Z"}
    api.send({**beat, "feed": {"checked_at": "2026-06-13T19:06:19Z"}})
    expect(line).to_contain_text("(13:58)")
    read = {"checked_at": "2026-06-13T19:01:00Z", "changed_at": "2026-06-13T18:52:00Z"}
    api.send({**beat, "answers": {"department/14": read, "department/15": api.count.feed}})
    expect(line).to_contain_text(re.compile(r"\(14:01\) · sin cambios desde 13:52"))
    api.send(api.count.set_published("department/14", counted=700, source_at="2026-06-13T19:06:10Z"))
    expect(line).to_contain_text(re.compile(r"revisado hace \d+ s \(14:06\) · sin cambios desde 14:06"))
    # What a server says that is behind was overtaken.
    api.send({**beat, "seq": api.count.seq, "answers": {"department/14": read}})
    expect(line).to_contain_text("(14:06) · sin cambios desde 14:06")


@pytest.mark.browser
def test_our_own_sum_is_no_answer_of_the_source(reader: Page, site: str, api: ToyApi) -> None:
    open_live(reader, f"{site}/area/department/14?view=table")
    state = api.count.state["department/14"]
    summed = {**state, "computed": {**state["computed"], "registered": 12_345}}
    api.count.state["department/14"] = summed
    api.send(api.count.next_delta(["department/14"]))
    until(reader, f"escrutinio.client.seq === {api.count.seq}")
    assert re.search(r"\(13:58\) · sin cambios desde (13/06(/2026)? )?13:52", reader.locator(".times").inner_text())


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
