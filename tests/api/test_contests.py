"""Many contests of one election: each has its own count, and one table says how all of them stand."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally.board import Fact
from tally.keys import mesa_key
from tally.model import Acta, ActaState
from tally.storage.store import Store
from tests.api.conftest import client_of
from tests.api.country import minute
from tests.api.regions import BASE, ELECTIONS, GOVERNOR, Region
from tests.waiting import wait_until

# Nothing is told because a source was asked in vain.
STILL = ServeOptions(poll_s=0.02, heartbeat_s=600.0)
CUSCO = GOVERNOR.contest("cusco")

PLACE = f"{CUSCO.scope}0101"


@pytest.fixture
def regions(any_store: Store) -> dict[str, Region]:
    """Four of the 25 are counted, the first in the file last."""
    found = {name: Region(any_store, name) for name in ("cusco", "ayacucho", "puno", "ancash")}
    found["cusco"].publish((3700, 3600, 3000, 2500), counted=80, at_jee=2, pending=8)
    found["ayacucho"].publish((0, 0), counted=0, at_jee=40, pending=60, other=0)
    found["puno"].publish((6000, 1500, 1500, 1500, 1500), counted=50)
    return found


@pytest.fixture
def client(any_store: Store, regions: dict[str, Region]) -> Iterator[httpx.Client]:
    with client_of(create_app(any_store, ELECTIONS, options=STILL)) as client:
        yield client


def get(client: httpx.Client, path: str = "", status: int = 200) -> Any:
    answer = client.get(f"{BASE}{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def table(client: httpx.Client, query: str = "") -> dict[str, Any]:
    return {row["id"]: row for row in get(client, f"/contests{query}")["rows"]}


def test_the_elections_own_addresses_are_those_of_the_first_contest_that_is_counted(client: httpx.Client) -> None:
    meta = get(client)
    assert (meta["contest"]["id"], meta["epoch"]) == ("ancash", get(client, "/contests/ancash")["epoch"])
    assert [one["id"] for one in client.get("/api/v1/elections").json()] == [GOVERNOR.id]


def test_every_contest_of_the_file_is_named_and_whether_it_is_counted(client: httpx.Client) -> None:
    named = get(client, "/contests/cusco")["contests"]
    assert [one["id"] for one in named] == [contest.id for contest in GOVERNOR.contests]
    assert {one["id"] for one in named if one["is_counted"]} == {"cusco", "ayacucho", "puno", "ancash"}
    assert {one["rule"] for one in named} == {"two_round"}
    assert named[0]["name"]["es"] == "Gobierno Regional de Amazonas"


@pytest.mark.parametrize("path", ["/state", "/results?level=department", "/areas/nation", "/timeline", "/queue"])
def test_what_an_election_has_each_of_its_contests_has(client: httpx.Client, path: str) -> None:
    own = client.get(f"{BASE}/contests/cusco{path}")
    assert own.status_code == 200, own.text
    assert own.headers["etag"] != client.get(f"{BASE}/contests/puno{path}").headers["etag"]
    again = client.get(f"{BASE}/contests/cusco{path}", headers={"If-None-Match": own.headers["etag"]})
    assert again.status_code == 304


def test_counts_of_two_contests_are_never_taken_for_each_other(client: httpx.Client) -> None:
    cusco, puno = (get(client, f"/contests/{name}/state")["state"]["nation"]["published"] for name in ("cusco", "puno"))
    assert (cusco["votes"][:2], puno["votes"][:2]) == ([3700, 3600], [6000, 1500])
    assert get(client, "/contests/cusco")["outlook"]["outcome"]["state"] == "open"


def test_a_contest_that_is_not_there_or_not_counted_is_said_so(client: httpx.Client) -> None:
    assert get(client, "/contests/atlantis/state", 404)["detail"].endswith("has no contest 'atlantis'")
    assert "holds no count of contest tacna" in get(client, "/contests/tacna", 404)["detail"]


def test_the_table_has_a_row_a_contest_in_the_order_of_the_file(client: httpx.Client) -> None:
    body = get(client, "/contests")
    assert [row["id"] for row in body["rows"]] == [contest.id for contest in GOVERNOR.contests]
    assert body["counts"] == {"not_read": 22, "nothing_counted": 1, "won": 1, "open": 1}
    assert (body["election"], body["as_of"], body["is_test"]) == (GOVERNOR.id, minute(1), False)
    assert body["source_at"] == max(row["source_at"] for row in body["rows"] if row["source_at"]) == minute(1)


def test_a_row_says_what_is_counted_what_decides_and_what_is_out(client: httpx.Client) -> None:
    row = table(client)["cusco"]
    assert (row["scope"], row["whole"], row["place"], row["state"]) == (CUSCO.scope, CUSCO.whole, "CUSCO", "open")
    assert row["actas"] == {"counted": 80, "challenged": 2, "pending": 8, "total": 90}
    assert row["uncounted"] == {"actas": 10, "voters": 3000, "is_bound": True}
    assert (row["valid"], row["blank"], row["null"], row["blank_null_together"]) == (12800, None, None, 20)
    assert [(one["index"], one["votes"], one["share"]) for one in row["lists"]] == [
        (0, 3700, 0.28906),
        (1, 3600, 0.28125),
        (2, 3000, 0.23438),
    ]
    assert row["lists"][1]["candidate"] == CUSCO.lists[1].candidate
    assert row["threshold_votes"] == 3700 - 3840
    assert row["outcome"] == get(client, "/contests/cusco")["outlook"]["outcome"]


def test_actas_that_all_wait_at_the_juries_are_told_and_nothing_is_counted(client: httpx.Client) -> None:
    row = table(client)["ayacucho"]
    assert (row["state"], row["outcome"], row["lists"]) == ("nothing_counted", None, [])
    assert row["actas"] == {"counted": 0, "challenged": 40, "pending": 60, "total": 100}


def test_a_tie_for_the_third_place_is_not_cut(client: httpx.Client) -> None:
    row = table(client)["puno"]
    assert ([one["votes"] for one in row["lists"]], row["state"]) == ([6000, 1500, 1500, 1500, 1500], "won")


def test_of_a_contest_that_was_not_read_there_is_only_what_its_file_says(client: httpx.Client) -> None:
    row = table(client)["tacna"]
    assert (row["state"], row["seq"], row["as_of"], row["lists"]) == ("not_read", None, None, [])
    assert row["name"] == GOVERNOR.contest("tacna").name


def test_the_table_moves_with_its_counts_and_only_then(client: httpx.Client, regions: dict[str, Region]) -> None:
    first = client.get(f"{BASE}/contests")
    regions["cusco"].report(4)
    wait_until(lambda: get(client, "/contests/cusco")["feed"]["checked_at"] == minute(4))
    same = client.get(f"{BASE}/contests", headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    regions["cusco"].publish((3750, 3650, 3000, 2500), counted=81, at_jee=2, pending=7, at=5)
    wait_until(lambda: table(client)["cusco"]["actas"]["counted"] == 81)
    second = get(client, "/contests")
    assert (second["version"], second["epoch"]) == (first.json()["version"] + 1, first.json()["epoch"])


def test_a_contest_that_begins_later_comes_in_where_the_file_has_it(any_store: Store, client: httpx.Client) -> None:
    Region(any_store, "amazonas").publish((10, 5), counted=1)
    wait_until(lambda: table(client)["amazonas"]["state"] == "won")
    assert get(client)["contest"]["id"] == "amazonas"


def test_a_ballot_has_the_races_of_its_district(client: httpx.Client) -> None:
    assert list(table(client, f"?ballot={PLACE}")) == list(table(client, f"?ballot=district/{PLACE}"))
    assert get(client, f"/contests?ballot={PLACE}")["counts"] == {"open": 1}
    detail = get(client, "/contests?ballot=999999", 404)["detail"]
    assert "no district and no mesa '999999'" in detail


def test_an_area_has_the_races_in_it(client: httpx.Client) -> None:
    assert list(table(client, f"?within={CUSCO.whole}")) == ["cusco"]
    assert len(table(client, "?within=scope/domestic")) == len(GOVERNOR.contests)
    assert list(table(client, f"?within=department/01&ballot={PLACE}")) == []
    assert "is not the key of an area" in get(client, "/contests?within=cusco", 422)["detail"]


def test_a_mesa_leads_to_the_ballot_of_its_district(client: httpx.Client, regions: dict[str, Region]) -> None:
    assert get(client, "/contests?ballot=070777", 404)
    acta = Acta(code="P", place=None, registered=300, state=ActaState.PENDING, ubigeo=PLACE)
    regions["cusco"].tell([Fact(f"district/{PLACE}", "CUSCO"), Fact(mesa_key("070777"), acta)], minute(2))
    wait_until(lambda: client.get(f"{BASE}/contests?ballot=mesa/070777").status_code == 200)
    assert list(table(client, "?ballot=070777")) == ["cusco"]


def test_a_search_finds_the_areas_of_all_contests_and_of_one_where_it_is_named(client: httpx.Client) -> None:
    assert [hit["key"] for hit in get(client, "/search?q=cusco")["hits"]] == [CUSCO.whole]
    assert [hit["key"] for hit in get(client, "/search?q=puno")["hits"]] == [GOVERNOR.contest("puno").whole]
    assert get(client, "/contests/puno/search?q=cusco")["hits"] == []


def test_a_night_without_mesas_says_of_its_areas_what_the_source_says(client: httpx.Client) -> None:
    meta, puno = get(client, "/contests/ayacucho"), get(client, "/contests/puno")
    assert (meta["status"], puno["status"]) == ("unofficial-partial", "unofficial-complete")
    assert (meta["outlook"]["leader"], meta["outlook"]["uncounted_actas"]) == (None, 100)
    assert puno["outlook"]["decided"] is True
    queue = get(client, "/contests/ayacucho/queue")["summary"]
    assert (queue["open"], queue["published_open"]) == (0, 40)
    told = get(client, "/contests/puno/reconciliation")
    assert (told["compared"], told["at_other_cuts"]) == (0, 0)
    moments = get(client, f"/contests/puno/moments?key={GOVERNOR.contest('puno').whole}")["moments"]
    assert [one["kind"] for one in moments] == ["decided"]


def test_a_long_table_leaves_out_what_the_rows_of_some_have(store: Store) -> None:
    scopes = [f"01{province:02}{district:02}" for province in range(1, 8) for district in range(1, 16)]
    contests = tuple(msgspec.structs.replace(CUSCO, id=f"d{scope}", scope=scope) for scope in scopes)
    election = msgspec.structs.replace(GOVERNOR, contests=contests)
    Region(store, "d010101", election=election).publish((40, 30), counted=1)
    with client_of(create_app(store, {election.id: election}, options=STILL)) as client:
        assert len(get(client, "/contests")["rows"]) == 105
        short, whole = (table(client, query)["d010101"] for query in ("", "?within=district/010101"))
    assert whole.keys() - short.keys() == {
        "source_at", "registered", "uncounted", "cast", "blank", "null", "blank_null_together",
    }  # fmt: skip
    assert whole["lists"][0].keys() - short["lists"][0].keys() == {"id", "name", "candidate", "share"}
    assert short["outcome"] == whole["outcome"]


@pytest.mark.reference_data
def test_the_25_regions_stand_as_the_source_published_them(store: Store, reference: Path) -> None:
    folder = reference / "data" / "erm2026"
    with (folder / "erm2026_governor_areas.csv").open(encoding="utf-8") as file:
        areas = {one["ubigeo"][:2]: one for one in csv.DictReader(file)}
    with (folder / "erm2026_governor_lists.csv").open(encoding="utf-8") as file:
        votes = {(one["ubigeo"][:2], one["code"]): int(one["votes"]) for one in csv.DictReader(file)}
    for contest in GOVERNOR.contests:
        area = areas[contest.scope]
        own = [votes.get((contest.scope, one.code), 0) for one in contest.lists]
        jee, pending = int(area["actas_jee"]), int(area["actas_pending"])
        counted = int(area["actas_total"]) - jee - pending
        Region(store, contest.id).publish(own, counted=counted, at_jee=jee, pending=pending, other=0)
    with client_of(create_app(store, ELECTIONS, options=STILL)) as client:
        body = get(client, "/contests")
    assert body["counts"] == {"won": 6, "first_round": 1, "runoff": 9, "open": 9}
    rows = {row["id"]: row for row in body["rows"]}
    assert (rows["cusco"]["threshold_votes"], rows["cusco"]["uncounted"]["actas"]) == (199, 45)
    assert (rows["cajamarca"]["threshold_votes"], rows["cajamarca"]["uncounted"]["actas"]) == (-2517, 57)


def test_the_table_of_an_earlier_moment_has_every_row_as_it_stood_then(
    client: httpx.Client, regions: dict[str, Region]
) -> None:
    before = table(client)["cusco"]
    regions["cusco"].publish((3750, 3650, 3000, 2500), counted=81, at_jee=2, pending=7, at=5)
    wait_until(lambda: table(client)["cusco"]["actas"]["counted"] == 81)
    then = get(client, f"/contests?at={minute(1)}")
    assert (then["as_of"], then["source_at"], then["version"]) == (minute(1), minute(1), 0)
    assert then["counts"] == {"not_read": 22, "nothing_counted": 1, "won": 1, "open": 1}
    own = {row["id"]: row for row in then["rows"]}["cusco"]
    assert own == before | {"checked_at": None, "changed_at": None}
    started = get(client, f"/contests?at={minute(0)}")
    assert started["counts"] == {"not_read": 25}
    assert get(client, f"/contests?at={minute(5)}")["counts"]["open"] == 1


def test_some_rows_of_an_earlier_moment_are_asked_for_as_those_of_now_are(client: httpx.Client) -> None:
    for query in (f"ballot={PLACE}", f"within=department/{CUSCO.scope}"):
        assert [row["id"] for row in get(client, f"/contests?{query}&at={minute(1)}")["rows"]] == ["cusco"]


def test_a_moment_to_come_and_what_is_no_moment_are_refused(client: httpx.Client) -> None:
    assert "still to come" in get(client, "/contests?at=2099-01-01T00:00:00Z", 422)["detail"]
    assert "is not a moment" in get(client, "/contests?at=yesterday", 422)["detail"]


def test_what_lies_behind_the_newest_version_is_kept_for_good(client: httpx.Client, regions: dict[str, Region]) -> None:
    regions["cusco"].publish((3750, 3650, 3000, 2500), counted=81, at_jee=2, pending=7, at=5)
    wait_until(lambda: table(client)["cusco"]["actas"]["counted"] == 81)
    settled, open_still = (client.get(f"{BASE}/contests?at={minute(at)}") for at in (1, 5))
    assert "max-age=86400" in settled.headers["cache-control"]
    assert "max-age=2," in open_still.headers["cache-control"]


def test_rows_of_named_contests_stand_under_the_counts_of_all(client: httpx.Client) -> None:
    some = get(client, "/contests?contest=puno&contest=cusco")
    assert [row["id"] for row in some["rows"]] == ["cusco", "puno"]
    assert some["counts"] == get(client, "/contests")["counts"]
    assert "has no contest 'atlantis'" in get(client, "/contests?contest=atlantis", 404)["detail"]
    then = get(client, f"/contests?contest=puno&within=department/{CUSCO.scope}&at={minute(1)}")
    assert then["rows"] == []
