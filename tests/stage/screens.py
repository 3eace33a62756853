"""What `make screens` takes pictures of: every page in the states worth seeing, in groups, with a sentence each."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from playwright.sync_api import Page

from tests.acceptance.team import Team
from tests.stage.night import Night, get

SIZES = {"phone": (360, 800), "wide": (1280, 800), "wall": (1920, 1080)}
PHONE, WIDE, BOTH, WALL = ("phone",), ("wide",), ("phone", "wide"), ("wall",)
# Where many observers stand, so that both halves of the system have something to tell.
DEPARTMENT, DISTRICT = "department/04", "district/040101"


class Screen(Struct, frozen=True):
    """A page: its file's name, what it shows, its address, and who looks at it in which forms.

    `who`: an account, "phone" for an observer's device, or nobody. `top`: what it is scrolled to. `act`: what is done
    before the picture.
    """

    name: str
    title: str
    path: str
    sizes: tuple[str, ...] = BOTH
    who: str = ""
    scheme: str = "light"
    is_paper: bool = False
    top: str = ""
    act: Callable[[Page], None] = lambda page: None


class Found(Struct, frozen=True):
    """What of this night is worth a page: a polling place and a mesa of it, an incident, a moment of the past."""

    place: str
    mesa: str
    incident: str
    flag: str
    at: str
    sample: str


def find(night: Night, team: Team) -> Found:
    """Look for it."""
    listed = team.ask("GET", "mission/incidents", name="carla")["incidents"]
    flags = team.ask("GET", "mission/flags", name="carla")["flags"]
    flag = next(one["id"] for one in flags if one["key"] in {f"mesa/{mesa}" for mesa in night.swapped})
    points = [one for one in get(f"{night.api}/timeline?key=nation")["points"] if one["published"]]
    whole = [one for one in points if one["published"]["counted"] == one["computed"]["counted"]]
    then = next(one for one in whole if one["published"]["counted"] > one["published"]["total"] / 2)
    place = _place(night, listed)
    mesas = get(f"{night.api}/places/{place.partition('/')[2]}")["mesas"]
    mesa = next(one["key"] for one in mesas if one["state"] == "at_jee")
    # One with a picture, of a mesa if there is one, that waits for somebody to decide.
    pictured = max(
        listed, key=lambda one: (one["photos"] > 0, bool(one["place"].get("mesa")), one["state"] == "verified")
    )
    return Found(place, mesa, pictured["id"], flag, then["at"][:19] + "Z", _published(team))


def _published(team: Team) -> str:
    """The quick count, which two of the team have published."""
    [sample] = team.ask("GET", "mission/quick-counts", name="carla")["quick_counts"]
    path = f"mission/quick-counts/{sample['id']}/publication"
    proposed = team.ask("POST", path, {"step": "propose"}, name="carla")
    team.ask("POST", path, {"step": "confirm", "digest": proposed["proposal"]["digest"]}, name="vera")
    return str(sample["id"])


def _place(night: Night, incidents: list[dict[str, Any]]) -> str:
    """The polling place of that district with an acta at a jury from which most was reported."""
    rows = get(f"{night.api}/results?level=mesa&within={DISTRICT}")["rows"]
    place_of = {row["name"]: row["place"] for row in rows}
    waiting = {row["place"] for row in rows if row["state"] == "at_jee"}
    where = [one["place"] for one in incidents]
    reported = Counter(one.get("polling_place") or place_of.get(one.get("mesa")) for one in where)
    return f"place/{max(sorted(waiting), key=lambda code: reported[code])}"


def groups(found: Found) -> Mapping[str, list[Screen]]:
    """Every screen, by its group's heading."""
    return {
        "The count, for everybody": _board(found) + _story(found),
        "The mission, for who signed in": _mission(found),
        "On other people's pages": _embeds(),
    }


def _board(found: Found) -> list[Screen]:
    return [
        Screen("board-map", "The country as a map", "/?view=map"),
        Screen("board-scrolled", "The map on a phone, a department chosen", "/?view=map", PHONE, top=".ways", act=_tap),
        Screen("board-table", "The same rows as a table", "/?view=table"),
        Screen("board-dark", "The country at night", "/?view=map", scheme="dark"),
        Screen("board-contrast", "The country in high contrast", "/?view=map", PHONE, scheme="contrast"),
        Screen("board-english", "In English", "/?view=map&lang=en", WIDE),
        Screen("districts", "All districts at once", "/?view=map&areas=district", WIDE),
        Screen("turnout", "Another measure: turnout", "/?view=map&measure=turnout", WIDE),
        Screen("jee", "Another measure: actas at the juries", "/?view=map&measure=at_jee", WIDE),
        Screen("abroad", "Abroad", "/area/scope/abroad"),
        Screen("department", "A department", f"/area/{DEPARTMENT}?view=map"),
        Screen("department-dark", "A department at night", f"/area/{DEPARTMENT}?view=map", WIDE, scheme="dark"),
        Screen("district", "A district and its polling places", f"/area/{DISTRICT}?view=map"),
        Screen("place", "A polling place and its mesas", f"/{found.place}"),
        Screen("mesa", "A mesa whose acta went to a jury", f"/{found.mesa}"),
        Screen("quick-count", "A mission's quick count, below the official one", "/", top=".quick-count"),
        Screen("search", "Searching, accents forgiven", "/?view=table", PHONE, act=_search),
        Screen("missing", "A page that is not there", "/nope", PHONE),
        Screen("paper", "The country on paper", "/", WIDE, is_paper=True),
    ]


def _story(found: Found) -> list[Screen]:
    return [
        Screen("past", "A moment of the past, by its address", f"/?view=map&at={found.at}"),
        Screen("timeline", "How it moved: the lead changed twice", "/timeline"),
        Screen("timeline-charts", "The same, scrolled to its charts", "/timeline", PHONE, top=".chart-card"),
        Screen("timeline-dark", "How it moved, at night", "/timeline", WIDE, scheme="dark"),
        Screen("why", "Why it changed: each step in parts that add up", "/timeline", WIDE, top=".changes"),
        Screen("queue", "The queue at the juries, with reasons", "/queue"),
        Screen("queue-list", "What became of each acta in the queue", "/queue?state=resolved", top=".below.story"),
        Screen("bulletin", "The cut in words", "/bulletin"),
        Screen("corrections", "What was held back, and what was corrected", "/corrections?kind=all"),
        Screen("methods", "What is checked, and what is refused", "/methods"),
        Screen("data", "The count as files", "/data"),
        Screen("wall", "The board on a newsroom's wall", "/tv", WALL),
    ]


def _mission(found: Found) -> list[Screen]:
    carla, where = "carla", f"place={found.place.partition('/')[2]}"
    return [
        Screen("mission-door", "Two ways in", "/mission"),
        Screen("mission-desk", "The desk: what waits, where nobody looks, alerts", "/mission", who=carla),
        Screen("mission-desk-dark", "The desk at night", "/mission", WIDE, carla, "dark"),
        Screen("mission-desk-english", "The desk in English", "/mission?lang=en", WIDE, carla),
        Screen("mission-incidents", "Incidents as a list", "/mission/incidents", who=carla),
        Screen("mission-cards", "Incidents as a board", "/mission/incidents?view=board", WIDE, carla),
        Screen(
            "mission-incident",
            "One incident beside its place in the count",
            f"/mission/incident?id={found.incident}",
            who=carla,
        ),
        Screen("mission-report", "An observer's form", "/mission/report", PHONE, "phone"),
        Screen("mission-fill", "Which form comes next", f"/mission/fill?{where}", PHONE, "phone"),
        Screen("mission-fill-form", "A form on the phone", f"/mission/fill?form=voting&{where}", PHONE, "phone"),
        Screen("mission-responses", "What came in, what is missing, what looks odd", "/mission/responses", who=carla),
        Screen("mission-findings", "Findings with what they are counts of", "/mission/findings", who=carla),
        Screen(
            "mission-statement",
            "The statement's table on paper",
            "/mission/findings?view=statement",
            WIDE,
            carla,
            is_paper=True,
        ),
        Screen("mission-people", "The mission's people", "/mission/people", who=carla),
        Screen(
            "mission-quick-count",
            "A quick count beside the actas",
            f"/mission/quick-count?id={found.sample}",
            who=carla,
        ),
        Screen("mission-messages", "Messages, and who read them", "/mission/messages", who=carla),
        Screen("mission-guides", "The mission's own documents", "/mission/guides", PHONE, "phone"),
        Screen("mission-forms", "A form, tried out before it is used", "/mission/forms?form=opening", who=carla),
        Screen("mission-flags", "Flags of a checkpoint, with their false-alarm rate", "/mission/flags", who=carla),
        Screen(
            "mission-flag",
            "A flag with its evidence",
            f"/mission/flags?id={found.flag}",
            who=carla,
            top=".flag-row[open]",
        ),
        Screen("mission-stake", "Votes at stake against three margins", "/mission/stake", who=carla),
        Screen("mission-audit", "Why no audit can be begun yet", "/mission/acta-audits", who=carla),
        Screen("mission-coverage", "Coverage: who stands where", "/mission/coverage", who=carla),
        Screen("mission-map-changes", "What changed in the map itself", "/mission/map-changes", who=carla),
        Screen("mission-summary", "The summary to hand over", "/mission/summary", who=carla),
        Screen("mission-public", "What the public sees, before it does", "/mission/public", who=carla, act=_unfold),
        Screen("mission-accounts", "Accounts and the kill switch", "/mission/accounts", who="root"),
        Screen("member-map", "Signed in: incidents beside the margins", "/?view=map", WIDE, carla),
        Screen("member-table", "The same as a table", "/?view=table", who=carla, top=".ways"),
        Screen(
            "member-place",
            "Signed in: a place's actas, flags and incidents in one thread",
            f"/{found.place}",
            who=carla,
            top="#mission-thread",
        ),
    ]


def _embeds() -> list[Screen]:
    return [
        Screen("embed-map", "Embed: map and bar", "/embed/v1/map"),
        Screen("embed-bar", "Embed: bar", "/embed/v1/bar"),
        Screen("embed-table", "Embed: table", "/embed/v1/table?incidents=1"),
        Screen("embed-card", "Embed: one place", f"/embed/v1/card?area={DEPARTMENT}"),
        Screen("embed-dark", "Embed in English, dark", "/embed/v1/map?lang=en&theme=dark", WIDE),
        Screen("customiser", "The form that writes the snippet", "/embed"),
        Screen("share-card", "The picture of a shared link", "/cards/nation.png", WIDE),
    ]


def _tap(page: Page) -> None:
    page.locator(".picture [data-k]").first.tap(force=True)


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")


def _search(page: Page) -> None:
    page.get_by_role("combobox", name="Buscar").press_sequentially("huanuco")
    page.locator("#search").get_by_role("option").first.wait_for()
