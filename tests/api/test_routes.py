"""Every route over a real store: shapes, formats, and answers to what cannot be answered."""

import csv
import gzip
import io
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from api.main import create_app
from api.tables.results_csv import write_csv
from api.tables.search import SearchIndex
from tally import moments
from tally.board import Fact
from tally.changes import digest, encode
from tally.feednotes import FeedNote, Note
from tally.keys import ABROAD, DOMESTIC, NATION, mesa_key, place_key
from tally.model import ActaState, AreaCount, PollingPlace
from tally.program import this_program
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import ELECTION, NAMES, Country, minute
from tests.waiting import wait_until

Wait = Callable[[], None]


def get(client: httpx.Client, path: str) -> Any:
    """A good answer's JSON."""
    answer = client.get(BASE + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_election_in_the_store_is_listed(untouched: httpx.Client) -> None:
    found = untouched.get("/api/v1/elections").json()
    assert [entry["id"] for entry in found] == [ELECTION.id]


def test_the_api_says_which_program_answers_and_so_does_every_answer(untouched: httpx.Client) -> None:
    program = this_program()
    told = untouched.get("/api/v1")
    assert told.json() == {"version": program.version, "commit": program.commit}
    for path in ("/api/v1", f"{BASE}/state", "/nowhere", "/healthz"):
        assert untouched.get(path).headers["x-program"] == str(program)


def test_an_election_says_who_counts_what_and_how_far(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(country.mesas[:39], minute(5))
    country.publish([NATION], minute(6))
    caught_up()
    meta = get(client, "")
    assert (meta["seq"], meta["as_of"], meta["status"]) == (3, minute(6), "unofficial-partial")
    assert [entry["id"] for entry in meta["contest"]["lists"]] == ["red", "blue"]
    assert meta["feed"]["state"] == "starting"


def test_an_area_brings_its_data_parents_and_the_level_below(
    client: httpx.Client, country: Country, caught_up: Wait
) -> None:
    country.count(country.mesas[:4], minute(5))
    country.publish(["district/140101"], minute(6))
    caught_up()
    district = get(client, "/areas/district/140101")
    assert [parent["key"] for parent in district["parents"]] == [NATION, DOMESTIC, "department/14", "province/1401"]
    assert district["published"]["counted"] == district["computed"]["counted"] == 4
    assert (district["changed_seq"], district["children_level"]) == (3, "polling_place")
    assert get(client, "/areas/nation")["children_level"] == "department"
    assert get(client, "/areas/scope/abroad")["children_level"] == "department"
    assert get(client, "/areas/department/14")["children_level"] == "province"


def test_a_polling_place_lists_its_mesas(untouched: httpx.Client) -> None:
    found = get(untouched, "/places/1401011")
    assert found["name"] == "I.E. Nº 1 LIMA"
    assert [line["mesa"] for line in found["mesas"]] == ["000001", "000002", "000003", "000004"]
    assert found["parents"][-1] == {"key": "district/140101", "name": "LIMA"}
    assert found["position"] is None


def test_a_mesa_has_its_whole_history(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(["000001"], minute(5), (70, 60))
    country.count(["000001"], minute(6), (71, 60))
    caught_up()
    mesa = get(client, "/mesas/000001")
    assert [(past["kind"], past["d"]["votes"]) for past in mesa["history"]] == [
        ("update", None),
        ("update", [70, 60]),
        ("correction", [71, 60]),
    ]
    assert mesa["history"][-1]["src"] == f"sha256:{1:064x}"
    assert mesa["parents"][-1]["key"] == place_key(country.places[0].code)


def test_the_timeline_has_one_point_a_value(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(country.mesas[:4], minute(5))
    country.publish([NATION], minute(6))
    caught_up()
    points = get(client, "/timeline?key=nation")["points"]
    assert [point["seq"] for point in points] == [1, 2, 3]
    assert [point["published"] is None for point in points] == [True, True, False]
    assert points[-1]["computed"]["counted"] == 4
    place = get(client, f"/timeline?key=place/{country.places[0].code}")
    assert place["points"][-1]["published"] is None


@pytest.mark.parametrize(
    ("level", "rows"),
    [("nation", 1), ("scope", 2), ("department", 3), ("province", 4), ("district", 5), ("polling_place", 10)],
)
def test_results_have_one_row_a_key(untouched: httpx.Client, level: str, rows: int) -> None:
    found = get(untouched, f"/results?level={level}")
    assert len(found["rows"]) == rows
    assert found["lists"] == ["red", "blue"]
    assert {row["level"] for row in found["rows"]} == {level}


@pytest.mark.parametrize(
    ("within", "mesas"),
    [
        ("nation", 40),
        ("scope/abroad", 8),
        ("scope/domestic", 32),
        ("department/14", 24),
        ("province/1402", 8),
        ("district/140102", 8),
        ("place/1401021", 4),
    ],
)
def test_results_within_an_area_are_those_below_it(untouched: httpx.Client, within: str, mesas: int) -> None:
    rows = get(untouched, f"/results?level=mesa&within={within}")["rows"]
    assert len(rows) == mesas
    assert all(row["parent"].startswith("place/") and row["name"] == row["key"][5:] for row in rows)


def test_results_within_a_department_are_its_own_areas(untouched: httpx.Client) -> None:
    rows = get(untouched, "/results?level=district&within=department/24")["rows"]
    assert [(row["key"], row["parent"], row["ubigeo"]) for row in rows] == [
        ("district/240101", "province/2401", "240101")
    ]


def sheet(client: httpx.Client, path: str) -> list[dict[str, str]]:
    answer = client.get(BASE + path)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_sheet_has_both_truths_and_a_column_a_list(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(country.mesas[:4], minute(5), (70, 60))
    country.publish(["department/14"], minute(6))
    caught_up()
    lines = {line["key"]: line for line in sheet(client, "/results?level=department&format=csv")}
    lima, callao = lines["department/14"], lines["department/24"]
    assert (lima["published_red"], lima["computed_blue"], lima["published_counted"]) == ("280", "240", "4")
    assert (callao["published_red"], callao["published_counted"], callao["computed_red"]) == ("", "", "0")
    assert lima["changed_at"] == minute(6)
    mesas = sheet(client, "/results?level=mesa&within=district/140101&format=csv")
    assert (mesas[0]["state"], mesas[0]["published_red"], mesas[0]["registered"]) == ("counted", "70", "200")
    assert (mesas[7]["state"], mesas[7]["published_red"]) == ("pending", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_sheet_never_carries_a_formula(client: httpx.Client, country: Country, caught_up: Wait, sign: str) -> None:
    evil = PollingPlace(code="1401019", name=f'{sign}HYPERLINK("http://evil")', ubigeo="140101")
    country.tell([Fact(place_key(evil.code), evil)], minute(5))
    caught_up()
    lines = sheet(client, "/results?level=polling_place&within=district/140101&format=csv")
    assert f"'{evil.name}" in [line["name"] for line in lines]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\n", "a word\n", "a word\r\n ", "\t"])
def test_no_line_of_a_cell_begins_a_formula(before: str, sign: str) -> None:
    written = write_csv(None, [[f"{before}{sign}1+1", -5]]).decode()
    [[text, number]] = csv.reader(io.StringIO(written, newline=""))
    assert text.replace("'", "") == f"{before}{sign}1+1"
    assert all(not line.lstrip() or line.lstrip()[0] != sign for line in text.splitlines())
    assert number == "-5"


def test_a_sheet_of_a_rehearsal_says_so(store: Store) -> None:
    Country(store, is_test=True)
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        answer = client.get(f"{BASE}/results?level=nation&format=csv")
        assert "SIMULACRO" in answer.headers["content-disposition"]
        assert next(csv.DictReader(io.StringIO(answer.text)))["is_test"] == "true"
        assert client.get(f"{BASE}/state").json()["is_test"] is True


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("canete", "province/1402"),
        ("AncÓn", "district/140102"),
        ("buenos", "district/920101"),
        ("lima", "department/14"),
        ("000007", "mesa/000007"),
        ("7", "mesa/000007"),
        ("mesa 7", "mesa/000007"),
        ("Mesa Nº 000007", "mesa/000007"),
        ("acta 07", "mesa/000007"),
        ("can’ete", "province/1402"),
        ("240101", "district/240101"),
        ("vicente san", "district/140201"),
        ("i.e. 2 callao", "place/2401012"),
    ],
)
def test_search_forgives_accents_case_and_order(untouched: httpx.Client, query: str, first: str) -> None:
    hits = get(untouched, f"/search?q={query}")["hits"]
    assert hits[0]["key"] == first


def test_a_hit_says_where_it_lies(untouched: httpx.Client) -> None:
    (hit,) = get(untouched, "/search?q=ancon&limit=1")["hits"]
    assert hit == {"key": "district/140102", "level": "district", "name": "ANCÓN", "context": "LIMA · LIMA"}
    assert get(untouched, "/search?q=zzz")["hits"] == []


def test_a_renamed_place_is_found_by_its_new_name_only(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    old = country.places[0]
    new = PollingPlace(code=old.code, name="COLEGIO GUADALUPE", ubigeo=old.ubigeo)
    country.tell([Fact(place_key(old.code), new)], minute(5))
    caught_up()
    assert get(client, "/search?q=guada")["hits"][0]["key"] == place_key(old.code)
    assert place_key(old.code) not in [hit["key"] for hit in get(client, "/search?q=lima&limit=50")["hits"]]


def test_state_is_canonical_and_its_hash_is_its_own(untouched: httpx.Client) -> None:
    state = get(untouched, "/state")
    assert set(state["state"]) == {key for key in NAMES if key.startswith(("nation", "scope", "department"))}
    assert state["hash"] == digest(encode(state["state"]))
    assert state["topics"] == ["nation"]
    district = get(untouched, "/state?topic=district/140101")["state"]
    assert len(district) == 1 + 2 + 8


def test_state_is_not_sent_twice(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    first = client.get(f"{BASE}/state")
    assert first.headers["etag"] == f'"{country.writer.info.epoch}-1"'
    assert first.headers["cache-control"] == "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"
    again = client.get(f"{BASE}/state", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    country.count(country.mesas[:1], minute(5))
    caught_up()
    assert client.get(f"{BASE}/state", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_state_is_compressed_for_who_reads_that(untouched: httpx.Client) -> None:
    plain = untouched.get(f"{BASE}/state", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with untouched.stream("GET", f"{BASE}/state", headers={"Accept-Encoding": "zstd, gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert (
        untouched.get(f"{BASE}/state", headers={"Accept-Encoding": "gzip;q=0"}).headers.get("content-encoding") is None
    )


def test_the_outlook_is_exact_where_we_know_every_roll(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(country.mesas[:39], minute(5), (100, 40))
    country.publish([NATION], minute(6))
    caught_up()
    outlook = get(client, "")["outlook"]
    assert outlook == {
        "leader": 0,
        "margin": 39 * 60,
        "uncounted_actas": 1,
        "uncounted_registered": 200,
        "uncounted_registered_is_bound": False,
        "decided": True,
        "in_review": False,
        "outcome": {
            "state": "won",
            "winner": 0,
            "threshold": None,
            "first_two": [],
            "margins": [{"kind": "first_second", "ahead": 0, "behind": 1, "votes": 39 * 60, "is_open": False}],
            "tied": [],
        },
    }


def test_the_outlook_is_a_bound_while_the_published_margin_is_older(
    client: httpx.Client, country: Country, caught_up: Wait
) -> None:
    country.count(country.mesas[:10], minute(5), (100, 40))
    country.publish([NATION, DOMESTIC, ABROAD], minute(6))
    country.count(country.mesas[10:], minute(7), (40, 100))
    caught_up()
    outlook = get(client, "")["outlook"]
    # 22 mesas at home with at most 300 voters, 8 abroad with at most 500
    assert (outlook["uncounted_registered"], outlook["uncounted_registered_is_bound"]) == (22 * 300 + 8 * 500, True)
    assert outlook["decided"] is False


def test_while_we_read_behind_the_source_our_roll_is_no_more_than_a_bound(
    client: httpx.Client, country: Country, caught_up: Wait
) -> None:
    country.count(country.mesas[:10], minute(5), (100, 40))
    figures = AreaCount(counted=38, at_jee=0, pending=2, total=40, cast=5700, valid=5320, votes=(3800, 1520))
    country.tell([Fact(NATION, figures)], minute(6))
    caught_up()
    outlook = get(client, "")["outlook"]
    # Not the 30 × 200 of all actas we have not counted ourselves; abroad nothing was said, and a mesa has 500 there.
    assert (outlook["uncounted_actas"], outlook["uncounted_registered"]) == (2, 2 * 500)
    assert (outlook["uncounted_registered_is_bound"], outlook["decided"]) == (True, True)


def test_a_complete_count_says_so(client: httpx.Client, country: Country, caught_up: Wait) -> None:
    country.count(country.mesas[1:], minute(5))
    country.tell([Fact(mesa_key("000001"), country.acta("000001", ActaState.AT_JEE))], minute(6))
    country.publish([NATION], minute(7))
    caught_up()
    assert get(client, "")["status"] == "unofficial-partial"
    country.count(["000001"], minute(8))
    country.publish([NATION], minute(9))
    caught_up()
    assert get(client, "")["status"] == "unofficial-complete"


def test_a_feed_that_was_not_checked_for_long_is_stale(client: httpx.Client, country: Country) -> None:
    country.report("ok", moments.write(moments.utc_now()))
    wait_until(lambda: get(client, "")["feed"]["state"] == "ok")
    assert get(client, "")["feed"]["note"] is None
    country.report("ok", "2020-01-01T00:00:00Z")
    wait_until(lambda: get(client, "")["feed"]["state"] == "stale")
    assert get(client, "")["feed"]["note"] == "stale"
    country.report("down", moments.write(moments.utc_now()))
    wait_until(lambda: get(client, "")["feed"]["state"] == "down")
    assert get(client, "")["feed"]["note"] == "down"


def test_why_the_feed_is_as_it_is_is_told_with_its_figures(client: httpx.Client, country: Country) -> None:
    now = moments.write(moments.utc_now())
    country.report("down", now, FeedNote(Note.ASKED_TO_WAIT, at="2026-06-08T02:22:00Z", minutes=12))
    wait_until(lambda: get(client, "")["feed"]["state"] == "down")
    feed = get(client, "")["feed"]
    assert (feed["note"], feed["figures"]) == ("asked_to_wait", {"at": "2026-06-08T02:22:00Z", "minutes": 12})
    country.report("ok", now, FeedNote(Note.SOME_UNREAD, answers=3))
    wait_until(lambda: get(client, "")["feed"]["state"] == "ok")
    feed = get(client, "")["feed"]
    assert (feed["note"], feed["figures"]) == ("some_unread", {"answers": 3})
    country.report("ok", now)
    wait_until(lambda: get(client, "")["feed"]["note"] is None)
    assert get(client, "")["feed"]["figures"] == {}


def test_what_people_say_for_a_name_finds_it_and_also_what_is_called_so() -> None:
    index = SearchIndex()
    named = {
        "department/07": "CUSCO", "district/140132": "SAN JUAN DE LURIGANCHO", "place/1": "IE 12 SJL",
        "place/2": "ESCUELA LIBERTADOR BERNARDO O'HIGGINS",
    }  # fmt: skip
    for key, name in named.items():
        index.put(key, msgspec.json.encode({"name": name}))
    assert index.find("Cuzco", 5) == ["department/07"]
    assert index.find("sjl", 5) == ["district/140132", "place/1"]
    for typed in ("o'higgins", "o’higgins", "ohiggins", "O´Higgins"):
        assert index.find(typed, 5) == ["place/2"]


@pytest.mark.parametrize("query", ["results?level=mesa", "results?level=district", "queue?", "corrections?kind=hold"])
def test_a_spreadsheet_reads_its_twin_with_accents_and_every_zero_of_a_code(
    untouched: httpx.Client, query: str
) -> None:
    plain = untouched.get(f"{BASE}/{query}&format=csv")
    twin = untouched.get(f"{BASE}/{query}&format=spreadsheet")
    assert twin.headers["content-type"] == "text/csv; charset=utf-8"
    assert "-spreadsheet.csv" in twin.headers["content-disposition"]
    assert twin.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(twin.content.decode("utf-8-sig"))))
    # Nothing but a tab before codes tells them apart: figures stay figures.
    assert [[cell.removeprefix("\t") for cell in row] for row in rows] == list(csv.reader(io.StringIO(plain.text)))
    if "level" in query:
        ubigeo = rows[0].index("ubigeo")
        assert {row[ubigeo][:1] for row in rows[1:]} == {"\t"}
        assert not any(cell.startswith("\t") for row in rows for cell in row[ubigeo + 2 :])


def test_codes_stay_text_in_a_spreadsheet_and_nothing_else_changes() -> None:
    written = write_csv(["a"], [["010101", 10101, "PIURA", "=1+1", None]], "spreadsheet").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1] == ["\t010101", "10101", "PIURA", "'=1+1", ""]
