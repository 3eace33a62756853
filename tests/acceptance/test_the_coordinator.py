"""A coordinator's first five minutes with forty observers and two hundred incidents, over a count that is running.

The same over the whole country, with how long each page took, is `python -m bench.soak coordinator`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import build_feed
from tests.acceptance.coordinator import (
    Mission,
    fill_report,
    play_five_minutes,
    register,
    report_without_network,
)
from tests.acceptance.observer import TROUBLES, correct_and_find, report_in_trouble
from tests.acceptance.small_count import MESAS, PLACES, SWAPPED, write_count
from tests.acceptance.stack import running, served
from tests.acceptance.team import Team
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

ELECTION = known_elections()["2026-06-07-president-runoff"]
CLOSING = datetime(2026, 6, 7, 22, 0, tzinfo=UTC)
_BASE = f"elections/{ELECTION.id}"


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mission]:
    folder = tmp_path_factory.mktemp("mission")
    plan = FeedPlan(mesas=write_count(folder / "mesas.csv", CLOSING), arrivals="seen")
    feed = build_feed(ELECTION, load_catalogue(ELECTION.date.year), plan)
    feed.step_to(CLOSING + timedelta(hours=3))
    with served(feed) as source, running(source, folder, "--cycle", "0.5") as url:
        team = Team(url, folder)
        found = Mission(url, team, SWAPPED, lambda: feed.step_to(CLOSING + timedelta(hours=20)))
        team.add_people()
        found.begin(wait_until(lambda: _mesas(team), 240))
        yield found


def _mesas(team: Team) -> list[dict[str, str]]:
    """The mesas, once every acta that arrived was read."""
    rows: list[dict[str, str]] = team.ask("GET", f"{_BASE}/results?level=mesa")["rows"]
    arrived = PLACES * MESAS - 2 * PLACES // 2
    return rows if sum(row["state"] == "counted" for row in rows) >= arrived else []


@pytest.fixture(params=["wide", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    """A laptop, then a phone."""
    page: Page = request.getfixturevalue(request.param)
    return page


@pytest.mark.long
def test_the_coordinators_five_minutes(screen: Page, mission: Mission) -> None:
    play_five_minutes(screen, mission)


def test_from_a_flag_or_a_place_one_press_opens_a_prefilled_incident(wide: Page, mission: Mission) -> None:
    mission.enter(wide, "vera")
    wide.goto(f"{mission.url}/place/{mission.place}")
    wide.get_by_role("link", name="Reportar aquí").click()
    mission.arrive(wide, "/mission/report")
    expect(wide.locator(".picked")).to_contain_text(mission.place)
    flags = wait_until(lambda: mission.team.ask("GET", "mission/flags", name="vera")["flags"], 120)
    chosen = next(flag for flag in flags if flag["key"] == f"mesa/{SWAPPED}")
    mission.visit(wide, f"/mission/flags?id={chosen['id']}")
    said = wide.locator(".flag-row[open] .said").first
    expect(said).to_contain_text(f"Mesa {SWAPPED}: ")
    sentence = said.inner_text().replace("\u00a0", " ")  # on the page its numbers are not parted at the end of a line
    wide.locator(".flag-row[open]").get_by_role("link", name="Abrir incidente").first.click()
    mission.arrive(wide, "/mission/report")
    expect(wide.get_by_label("Número de mesa")).to_have_value(chosen["key"].partition("/")[2])
    expect(wide.get_by_label("Descripción")).to_have_value(sentence)


def test_an_observer_without_network_files_two_reports_that_arrive_once_each(phone: Page, mission: Mission) -> None:
    report_without_network(phone, mission)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("size", [(1280, 900), (360, 800)], ids=["laptop", "phone"])
def test_an_observer_in_trouble_is_told_and_loses_nothing(
    browser: Browser, wide: Page, mission: Mission, trouble: str, size: tuple[int, int]
) -> None:
    viewport = ViewportSize(width=size[0], height=size[1])
    context = browser.new_context(viewport=viewport, timezone_id=ELECTION.timezone)
    incident = report_in_trouble(context, mission, trouble)
    context.close()
    if incident["is_clock_off"]:
        wide.set_viewport_size(viewport)
        correct_and_find(wide, mission, incident)


def test_what_a_verifier_decides_is_seen_by_whoever_reported(phone: Page, mission: Mission) -> None:
    register(phone, mission)
    fill_report(phone, mission, "missing_material", "Falta el padrón.")
    phone.get_by_role("button", name="Enviar").click()
    expect(phone.locator(".incident-line")).to_have_count(1)
    newest = mission.team.ask("GET", "mission/incidents?state=reported", name="vera")["incidents"][0]
    for move, reason in (("take", None), ("reject", "El padrón llegó a las 8:10.")):
        form = {"move": move, "reason": reason, "basis": None, "seen": newest["revision"]}
        newest = mission.team.ask("POST", f"mission/incidents/{newest['id']}/moves", form, name="vera")
    phone.reload()
    expect(phone.locator(".incident-line")).to_contain_text("Rechazado")
    expect(phone.locator(".incident-line")).to_contain_text("El padrón llegó a las 8:10.")
