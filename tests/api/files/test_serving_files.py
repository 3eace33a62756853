"""Files of a set over HTTP: whole, in ranges, not again, from any page, and nothing but files of sets."""

from pathlib import Path

import httpx
import pytest

from api.http.answers import IMMUTABLE
from api.main import create_app
from api.tables.sets.index import PublishedSet
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of

LATEST = "/data/2030-01-06-mayor/mayor/latest/"


@pytest.fixture
def mesas(published: list[PublishedSet], root: Path) -> tuple[str, bytes]:
    """Address and content of a file."""
    address = f"{published[0].address}mesas.parquet"
    return address, (root / address.removeprefix("/data/")).read_bytes()


def test_the_index_leads_to_every_file(client: httpx.Client) -> None:
    answer = client.get("/data/index.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    again = client.get("/data/index.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for one in answer.json()["elections"][0]["contests"][0]["sets"]:
        for file in one["files"]:
            found = client.head(one["address"] + file["name"])
            assert (found.status_code, found.content) == (200, b"")
            assert found.headers["content-length"] == str(file["bytes"])
            assert found.headers["content-type"] == file["media_type"]
            assert found.headers["cache-control"] == IMMUTABLE
        assert client.get(one["address"] + "SHA256SUMS").text.count("\n") == len(one["files"]) + 1


def test_a_part_of_a_file_is_given_as_it_was_asked_for(client: httpx.Client, mesas: tuple[str, bytes]) -> None:
    address, content = mesas
    whole = client.get(address)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, told, part in (
        ("bytes=0-3", f"bytes 0-3/{len(content)}", content[:4]),
        ("bytes=-8", f"bytes {len(content) - 8}-{len(content) - 1}/{len(content)}", content[-8:]),
        ("bytes=10-", f"bytes 10-{len(content) - 1}/{len(content)}", content[10:]),
    ):
        found = client.get(address, headers={"Range": asked})
        assert (found.status_code, found.headers["content-range"], found.content) == (206, told, part)
    beyond = client.get(address, headers={"Range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")
    head = client.head(address, headers={"Range": "bytes=0-3"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (206, b"", "4")


def test_who_has_a_file_is_not_given_it_again(client: httpx.Client, mesas: tuple[str, bytes]) -> None:
    address, content = mesas
    first = client.get(address)
    for header, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = client.get(address, headers={header: value})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    for odd in ("yesterday", "", "Thu, 99 Foo 2030"):
        assert client.get(address, headers={"If-Modified-Since": odd}).status_code == 200
    other = client.get(address, headers={"Range": "bytes=0-3", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, content)
    same = client.get(address, headers={"Range": "bytes=0-3", "If-Range": first.headers["etag"]})
    assert (same.status_code, same.content) == (206, content[:4])


def test_any_page_may_read_a_file_in_ranges(client: httpx.Client, mesas: tuple[str, bytes]) -> None:
    asked = {"Origin": "https://news.example", "Access-Control-Request-Method": "GET"}
    allowed = client.options(mesas[0], headers={**asked, "Access-Control-Request-Headers": "range"})
    assert allowed.status_code == 204
    assert "Range" in allowed.headers["access-control-allow-headers"]
    given = client.get(mesas[0], headers={"Origin": "https://news.example", "Range": "bytes=0-3"})
    for answer in (allowed, given):
        assert answer.headers["access-control-allow-origin"] == "*"
    assert "Content-Range" in given.headers["access-control-expose-headers"]


def test_latest_leads_to_the_newest_set(client: httpx.Client, published: list[PublishedSet]) -> None:
    led = client.get(f"{LATEST}areas.csv")
    assert (led.status_code, led.headers["location"]) == (307, f"{published[0].address}areas.csv")
    assert led.headers["cache-control"] == "public, max-age=10"
    assert led.headers["access-control-allow-origin"] == "*"
    assert client.get(f"{LATEST}areas.csv", follow_redirects=True).content.startswith(b"key,")


@pytest.mark.parametrize(
    "address",
    [
        "2030-01-06-mayor/mayor/1-00000000/mesas.csv",
        "2030-01-06-mayor/mayor/latest/..%2F..%2Findex.json",
        "2030-01-06-mayor/mayor/.1-abc.part/mesas.csv",
        "..%2F..%2F..%2Fetc/x/y/passwd",
        "2030-01-06-mayor/..%2Fmayor/latest/mesas.csv",
        "2030-01-06-mayor/none/latest/mesas.csv",
    ],
)
def test_there_is_nothing_but_files_of_sets(client: httpx.Client, address: str) -> None:
    answer = client.get(f"/data/{address}", follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_where_no_files_are_made_the_index_is_empty(counted: Store) -> None:
    with client_of(create_app(counted, ELECTIONS, options=QUICK)) as client:
        assert client.get("/data/index.json").json()["elections"] == []
        assert client.get(f"{LATEST}mesas.csv").status_code == 404
