"""The queue at the juries: who waits there, why and since when, what became of the others, and what is at stake."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tally.board import Fact
from tally.keys import mesa_key
from tally.model import ActaState
from tally.observations import OTHER, UNSTATED, reasons_of
from tally.queue import Queue
from tally.storage.store import Store
from tests.api.conftest import BASE
from tests.api.country import NAMES, Country, minute


def send_to_jury(country: Country, mesa: str, at: str, why: str | None, votes: tuple[int, int] | None = None) -> None:
    """An acta leaves the count; with votes, it shows them while it waits."""
    acta = country.acta(mesa, ActaState.AT_JEE)
    acta = msgspec.structs.replace(acta, code="E", observation=why, source_at=at)
    if votes is not None:
        figures = country.acta(mesa, votes=votes)
        acta = msgspec.structs.replace(acta, votes=figures.votes, cast=figures.cast, valid=figures.valid)
    country.tell([Fact(mesa_key(mesa), acta, f"sha256:{int(mesa):064x}")], at)


def annul(country: Country, mesa: str, at: str) -> None:
    acta = msgspec.structs.replace(country.acta(mesa, ActaState.ANNULLED), code="A", source_at=at)
    country.tell([Fact(mesa_key(mesa), acta)], at)


@pytest.fixture
def waiting(country: Country) -> Country:
    """Six actas go to the jury: two come back, one of them annulled; one that nobody saw there is annulled too."""
    country.count(country.mesas[10:20], minute(1))
    for n, why in enumerate(("Acta con error aritmético, Acta ilegible", "Acta sin firmas", None)):
        send_to_jury(country, country.mesas[n], minute(2 + n), why)
    send_to_jury(country, country.mesas[3], minute(5), "VOTOS IMPUGNADOS", (70, 40))
    send_to_jury(country, country.mesas[4], minute(6), "ERROR MATERIAL")
    far = next(mesa for mesa, place in country.where.items() if place.ubigeo == "920101")
    send_to_jury(country, far, minute(7), "Acta con solicitud de nulidad")
    country.count(country.mesas[:1], minute(8), (81, 20))
    annul(country, country.mesas[1], minute(9))
    annul(country, country.mesas[5], minute(10))
    return country


def queue(client: httpx.Client, query: str = "") -> Any:
    answer = client.get(f"{BASE}/queue{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_acta_that_left_the_count_is_there_with_its_reason_and_outcome(
    client: httpx.Client, waiting: Country, caught_up: Any
) -> None:
    caught_up()
    found = queue(client)
    actas = {acta["mesa"]: acta for acta in found["actas"]}
    assert list(actas)[:3] == [waiting.mesas[5], waiting.mesas[1], waiting.mesas[0]]  # what moved last comes first
    assert len(actas) == 7 == found["matching"]
    first = actas[waiting.mesas[0]]
    assert first["reasons"] == ["material_error", "illegible"]
    assert first["observation"] == "Acta con error aritmético, Acta ilegible"
    assert (first["state"], first["code"], first["since"]["at"]) == ("resolved", "E", minute(2))
    assert first["resolved"]["state"] == "counted"
    assert (first["resolved"]["votes"], first["resolved"]["at"]) == ([81, 20], minute(8))
    assert [place["name"] for place in first["where"][:3]] == ["LIMA", "LIMA", "LIMA"]
    assert actas[waiting.mesas[1]]["resolved"]["state"] == "annulled"
    assert actas[waiting.mesas[5]]["since"] is None  # nobody saw it at the jury
    assert actas[waiting.mesas[2]]["reasons"] == [UNSTATED]
    assert actas[waiting.mesas[3]]["votes"] == [70, 40]


def test_the_summary_sets_what_waits_against_the_lead(client: httpx.Client, waiting: Country, caught_up: Any) -> None:
    waiting.publish([key for key in NAMES if key.startswith(("nation", "scope", "department"))], minute(11))
    caught_up()
    summary = queue(client, "?limit=1")["summary"]
    assert (summary["open"], summary["published_open"]) == (4, 4)
    assert summary["resolved"] == {"annulled": 2, "counted": 1}
    assert (summary["at_most_votes"], summary["at_most_is_bound"]) == (4 * 200, False)
    assert (summary["votes"], summary["votes_of"]) == ([70, 40], 1)
    assert summary["exceeds_margin"] is (summary["margin"] < 800)
    assert summary["leader"] == 0
    assert {line["reason"]: line["actas"] for line in summary["reasons"]} == {
        "challenged_votes": 1,
        "material_error": 1,
        "annulment_request": 1,
        UNSTATED: 1,
    }
    told = {line["reason"]: (line["votes"], line["votes_of"]) for line in summary["reasons"]}
    assert [one for one in told.values() if one[0]] == [([70, 40], 1)]
    assert told[UNSTATED] == (None, 0)
    assert [(area["key"], area["open"]) for area in summary["areas"]] == [("department/14", 3), ("department/92", 1)]
    assert summary["oldest"] == {"key": mesa_key(waiting.mesas[2]), "at": minute(4)}


def test_actas_only_counted_by_the_source_are_bounded_by_the_largest_mesa(
    client: httpx.Client, country: Country, caught_up: Any
) -> None:
    country.count(country.mesas[10:20], minute(1))
    send_to_jury(country, country.mesas[0], minute(2), "Acta ilegible")
    sums = country.board.sums.of("nation")
    stated = msgspec.structs.replace(sums.as_count(minute(3)), at_jee=4, pending=sums.pending - 3)
    abroad = msgspec.structs.replace(country.board.sums.of("scope/abroad").as_count(minute(3)), at_jee=1, pending=7)
    country.tell([Fact("nation", stated), Fact("scope/abroad", abroad)], minute(3))
    caught_up()
    summary = queue(client)["summary"]
    assert (summary["open"], summary["published_open"]) == (1, 4)
    # One of known roll; of the three that are not, any may be one of the eight that were out abroad.
    assert (summary["at_most_votes"], summary["at_most_is_bound"]) == (200 + 3 * 500, True)


def test_the_list_is_narrowed_by_area_reason_and_state_and_read_page_by_page(
    client: httpx.Client, waiting: Country, caught_up: Any
) -> None:
    caught_up()
    still = queue(client, "?state=open")
    assert {acta["state"] for acta in still["actas"]} == {"open"}
    assert still["matching"] == 4
    assert queue(client, "?state=resolved")["matching"] == 3
    assert queue(client, "?reason=material_error")["matching"] == 2
    assert queue(client, "?within=scope/abroad")["summary"]["open"] == 1
    assert queue(client, "?within=department/14&state=open")["matching"] == 3
    assert queue(client, "?within=district/240101")["actas"] == []
    place = waiting.where[waiting.mesas[0]].code
    assert queue(client, f"?within=place/{place}")["matching"] == 4
    pages, end = [], ""
    while True:
        page = queue(client, f"?limit=3{end}")
        pages.append([acta["mesa"] for acta in page["actas"]])
        if page["next"] is None:
            break
        end = f"&before={page['next']}"
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [mesa for page in pages for mesa in page] == [acta["mesa"] for acta in queue(client)["actas"]]


def test_the_queue_stands_as_it_stood(client: httpx.Client, waiting: Country, caught_up: Any) -> None:
    caught_up()
    then = queue(client, f"?at={minute(6)}")
    assert (then["summary"]["open"], then["summary"]["resolved"]) == (5, {})
    assert {acta["state"] for acta in then["actas"]} == {"open"}
    assert queue(client, f"?at={minute(1)}")["actas"] == []
    assert queue(client)["summary"]["open"] == 4
    past = client.get(f"{BASE}/queue?at={minute(6)}")
    assert past.headers["cache-control"].startswith("public, max-age=86400")


def test_an_acta_may_go_there_twice(client: httpx.Client, waiting: Country, caught_up: Any) -> None:
    send_to_jury(waiting, waiting.mesas[0], minute(20), "Acta incompleta")
    caught_up()
    own = [acta for acta in queue(client)["actas"] if acta["mesa"] == waiting.mesas[0]]
    assert [(acta["state"], acta["reasons"]) for acta in own] == [
        ("open", ["incomplete"]),
        ("resolved", ["material_error", "illegible"]),
    ]


def test_csv_has_every_line_with_our_words_and_theirs(client: httpx.Client, waiting: Country, caught_up: Any) -> None:
    caught_up()
    answer = client.get(f"{BASE}/queue?format=csv&limit=1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 7
    row = next(row for row in rows if row["key"] == mesa_key(waiting.mesas[0]))
    assert (row["reasons"], row["resolved_votes_red"]) == ("material_error illegible", "81")
    assert (row["district"], row["since_at"], row["resolved_state"]) == ("LIMA", minute(2), "counted")


@pytest.mark.parametrize("query", ["reason=ugly", "within=mesa/000001", "before=x", "before=1-é", "state=lost"])
def test_a_question_that_names_nothing_is_refused(untouched: httpx.Client, query: str) -> None:
    assert untouched.get(f"{BASE}/queue?{query}").status_code == 422


def test_an_unknown_area_is_not_found(untouched: httpx.Client) -> None:
    assert untouched.get(f"{BASE}/queue?within=department/77").status_code == 404


def test_following_the_log_piece_by_piece_is_reading_it_at_once(store: Store, waiting: Country) -> None:
    count_id, newest = waiting.writer.info.id, waiting.writer.seq
    whole, followed = Queue(), Queue()
    whole.follow(store, count_id, newest)
    for seq in range(1, newest + 1):
        followed.follow(store, count_id, seq)
        assert list(whole.stays(seq)) == list(followed.stays(seq))


@pytest.mark.reference_data
def test_every_reason_onpe_ever_gave_has_a_word_of_ours(reference: Path) -> None:
    files = {
        "eg2021_round2_actas_observadas.csv.gz": ("obs_20210608am", "obs_20210608pm"),
        "eg2026_round1_actas_jee_lifecycle.csv.gz": ("estadoDescripcionActaResolucion",),
    }
    named = set()
    for name, columns in files.items():
        with gzip.open(reference / "data" / name, "rt", encoding="utf-8") as lines:
            named |= {row[column] for row in csv.DictReader(lines) for column in columns}
    outcomes = {"CONTABILIZADAS NORMALES", "ACTA ELECTORAL PENDIENTE", "ACTA ELECTORAL ANULADA", "MESA NO INSTALADA"}
    outcomes.add("EN PROCESO DE DIGITACION")
    unknown = {text for text in named - outcomes if reasons_of(text) in ((OTHER,), (UNSTATED,))}
    assert unknown <= {"", "OTRAS OBSERVACIONES"}


def test_board_and_queue_have_one_number_for_what_is_out(
    client: httpx.Client, waiting: Country, caught_up: Any
) -> None:
    sums = waiting.board.sums.of("nation")
    for n, pending in enumerate((0, sums.pending)):
        # All that is out waits at the juries, of which we have read four actas; then some of it is pending.
        stated = msgspec.structs.replace(sums.as_count(minute(11)), at_jee=sums.total - sums.counted - pending)
        waiting.tell([Fact("nation", msgspec.structs.replace(stated, pending=pending))], minute(11 + n))
        caught_up()
        board, summary = client.get(BASE).json()["outlook"], queue(client)["summary"]
        if pending == 0:
            assert summary["at_most_votes"] == board["uncounted_registered"]
            assert summary["at_most_is_bound"] is board["uncounted_registered_is_bound"]
            assert summary["exceeds_margin"] is not board["decided"]
        assert summary["at_most_votes"] <= board["uncounted_registered"]


def test_the_summary_says_what_the_visible_votes_would_do(
    client: httpx.Client, waiting: Country, caught_up: Any
) -> None:
    waiting.publish(["nation"], minute(11))
    caught_up()
    summary = queue(client)["summary"]
    assert (summary["visible_leader"], summary["visible_margin"]) == (summary["leader"], summary["margin"] + 70 - 40)
    assert queue(client, "?within=department/92")["summary"]["visible_margin"] is None
