"""The whole path at once: a rehearsal feed, the program that polls and serves, and a browser that watches."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from dashboard import app as dashboard_app
from dashboard.colours import load_presentation, ramps
from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tests.acceptance.stack import running, served
from tests.dashboard.watching import until
from tests.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.long]

ELECTION = known_elections()["2026-06-07-president-runoff"]
# Every area of it is read first: thousands of answers, which take minutes on a busy machine.
WHOLE_COUNTRY_S = 300
CLOSING = datetime(2026, 6, 7, 22, 0, tzinfo=UTC)
# When the headline was first written again, by this machine's clock.
_WATCH = """
new MutationObserver(() => { window.paintedAt ??= Date.now(); })
  .observe(document.querySelector(".headline"), { childList: true, characterData: true, subtree: true });
"""
PRESENTATION = load_presentation(Path(dashboard_app.__file__).parent / "presentation.toml")


class Watched:
    """A running rehearsal: `step` moves the count on, `results` asks our API."""

    def __init__(self, feed: FeedApp, url: str) -> None:
        self.feed, self.url = feed, url
        self._base = f"{url}/api/v1/elections/{ELECTION.id}"

    def step(self, hours: float) -> None:
        self.feed.step_to(CLOSING + timedelta(hours=hours))

    def rows(self, level: str, within: str = "nation") -> dict[str, Any]:
        with urlopen(f"{self._base}/results?level={level}&within={within}", timeout=PATIENCE_S) as answer:
            return {row["key"]: row for row in json.load(answer)["rows"]}

    def nation(self) -> dict[str, Any]:
        published: dict[str, Any] = self.rows("nation")["nation"]["published"]
        return published


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    feed = build_feed(ELECTION, load_catalogue(ELECTION.date.year), FeedPlan(seed=5))
    feed.step_to(CLOSING + timedelta(hours=4))
    folder = tmp_path_factory.mktemp("watched")
    with served(feed) as source, running(source, folder, "--cycle", "0.5") as url:
        watched = Watched(feed, url)
        wait_until(lambda: _is_read(watched), WHOLE_COUNTRY_S)
        yield watched


def _is_read(watched: Watched) -> bool:
    """Whether all departments, and the districts of one that have something counted, have been read."""
    departments, districts = watched.rows("department"), watched.rows("district", "department/16")
    read = [row["published"] for row in districts.values() if row["published"]]
    return len(departments) == 30 and all(row["published"] for row in departments.values()) and len(read) > 2


def expected_color(published: dict[str, Any] | None) -> str | None:
    """The colour that presentation.toml gives a count, worked out here; None where nothing is known to be counted."""
    votes = published["votes"] if published else [0]
    if not sum(votes):
        return None
    first, second = sorted(votes, reverse=True)[:2]
    step = sum((first - second) / sum(votes) >= edge for edge in PRESENTATION.lead_bins)
    return ramps([entry.color for entry in ELECTION.contest().lists], PRESENTATION)[votes.index(first)][step]


def grouped(number: int) -> str:
    """Thousands as es-PE writes them here: a space that does not break."""
    return f"{number:,}".replace(",", "\u00a0")


def spoken(page: Page, selector: str) -> str:
    """Text with every kind of space made the same."""
    return "\u00a0".join((page.locator(selector).first.text_content() or "").split())


def test_the_first_numbers_need_no_script(plain: Page, watched: Watched) -> None:
    nation = watched.nation()
    plain.goto(watched.url)
    for votes in nation["votes"]:
        assert grouped(votes) in spoken(plain, ".headline")
    assert grouped(nation["counted"]) in spoken(plain, ".actas")
    expect(plain.locator("body")).to_contain_text("SIMULACRO")


def test_the_map_and_the_table_follow_the_count(wide: Page, watched: Watched) -> None:
    strangers, complaints = [], []
    host = urlsplit(watched.url).netloc
    wide.on("request", lambda request: strangers.append(request.url) if _is_foreign(request.url, host) else None)
    wide.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    wide.on("pageerror", lambda error: complaints.append(str(error)))
    wide.goto(watched.url)
    until(wide, "window.escrutinio.featureColor('department/14') !== null")
    _assert_painted(wide, lambda: _domestic(watched.rows("department")), 25)

    before = watched.nation()
    wide.evaluate(_WATCH)
    watched.step(9)
    wait_until(lambda: watched.nation()["counted"] > before["counted"])
    published_at = time.time()
    after = watched.nation()
    until(wide, "Boolean(window.paintedAt)")
    assert wide.evaluate("paintedAt") / 1000 - published_at < 2
    until(wide, lambda: any(grouped(votes) in spoken(wide, ".headline") for votes in _recent(watched, after)))

    wide.goto(f"{watched.url}/area/department/16")
    until(wide, "window.escrutinio.featureColor && Object.keys(window.escrutinio.client.state).length > 5")
    wait_until(
        lambda: all(row["published"] for row in watched.rows("province", "department/16").values()), WHOLE_COUNTRY_S
    )
    shown = watched.rows("province", "department/16")
    _assert_painted(wide, lambda: watched.rows("province", "department/16"), len(shown))
    province = next(iter(shown))
    wide.goto(f"{watched.url}/area/{province}")
    districts = watched.rows("district", province)
    until(wide, f"window.escrutinio.featureColor('{next(iter(districts))}') !== undefined")
    _assert_painted(wide, lambda: watched.rows("district", province), len(districts))
    assert (strangers, complaints) == ([], [])


def _recent(watched: Watched, first: dict[str, Any]) -> list[int]:
    """Votes of the leading list: the figure just published, and the newest, should it have moved on meanwhile."""
    return [first["votes"][0], watched.nation()["votes"][0]]


def _assert_painted(page: Page, read: Callable[[], dict[str, Any]], number: int) -> None:
    """Every area has the colour of its numbers; the count goes on meanwhile, so they are read anew at each look."""

    def is_so() -> bool:
        rows = read()
        assert len(rows) == number
        wanted = {key: expected_color(row["published"]) for key, row in rows.items()}
        return wanted == {key: page.evaluate(f"window.escrutinio.featureColor('{key}')") for key in rows}

    until(page, is_so)


def _domestic(rows: dict[str, Any]) -> dict[str, Any]:
    return {key: row for key, row in rows.items() if key < "department/26"}


def _is_foreign(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.netloc != host


def test_a_voter_reaches_a_mesa_from_the_country(phone: Page, watched: Watched) -> None:
    # Whichever acta the poller has read first: any of them must be reachable.
    wait_until(lambda: watched.rows("mesa"), 120)
    mesa = next(iter(watched.rows("mesa").values()))
    place, ubigeo = mesa["place"], mesa["ubigeo"]
    steps = (f"department/{ubigeo[:2]}", f"province/{ubigeo[:4]}", f"district/{ubigeo}", f"place/{place}")
    phone.goto(watched.url)
    for key in steps:
        link = phone.locator(f'a[href*="/{key}"]').first
        link.scroll_into_view_if_needed()
        link.click()
        phone.wait_for_url(f"**/{key}*")
    phone.locator(f'a[href*="/{mesa["key"]}"]').first.click()
    phone.wait_for_url(f"**/{mesa['key']}*")
    expect(phone.locator("main")).to_contain_text(mesa["key"].partition("/")[2])
