"""The moments of a count, from the log alone: who went ahead, and when arithmetic decided."""

from typing import Any

import httpx

from tally.board import Fact
from tally.model import AreaCount
from tests.api.conftest import BASE
from tests.api.country import Country, minute

# (counted, red, blue) of 100 actas, of which the country lists half: as long as nothing is said of abroad, each of
# those that are out may have the 500 voters of a mesa there.
ACTAS = 100
NIGHT = ((10, 700, 650), (20, 1300, 1350), (22, 1400, 1400), (30, 1900, 1950), (40, 2700, 2600), (98, 6000, 2900))


def tell(country: Country, at: str, counted: int, votes: tuple[int, int]) -> None:
    count = AreaCount(
        at_jee=0,
        cast=sum(votes),
        counted=counted,
        pending=ACTAS - counted,
        source_at=at,
        total=ACTAS,
        valid=sum(votes),
        votes=votes,
    )
    country.tell([Fact("nation", count)], at)


def moments(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"{BASE}/moments{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["moments"]


def test_a_lead_that_changes_and_a_count_that_is_decided_are_found(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    for n, (counted, red, blue) in enumerate(NIGHT):
        tell(country, minute(n + 1), counted, (red, blue))
    caught_up()
    found = [(one["kind"], one["at"], one["leader"], one["before"]) for one in moments(client)]
    assert found == [
        ("lead", minute(2), 1, 0),  # the tie that follows turns nothing
        ("lead", minute(5), 0, 1),
        ("decided", minute(6), 0, None),
    ]
    decided = moments(client)[-1]
    assert (decided["margin"], decided["uncounted_actas"], decided["source_at"]) == (3100, 2, minute(6))
    assert (decided["uncounted_registered"], decided["uncounted_registered_is_bound"]) == (1000, True)


def test_what_was_decided_may_be_open_again_and_every_outlook_agrees_with_the_board(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    tell(country, minute(1), 95, (5_000, 1))
    tell(country, minute(2), 96, (1_000, 900))
    caught_up()
    found = moments(client)
    assert [one["kind"] for one in found] == ["decided", "undecided"]
    for one in found:
        outlook = client.get(f"{BASE}?at={one['at']}").json()["outlook"]
        assert outlook["decided"] is (one["kind"] == "decided")
        assert outlook["uncounted_registered"] == one["uncounted_registered"]
    assert [one["kind"] for one in moments(client, f"?at={minute(1)}")] == ["decided"]


def test_nothing_is_decided_or_left_open_while_a_figure_is_in_review(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    tell(country, minute(1), 20, (1_300, 1_350))
    held = AreaCount(at_jee=0, cast=9, counted=95, pending=5, source_at=minute(2), total=ACTAS, valid=8, votes=(8, 1))
    country.tell([Fact("nation", held)], minute(2))
    country.tell([Fact("scope/abroad", held)], minute(3))
    tell(country, minute(4), 95, (5_000, 1))
    sound = AreaCount(at_jee=0, cast=9, counted=9, pending=0, source_at=minute(5), total=9, valid=9, votes=(8, 1))
    country.tell([Fact("scope/abroad", sound)], minute(5))
    caught_up()
    said = [client.get(f"{BASE}?at={minute(n)}").json()["outlook"] for n in range(1, 6)]
    assert [(one["decided"], one["in_review"]) for one in said] == [
        (False, False),
        (None, True),  # the nation's newer figures are held
        (None, True),
        (None, True),  # what its bound rests on is held: how much of what is out lies abroad
        (True, False),
    ]
    assert [(one["kind"], one["at"]) for one in moments(client)] == [("lead", minute(4)), ("decided", minute(5))]


def test_areas_have_leads_and_decide_nothing(client: httpx.Client, country: Country, caught_up: Any) -> None:
    country.count(country.mesas[:4], minute(1), (60, 50))
    country.count(country.mesas[4:8], minute(2), (10, 150))
    caught_up()
    assert [(one["kind"], one["at"]) for one in moments(client, "?key=department/14")] == [("lead", minute(2))]
    assert client.get(f"{BASE}/moments?key=department/77").status_code == 404


def test_everything_about_a_moment_stands_as_it_stood(client: httpx.Client, country: Country, caught_up: Any) -> None:
    for n, (counted, red, blue) in enumerate(NIGHT):
        tell(country, minute(n + 1), counted, (red, blue))
    country.count(country.mesas[:2], minute(20))
    caught_up()
    then = client.get(f"{BASE}?at={minute(3)}")
    meta = then.json()
    assert (meta["feed"]["state"], meta["feed"]["source_at"], meta["as_of"]) == ("past", minute(3), minute(3))
    assert then.headers["cache-control"].startswith("public, max-age=86400")
    assert (meta["outlook"]["leader"], meta["status"]) == (None, "unofficial-partial")
    area = client.get(f"{BASE}/areas/nation?at={minute(3)}").json()
    assert area["published"]["votes"] == [1400, 1400]
    state = client.get(f"{BASE}/state?topic=nation&at={minute(3)}").json()
    assert state["state"]["nation"]["published"]["votes"] == [1400, 1400]
    assert state["seq"] == meta["seq"] == area["changed_seq"]
    mesa, place = country.mesas[0], country.where[country.mesas[0]].code
    assert client.get(f"{BASE}/mesas/{mesa}?at={minute(3)}").json()["state"] == "pending"
    assert len(client.get(f"{BASE}/mesas/{mesa}?at={minute(3)}").json()["history"]) == 1
    assert client.get(f"{BASE}/mesas/{mesa}").json()["state"] == "counted"
    mesas = client.get(f"{BASE}/places/{place}?at={minute(3)}").json()["mesas"]
    assert {one["state"] for one in mesas} == {"pending"}
    points = client.get(f"{BASE}/timeline?key=nation&at={minute(3)}").json()["points"]
    assert points[-1]["at"] == minute(3)
    for path in ("", "/areas/nation", "/state", f"/mesas/{mesa}", "/timeline", "/queue", "/why", "/moments"):
        assert client.get(f"{BASE}{path}?at=yesterday").status_code == 422, path
    assert client.get(f"{BASE}/areas/nation?at=2029-01-01").status_code == 404
    assert client.get(f"{BASE}/state?at=2029-01-01").json()["state"] == {}


def test_both_clocks_stand_at_the_head_of_what_a_count_did(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    def clocks(path: str, at: str | None = None) -> Any:
        body = client.get(f"{BASE}{path}", params=None if at is None else {"at": at}).json()
        return body["as_of"], body["source_at"]

    whole = ("/timeline", "/timeline?most=2", "/moments", "/why", "/bulletin", "/bulletins", "/areas/nation")
    place = f"/places/{country.where[country.mesas[0]].code}"
    assert {path: clocks(path)[1] for path in (*whole, place)} == dict.fromkeys((*whole, place))
    tell(country, minute(2), 10, (700, 650))
    country.count(country.mesas[:2], minute(3))
    tell(country, minute(7), 20, (1300, 1350))
    country.count(country.mesas[-2:], minute(9))  # our own sum of the nation moves, too: a version of it
    caught_up()
    assert {path: clocks(path) for path in whole} == dict.fromkeys(whole, (minute(9), minute(7)))
    assert {path: clocks(path, minute(4)) for path in whole} == dict.fromkeys(whole, (minute(3), minute(2)))
    # Nothing moved in Lima after its mesas: what is said of it is of that version, and has that version's clocks.
    for path in ("/timeline", "/moments", "/why"):
        head = client.get(f"{BASE}{path}?key=department/14").json()
        assert (head["seq"], head["as_of"], head["source_at"]) == (3, minute(3), minute(2)), path
    assert clocks(place) == (minute(9), minute(7))


def test_a_long_line_is_thinned_and_keeps_its_turns(client: httpx.Client, country: Country, caught_up: Any) -> None:
    for n in range(40):
        votes = (1000 + n * 10, 1100 + n * 10) if n == 7 else (1200 + n * 10, 1100 + n * 10)
        tell(country, minute(n + 1), n + 1, votes)
    caught_up()
    answer = client.get(f"{BASE}/timeline?most=10")
    at = [point["at"] for point in answer.json()["points"]]
    assert at[-1] == minute(40)
    assert {minute(8), minute(9)} <= set(at)
    assert len(at) <= 12
    whole = client.get(f"{BASE}/timeline").json()["points"]
    assert [point for point in whole if point["at"] in at] == answer.json()["points"]


def test_an_election_without_a_short_name_or_a_page_of_results_says_so(untouched: httpx.Client) -> None:
    meta = untouched.get(BASE).json()
    assert (meta["short"], meta["result_page"]) == (None, None)


def test_the_ledger_and_the_comparison_stand_as_they_stood(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    country.count(country.mesas[:4], minute(1))
    country.count(country.mesas[:1], minute(5), (1, 2))
    caught_up()
    assert client.get(f"{BASE}/corrections?level=mesa").json()["corrections"] != []
    then = client.get(f"{BASE}/corrections?level=mesa&at={minute(4)}")
    assert (then.json()["corrections"], then.json()["seq"]) == ([], 2)
    assert then.headers["cache-control"].startswith("public, max-age=86400")
    assert client.get(f"{BASE}/reconciliation?at={minute(4)}").json()["seq"] == 2
