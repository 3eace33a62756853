"""The real run-off of June 2026, played on from feed to screen: who went ahead when, and when arithmetic decided it."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tests.acceptance.stack import running, served
from tests.waiting import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.reference_data, pytest.mark.long]

ELECTION = known_elections()["2026-06-07-president-runoff"]
# Recorded cuts of the nation: before and at each change of the lead, and around the decision.
CUTS = (
    "2026-06-08T02:12:03Z",
    "2026-06-08T22:57:34Z",
    "2026-06-11T03:42:30Z",
    "2026-06-11T03:47:50Z",
    "2026-06-13T19:05:18Z",
    "2026-06-24T02:12:09Z",
    "2026-06-24T02:17:33Z",
    "2026-06-24T02:23:07Z",
    "2026-06-29T19:47:06Z",
)
_CYCLE_S, _QUIET_S = 0.3, 1.5
LEADS = ["2026-06-08T22:57:34Z", "2026-06-11T03:47:50Z"]


def ask(url: str, resource: str) -> Any:
    with urlopen(f"{url}/api/v1/elections/{ELECTION.id}{resource}", timeout=PATIENCE_S) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def url(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The board, once every one of those cuts has been read, one after the other."""
    plan = FeedPlan(timeline=reference / "data" / "timeline_2026_round2.csv")
    feed = build_feed(ELECTION, load_catalogue(ELECTION.date.year), plan)
    feed.step_to(datetime.fromisoformat(CUTS[0]))
    folder = tmp_path_factory.mktemp("story")
    with served(feed) as source, running(source, folder, "--election", ELECTION.id, "--cycle", str(_CYCLE_S)) as url:
        for cut in CUTS:
            _play_on(feed, url, cut)
        yield url


def _play_on(feed: FeedApp, url: str, cut: str) -> None:
    """Move the feed to a cut and wait until nation and continents have been read there, and nothing more comes."""
    feed.step_to(datetime.fromisoformat(cut))
    deadline, seen, since = time.monotonic() + 120, None, 0.0
    while True:
        with suppress(OSError):
            body = ask(url, "/state")
            nation = (body["state"].get("nation") or {}).get("published")
            if body["seq"] != seen:
                seen, since = body["seq"], time.monotonic()
            is_read = nation and nation["source_at"] == cut and len(body["state"]) == 33
            if is_read and time.monotonic() - since > _QUIET_S:
                return
        assert time.monotonic() < deadline, f"the cut of {cut} was not read in time"
        time.sleep(0.2)


def test_the_log_knows_who_went_ahead_and_when_it_was_decided(url: str) -> None:
    found = ask(url, "/moments")["moments"]
    assert [one["source_at"] for one in found if one["kind"] == "lead"] == LEADS
    decided = [one for one in found if one["kind"] == "decided"]
    assert [(one["uncounted_actas"], one["margin"]) for one in decided] == [(135, 43_234)]
    assert decided[0]["source_at"] == "2026-06-24T02:23:07Z"
    assert [one["kind"] for one in found].count("undecided") == 0


def test_eleven_minutes_earlier_three_hundred_voters_an_acta_would_have_been_enough(url: str) -> None:
    """142 actas × 300 = 42 600 < 43 043. But some of them lie abroad, where a mesa has up to 500: not yet certain."""
    points = ask(url, "/timeline?key=nation")["points"]
    then = next(one for one in points if one["published"] and one["published"]["source_at"] == "2026-06-24T02:12:09Z")
    outlook = ask(url, f"?at={then['at'][:19]}Z")["outlook"]
    assert (outlook["uncounted_actas"], outlook["margin"]) == (142, 43_043)
    assert 142 * 300 < outlook["margin"] < outlook["uncounted_registered"] <= 142 * 500
    assert outlook["decided"] is False


def test_every_step_adds_up(url: str) -> None:
    steps = ask(url, "/why?limit=100")["steps"]
    assert len(steps) >= len(CUTS)
    for step in steps:
        told = [part["moved"] for part in step["parts"]] + [step["others"]["moved"], step["unexplained"]]
        for name in ("valid", "cast", "counted", "at_jee", "pending", "total"):
            assert sum(one[name] for one in told) == step["moved"][name]


def test_the_page_marks_the_moments_and_leads_back_to_them(wide: Page, url: str) -> None:
    wide.goto(f"{url}/timeline", wait_until="domcontentloaded")
    turns = wide.locator(".moments li")
    told = [(one.get_attribute("data-moment"), one.get_attribute("data-source-at")) for one in turns.all()]
    assert told == [("lead", LEADS[0]), ("lead", LEADS[1]), ("decided", "2026-06-24T02:23:07Z")]
    expect(turns.nth(0)).to_contain_text("Sánchez pasa adelante de Fujimori")
    expect(turns.nth(1)).to_contain_text("Fujimori pasa adelante de Sánchez")
    expect(turns.nth(2)).to_contain_text("Matemáticamente definido por primera vez")
    assert wide.locator("path.turn.lead, .shapelayer path").count() >= 2
    there = turns.nth(0).get_by_role("link").get_attribute("href")
    wide.goto(f"{url}{there}", wait_until="domcontentloaded")
    expect(wide.locator(".headline li").first).to_contain_text("Sánchez")
    expect(wide.locator("#moment")).to_contain_text("Así estaba el conteo")


def test_the_cut_of_the_thirteenth_can_be_seen_again_without_a_script(plain: Page, url: str) -> None:
    points = ask(url, "/timeline?key=nation")["points"]
    then = next(one for one in points if one["published"] and one["published"]["source_at"] == "2026-06-13T19:05:18Z")
    plain.goto(f"{url}/?at={then['at'][:19]}Z")
    said = " ".join((plain.locator("main").text_content() or "").split())
    for piece in ("50.024 %", "9 052 039", "49.976 %", "9 043 470", "8 569 votos", "1 487", "Aún no está decidido"):
        assert piece in said
    plain.goto(f"{url}/queue?at={then['at'][:19]}Z")
    expect(plain.locator("main")).to_contain_text("actas esperan en el JEE")
