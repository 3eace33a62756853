"""The soak of the coordinator's five minutes: every step in a browser, over the whole country while it is counted."""

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

from msgspec import Struct
from playwright.sync_api import Browser, sync_playwright

from bench.reliability import SoakSection
from tally.keys import mesa_key
from tests.acceptance.coordinator import PHONES, Mission, Waited, play_five_minutes, report_without_network
from tests.acceptance.team import Team
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium
from tests.stage.night import Night, get, night, wait

NAME, TITLE = "coordinator", "A coordinator's five minutes over the whole country"
# More than half of the actas are counted; from there on the night goes by so many times faster.
_HOURS, _SPEED = 5.5, 60.0
# Where the reports come from: so many polling places of one district, so many mesas of each.
_DISTRICT, _PLACES, _MESAS = "district/040101", 5, 8
_SCREENS: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 800}, "has_touch": True, "is_mobile": True},
}


class Played(Struct, frozen=True):
    """What was played, in seconds, and over how much."""

    seconds: dict[str, float]
    waited: list[Waited]
    mesas: int
    cuts: int
    actas: int
    flags: dict[str, Any]
    incidents: int


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Play it once on a laptop and once on a phone. Raises: AssertionError: a step is not as promised."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM)
    with night(_HOURS, seed, say) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        section = SoakSection(NAME, TITLE, seed, _lines(_play(stage, browser, say)))
        browser.close()
    say(section.text())
    return section


def _play(stage: Night, browser: Browser, say: Callable[[str], None]) -> Played:
    team = Team(stage.url, stage.folder)
    team.add_people()
    flags = wait(lambda: _frozen(team), "flags of a checkpoint")
    flagged = next(mesa for mesa in stage.swapped if any(one["key"] == mesa_key(mesa) for one in flags["flags"]))
    mission = Mission(stage.url, team, flagged, lambda: None)
    mission.begin(_mesas(stage))
    say("forty observers have reported")
    seconds, before = {}, _nation(stage)
    with stage.moving(_SPEED):
        for name, options in _SCREENS.items():
            began = time.monotonic()
            play_five_minutes(browser.new_context(**options).new_page(), mission)
            seconds[name] = time.monotonic() - began
            say(f"played on a {name}")
        report_without_network(browser.new_context(**_SCREENS["phone"]).new_page(), mission)
    moved = _nation(stage)["counted"] - before["counted"]
    assert moved > 0, "the count stood still while it was looked at"
    points = get(f"{stage.api}/timeline?key=nation")["points"]
    cuts = sum(point["published"]["source_at"] > before["source_at"] for point in points if point["published"])
    incidents = team.ask("GET", "mission/summary", name="carla")["incidents"]
    return Played(seconds, mission.waited, before["total"], cuts, moved, flags, incidents)


def _frozen(team: Team) -> Any:
    found = team.ask("GET", "mission/flags", name="carla")
    return found if found["checkpoint"] else None


def _nation(stage: Night) -> Any:
    return get(f"{stage.api}/state?topic=nation")["state"]["nation"]["published"]


def _mesas(stage: Night) -> list[dict[str, Any]]:
    """Mesas of a few polling places, as many of each."""
    places = defaultdict(list)
    for row in get(f"{stage.api}/results?level=mesa&within={_DISTRICT}")["rows"]:
        places[row["place"]].append(row)
    large = [rows[:_MESAS] for rows in places.values() if len(rows) >= _MESAS][:_PLACES]
    return [row for rows in large for row in rows]


def _lines(played: Played) -> list[str]:
    flags = played.flags
    pages = defaultdict(list)
    for one in played.waited:
        pages[_named(one.page)].append(one.seconds)
    every = sorted(one.seconds for one in played.waited)
    return [
        "The steps of `docs/mission-guide.md` in a headless Chromium, on a laptop and on a phone, as the tests play",
        f"them over a small count: here over {played.mesas:,} mesas with {PHONES} observers, from the moment that",
        f"{_HOURS} hours had passed since the polls closed, the night going by {_SPEED:.0f} times faster and the",
        "poller reading without a budget in the same process. Then an observer's phone without network. A step that",
        "is not as promised, or an error in the page, ends the soak: this section stands only after a run without any.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        *(f"| all six steps on a {name}, s | – | {spent:.0f} |" for name, spent in played.seconds.items()),
        f"| cuts published meanwhile, with so many actas | – | {played.cuts:,}; {played.actas:,} |",
        f"| incidents in the end, two of them filed without network and arrived once each | – | {played.incidents:,} |",
        f"| flags of the checkpoint of {flags['checkpoint']} % | – | {sum(flags['counts'].values()):,} |",
        f"| … mesas counted by then; tested; not testable | – | {flags['mesas']:,}; {flags['tested']:,}; "
        f"{flags['not_testable']:,} |",
        f"| a page until it is ready, s: median; longest | – | {median(every):.1f}; {every[-1]:.1f} |",
        *(
            f"| … `{name}`, {len(waits)} times | – | {median(waits):.1f}; {max(waits):.1f} |"
            for name, waits in sorted(pages.items())
        ),
    ]


def _named(path: str) -> str:
    """A path without the number of whatever it shows."""
    head, _, number = path.rpartition("/")
    return f"{head}/…" if head and number.isdigit() else path
