"""The page of the files: what there is, with every hash, and the files as of a moment."""

import html
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.app import build
from dashboard.datasets.asof import read_moment
from dashboard.datasets.setview import human, label
from dashboard.words import load_words
from tests.dashboard.axe import objections
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION

HOME = "https://count.example"


def text_of(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", "", answer.text))


@pytest.mark.parametrize("path", ["/data", "/data?lang=en"])
def test_every_file_of_every_set_stands_there_with_its_address_and_hash(client: Any, api: ToyApi, path: str) -> None:
    page = client.get(path).text
    for found in api.sets:
        for file in found["files"]:
            assert f'href="{found["address"]}{file["name"]}"' in page
            assert page.count(file["sha256"]) >= len(api.sets)
        assert found["head"]["root"] in page
    for name in ("SHA256SUMS", "manifest.json"):
        assert f'href="{api.sets[0]["address"]}{name}"' in page


def test_who_opens_a_plain_file_in_a_spreadsheet_is_told_how_beside_it(client: Any) -> None:
    for path, said in (
        ("/data", "origen 65001 (UTF-8), delimitador coma"),
        ("/data?lang=en", "origin 65001 (UTF-8), delimiter comma"),
    ):
        text = text_of(client, path)
        assert text.index("CSV") < text.index(said) < text.index("SQLite", text.index(said))


def test_a_set_is_called_by_its_checkpoint_and_its_moment(client: Any) -> None:
    text = text_of(client, "/data?lang=en")
    assert "Not at a checkpoint. Version 98, published on 13/06/2026 14:05:18." in text
    assert "1 439 tally sheets at the electoral juries (JEE) Version 80, published on 12/06/2026 05:00:18" in text
    assert "90 % of the tally sheets counted Version 60" in text
    assert "Of 92 766 tally sheets: counted, 90 000; at the juries, 1 439; not counted or not read" in text
    assert "Those of version 99, published on 13/06/2026 14:05:00, are being made now." in text


@pytest.mark.parametrize(
    ("checkpoint", "said"),
    [
        ("100", "100 % de las actas contabilizadas"),
        ("50-2", "50 % de las actas contabilizadas, por vez 2"),
        ("jee-1", "1 acta en los JEE"),
        (None, "Fuera de un hito"),
        ("of a newer server", "Fuera de un hito"),
    ],
)
def test_every_kind_of_checkpoint_has_its_words(checkpoint: str | None, said: str) -> None:
    assert label({"checkpoint": checkpoint}, load_words()["es"]) == said


def test_a_head_sealed_before_a_version_is_not_said_to_cover_it(client: Any, api: ToyApi) -> None:
    assert "No head covered it yet" not in text_of(client, "/data?lang=en")
    api.sets[0]["head"]["at"] = "2026-06-07T00:00:00Z"
    assert "No head covered it yet when the files were made; the last one" in text_of(client, "/data?lang=en")


def test_every_column_has_type_unit_and_meaning_and_one_list_stands_for_many(api: ToyApi) -> None:
    api.count.lists = [{**api.count.lists[0], "id": name} for name in ("norte", "sur", "l2", "l3")]
    page = build(api.read, election_id=ELECTION).server.test_client().get("/data?lang=en").text
    rows = re.findall(r'<tr><th scope="row"><code>(\w+)</code></th>(.*?)</tr>', page)
    cells = {name: re.findall(r"<td[^>]*>(.*?)</td>", rest) for name, rest in rows}
    assert cells == {
        "key": ["text", "—", "What key is"],
        "published_counted": ["whole number", "actas", "What published_counted is"],
        "published_total": ["whole number", "actas", "What published_total is"],
        "published_norte": ["whole number", "votes", "What published_norte is (and the other lists: 3)"],
        "changed_at": ["time", "—", "What changed_at is"],
    }


@pytest.mark.parametrize(
    ("asked", "seq", "then"),
    [
        ("2026-06-08T09:05:17", 20, "2026-06-08T14:05:17Z"),
        ("2026-06-08T09:05:18", 60, "2026-06-08T14:05:18Z"),
        ("2026-06-08T14:05:18Z", 60, "2026-06-08T14:05:18Z"),
        ("2026-06-12T05:00", 60, "2026-06-12T10:00:00Z"),
        ("2027-01-01", 98, "2027-01-01T05:00:00Z"),
    ],
)
def test_the_files_as_of_a_moment_are_those_of_the_last_set_by_then(
    client: Any, asked: str, seq: int, then: str
) -> None:
    page = client.get(f"/data?moment={asked}").text
    [found] = re.findall(r'href="#v-(\d+)-e1"', page)
    assert int(found) == seq
    assert f"/results?level=department&amp;format=csv&amp;at={then}" in page
    assert f'href="/?at={then}"' in page


def test_before_the_first_set_the_page_says_so_and_leads_to_the_api(client: Any) -> None:
    page = client.get("/data?moment=2026-06-07T10:00").text
    assert "A esa hora todavía no había archivos" in page
    assert "at=2026-06-07T15:00:00Z" in page
    assert "«ayer» no es un día con su hora" in client.get("/data?moment=ayer").text


@pytest.mark.parametrize("given", ["", "x", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01", "14:05"])
def test_what_is_no_moment_is_none(given: str) -> None:
    assert read_moment(given, "America/Lima") is None


def test_at_an_earlier_moment_the_page_has_what_there_was_then(client: Any) -> None:
    page = client.get("/data?at=2026-06-09T16:00:00Z").text
    assert "/60-e1/" in page
    assert "/80-e1/" not in page
    assert "application/ld+json" not in page


def test_without_files_or_without_their_index_one_sentence_says_so(api: ToyApi) -> None:
    api.sets = []
    client = build(api.read, election_id=ELECTION).server.test_client()
    assert "Todavía no hay archivos de este conteo" in client.get("/data").text
    assert client.get("/data").status_code == 200


def test_examples_and_citation_have_the_address_of_this_site(api: ToyApi) -> None:
    site = build(api.read, election_id=ELECTION, home_of=lambda _claimed: HOME).server.test_client()
    text = text_of(site, "/data?lang=en")
    address = f"{HOME}{api.sets[0]['address']}"
    for used in ("areas.parquet'", 'areas.csv"', 'SHA256SUMS"', 'count.sqlite"'):
        assert f"{address}{used}" in text
    assert "https://HOST" not in text
    assert "They can be copied as they stand." in text
    nameless = text_of(build(api.read, election_id=ELECTION).server.test_client(), "/data?lang=en")
    assert "Put the address of this site where it says https://HOST." in nameless
    assert "as they stand" not in nameless
    assert "REHEARSAL: the figures are invented. ONPE, results" in text
    package = next(file["sha256"] for file in api.sets[0]["files"] if file["name"] == "datapackage.json")
    assert (
        f"version 98, 13/06/2026 14:05:18 (America/Lima). {address} (SHA-256 of datapackage.json: {package})." in text
    )


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345_678, "12.3 MB")])
def test_a_size_is_said_as_people_say_it(size: int, said: str) -> None:
    assert human(size) == said


@pytest.mark.browser
def test_the_page_is_found_from_the_board_and_is_for_everybody(site: str, phone: Page) -> None:
    phone.goto(f"{site}/?lang=en&view=table")
    phone.get_by_role("link", name="The data").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("The data")
    phone.get_by_label("Day and time").fill("2026-06-08T12:00:00")
    phone.get_by_role("button", name="Find").click()
    expect(phone.get_by_text("On 08/06/2026 12:00:00:")).to_be_visible()
    for folded in ("Version 60", "Table areas"):
        phone.locator("details.data-set > summary").filter(has_text=folded).click()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert objections(phone) == []
