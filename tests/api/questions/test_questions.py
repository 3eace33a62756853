"""A reporter's questions in one call: which rows, in which order, how many, which columns, and what has changed."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.main import create_app
from api.tables.questions.measures import measures_of
from tally.board import Fact
from tally.keys import NATION, mesa_key
from tally.model import ActaState
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.databases import sqlite_in

SINCE = minute(7)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A country half counted: a full mesa, one at a jury, a tie, a district that turned, and the source's own words."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("asked")))
    country = Country(store)
    country.count(country.mesas[:4], minute(5), (60, 50))
    country.count(["000005"], minute(5), (120, 75))  # all 200 voters
    country.count(["000006"], minute(5), (40, 40))
    waiting = country.acta("000007", ActaState.AT_JEE)
    country.tell([Fact(mesa_key("000007"), waiting)], minute(6))
    country.publish([NATION, "department/14", "district/140101"], minute(6))
    country.count(["000009", "000010"], minute(8), (10, 90))
    country.publish([NATION, "department/14", "district/140102"], minute(9))
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        yield client
    store.close()


def ask(client: httpx.Client, level: str, **question: Any) -> Any:
    """The table that a question gets."""
    answer = client.get(f"{BASE}/results", params={"level": level, **question})
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(table: Any) -> list[str]:
    return [row["key"].partition("/")[2] for row in table["rows"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (["turnout>=100"], ["000005"]),
        (["turnout<100", "turnout>56"], ["000001", "000002", "000003", "000004"]),
        (["margin=0"], ["000006"]),
        (["leader=blue"], ["000009", "000010"]),
        (["lead.red>10"], ["000005"]),
        (["lead.blue>=80", "votes.red=10"], ["000009", "000010"]),
        (["state=at_jee"], ["000007"]),
        (["state=at_jee,counted", "place=place/1401012"], ["000005", "000006", "000007"]),
        (["pct.blue>=90"], ["000009", "000010"]),
        (["key=mesa/000002"], ["000002"]),
        (["changed_at>" + SINCE], ["000009", "000010"]),
        (["changed_at>2030-01-06T17:07:00-05:00"], ["000009", "000010"]),
        (["changed_at>=2030-01-06T22:08"], ["000009", "000010"]),
        (["changed_at=2030-01-06T23:06:00+01:00,2030-01-07"], ["000007"]),
        (["published_source_at>=2030-01-06T17:00:00-05:00", "cast=200"], ["000005"]),
        (["cast!=115", "cast<200"], ["000006", "000009", "000010"]),
    ],
)
def test_only_the_mesas_of_which_every_condition_holds_are_answered(
    asked: httpx.Client, where: list[str], found: list[str]
) -> None:
    table = ask(asked, "mesa", where=where)
    assert (names(table), table["matching"]) == (found, len(found))


def test_nothing_holds_of_what_is_not_known_and_it_comes_last_in_any_order(asked: httpx.Client) -> None:
    assert ask(asked, "mesa", where="cast>=0")["matching"] == 8
    assert ask(asked, "mesa", where="cast<0")["matching"] == 0
    for sort in ("cast", "-cast"):
        rows = ask(asked, "mesa", sort=sort, columns="key,cast")["rows"]
        known = [row["cast"] for row in rows if row["cast"] is not None]
        assert [row["cast"] for row in rows[: len(known)]] == known == sorted(known, reverse=sort == "-cast")
        assert rows[-1]["cast"] is None


def test_an_order_by_two_columns_goes_by_the_second_where_the_first_is_alike(asked: httpx.Client) -> None:
    table = ask(asked, "mesa", where="cast>0", sort="-cast,-key", top=3)
    assert names(table) == ["000005", "000004", "000003"]
    assert table["matching"] == 8


def test_the_columns_asked_for_stand_alone_in_their_order_and_name_what_joins(asked: httpx.Client) -> None:
    table = ask(
        asked, "mesa", where="turnout>=100", columns="mesa,turnout,district,place,votes.red".replace("mesa", "key")
    )
    assert table["rows"] == [
        {
            "key": "mesa/000005",
            "turnout": 100.0,
            "district": "district/140101",
            "place": "place/1401012",
            "votes.red": 120,
        }
    ]


def test_every_column_can_be_asked_for_at_every_level(asked: httpx.Client) -> None:
    refused = asked.get(f"{BASE}/results", params={"level": "mesa", "columns": "nothing"}).json()["detail"]
    plain = refused.partition("there are ")[2].partition(", votes.LIST")[0].split(", ")
    of_lists = [f"{one}.{name}" for one in ("votes", "pct", "lead") for name in ("red", "blue")]
    for level in ("nation", "department", "polling_place", "mesa"):
        for start in range(0, len(plain), 30):
            columns = [*plain[start : start + 30], *of_lists]
            rows = ask(asked, level, columns=",".join(columns))["rows"]
            assert list(rows[0]) == columns


def test_an_areas_columns_are_what_pages_show_with_both_truths_beside(asked: httpx.Client) -> None:
    table = ask(
        asked, "district", where="cast>0", columns="name,cast,published_cast,computed_cast,margin,leader,turnout"
    )
    one, other = table["rows"]
    assert (one["name"], one["cast"], one["published_cast"], one["margin"], one["leader"]) == (
        "LIMA",
        745,
        745,
        85,
        "red",
    )
    assert (other["leader"], other["turnout"]) == ("blue", 52.5)


def test_what_changed_since_a_moment_says_by_how_much(asked: httpx.Client) -> None:
    table = ask(
        asked,
        "department",
        since=SINCE,
        sort="-change.votes.blue",
        columns="key,change.votes.blue,change.margin,leader",
    )
    assert table["rows"] == [
        {"key": "department/14", "change.votes.blue": 180, "change.margin": -10, "leader": "blue"},
    ]
    assert (table["since"]["as_of"], table["since"]["source_at"]) == (minute(6), minute(6))
    assert names(ask(asked, "mesa", since=SINCE)) == ["000009", "000010"]
    then = ask(asked, "mesa", since=SINCE, at=minute(8), within="district/140102", columns="key,change.cast")
    assert then["rows"] == [{"key": "mesa/000009", "change.cast": None}, {"key": "mesa/000010", "change.cast": None}]


def test_an_answer_says_both_clocks(asked: httpx.Client) -> None:
    for path in ("/results?level=nation", "/state", "/queue", "/corrections", "/reconciliation", ""):
        for at, (ours, theirs) in {"": (minute(9), minute(9)), minute(8): (minute(8), minute(6))}.items():
            sign = "&" if "?" in path else "?"
            body = asked.get(f"{BASE}{path}{f'{sign}at={at}' if at else ''}").json()
            assert (body["as_of"], body["source_at"]) == (ours, theirs), path


def test_a_question_is_answered_as_a_sheet_too(asked: httpx.Client) -> None:
    def sheet(**question: str) -> list[dict[str, str]]:
        answer = asked.get(f"{BASE}/results", params={"level": "mesa", "format": "csv", **question})
        return list(csv.DictReader(io.StringIO(answer.text)))

    assert sheet(where="turnout>=100", columns="key,turnout") == [{"key": "mesa/000005", "turnout": "100.0"}]
    whole = sheet(where="turnout>=100")
    assert (whole[0]["key"], whole[0]["published_red"]) == ("mesa/000005", "120")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"where": "turnot>=100"}, "where: there is no column 'turnot'; there are key, name,"),
        ({"where": "turnout"}, "is not a column, one of >= <= > < = != and a value: turnout>=100"),
        ({"where": "turnout>=many"}, "turnout is compared with a number like -3 or 99.5, not 'many'"),
        ({"where": "state=lost"}, "state is never 'lost'; it is one of pending, counted, at_jee,"),
        ({"where": "leader=green"}, "leader is never 'green'; it is one of red, blue"),
        ({"where": "state>at_jee"}, "state is compared by = or != only"),
        (
            {"where": "changed_at>yesterday"},
            "changed_at is compared with a moment like 2026-06-08T03:00:00Z, not",
        ),
        (
            {"where": "source_at=2026-06-08T03:00:00Z,3"},
            "source_at is compared with a moment like 2026",
        ),
        ({"where": "district=140101"}, "district is a key like district/140101, not '140101'"),
        ({"where": "held=impossible"}, "held is never 'impossible'; it is one of negative, buckets,"),
        ({"where": "level=distrito"}, "level is never 'distrito'; it is one of nation, scope,"),
        ({"where": ["cast>1"] * 9}, "where: at most 8 conditions"),
        ({"sort": "-more"}, "sort: there is no column 'more'"),
        ({"columns": "key,,name"}, "columns: there is no column ''"),
        ({"columns": ",".join(f"c{n}" for n in range(65))}, "columns: at most 64 columns"),
        ({"columns": "change.cast"}, "change.COLUMN needs since=MOMENT"),
        ({"columns": "change.cast", "since": SINCE}, "of places and mesas within=district/"),
        ({"top": "0"}, "top: input should be greater than or equal to 1"),
        ({"since": "yesterday"}, "is not a moment like"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_what_and_where_and_what_there_is(
    asked: httpx.Client, question: dict[str, Any], said: str
) -> None:
    answer = asked.get(f"{BASE}/results", params={"level": "mesa", **question})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_every_column_stands_in_the_document_about_questions() -> None:
    document = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    own = [name for name in measures_of(("red",)) if not name.startswith(("change.", "published_", "computed_"))]
    of_the_sheet = {"level", "parent", "ubigeo", "code", "observation"}
    for name in own:
        shown = name.replace(".red", ".LIST")
        assert f"`{shown}`" in document or name in of_the_sheet, name


def test_moments_are_compared_to_their_second_and_put_in_the_order_of_time(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    country = Country(store)
    stamps = (minute(5), minute(5).replace("Z", ".250Z"), minute(5).replace("00Z", "01Z"))
    for mesa, at in zip(country.mesas, stamps, strict=False):
        country.count([mesa], at)
    second = f"changed_at={minute(5)}"
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert names(ask(client, "mesa", where=second)) == ["000001", "000002"]
        assert names(ask(client, "mesa", where="cast>0", sort="changed_at")) == ["000001", "000002", "000003"]
        assert names(ask(client, "mesa", where="cast>0", sort="-changed_at")) == ["000003", "000002", "000001"]
    store.close()
