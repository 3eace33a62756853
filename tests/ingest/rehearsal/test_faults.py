"""Faults on demand: what was ordered comes, when and as often as it was ordered, and the same every time."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.catalogue import FAULTS
from ingest.rehearsal.faults.order import Order, read_order
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import InvalidInput
from tests.ingest.rehearsal.conftest import Reply, ask, at

NATION = {"idEleccion": 10, "tipoFiltro": "eleccion"}
LIMA = {"idEleccion": 10, "tipoFiltro": "ubigeo_nivel_01", "idAmbitoGeografico": 1, "idUbigeoDepartamento": "140000"}
TOTALS, VOTES = "resumen-general/totales", "resumen-general/participantes"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def faulty(toy: FeedApp) -> Callable[..., FaultyFeed]:
    def make(*orders: str, seed: int = 1, clock: Callable[[], float] | None = None) -> FaultyFeed:
        return FaultyFeed(toy, [read_order(order) for order in orders], seed, clock or Clock())

    return make


def totals(app: Any, **question: object) -> Reply:
    return ask(app, TOTALS, **(question or NATION))


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("truncate", Order("truncate", 0.2, 10.0, None)),
        ("truncate:0.5", Order("truncate", 0.5, 10.0, None)),
        ("truncate:1:90s", Order("truncate", 1.0, 10.0, 90.0)),
        ("truncate:90s:.25@2m", Order("truncate", 0.25, 120.0, 90.0)),
        ("truncate:.25:1.5m@2m", Order("truncate", 0.25, 120.0, 90.0)),
        ("truncate:1@0s", Order("truncate", 1.0, 0.0, None)),
        ("truncate@", None),
        ("truncate@1h", Order("truncate", 0.2, 3600.0, None)),
        ("403-storm", Order("403-storm", 1.0, 10.0, 60.0)),
        ("403-storm:5s", Order("403-storm", 1.0, 10.0, 5.0)),
        ("truncate:2", None),
        ("truncate:", None),
        ("truncate:soon", None),
    ],
)
def test_an_order_names_a_fault_and_may_say_how_much_and_when(text: str, order: Order | None) -> None:
    if order is None:
        with pytest.raises(InvalidInput, match=r"neither a share like .* nor a time like 90s, 2m or 1h"):
            read_order(text)
    else:
        assert read_order(text) == order


def test_an_unknown_fault_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput, match=r"unknown fault 'gremlins'; known: .*gzip-bomb"):
        read_order("gremlins:0.1")


def test_every_fault_says_what_happens_in_reality_and_what_is_promised() -> None:
    for name, fault in FAULTS.items():
        assert "In reality: " in (fault.__doc__ or ""), name
        assert "Promised: " in (fault.__doc__ or ""), name


def test_every_fault_can_be_looked_up_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "drills.md").read_text()
    for name in FAULTS:
        assert f"| `{name}` |" in guide


@pytest.mark.parametrize(
    ("order", "status", "mark", "header"),
    [
        ("html-200", 200, b"<app-root>", ("content-type", "text/html; charset=utf-8")),
        ("403-storm", 403, b"Human Verification", ("content-type", "text/html; charset=utf-8")),
        ("429", 429, b"", ("retry-after", "60")),
        ("202-challenge", 202, b"", ("x-amzn-waf-action", "challenge")),
        ("null-general", 200, b'"data":null', ("content-type", "application/json")),
        ("gzip-bomb", 200, b"\x1f\x8b", ("content-encoding", "gzip")),
    ],
)
def test_a_fault_of_the_edge_looks_as_it_does_in_reality(
    faulty: Callable[..., FaultyFeed], order: str, status: int, mark: bytes, header: tuple[str, str]
) -> None:
    spoiled = totals(faulty(f"{order}:1@0s"))
    assert (spoiled.status, spoiled.headers[header[0]]) == (status, header[1])
    assert mark in spoiled.body
    assert int(spoiled.headers["content-length"]) == len(spoiled.body)
    assert spoiled.headers["x-escrutinio-replay"] == "1"


def test_a_fault_lasts_from_its_beginning_to_its_end(faulty: Callable[..., FaultyFeed], toy: FeedApp) -> None:
    clock = Clock()
    app, sound = faulty("html-200:1:30s@10s", clock=clock), totals(toy)
    seen = []
    for clock.now in (1000.0, 1009.9, 1010.0, 1039.9, 1040.0):
        seen.append(totals(app) == sound)
    assert seen == [True, True, False, False, True]


def test_a_share_is_spoiled_and_the_same_seed_spoils_the_same(faulty: Callable[..., FaultyFeed]) -> None:
    def spoiled(seed: int) -> list[int]:
        app = faulty("429:0.25@0s", seed=seed)
        return [number for number in range(400) if totals(app).status == 429]

    first = spoiled(1)
    assert first == spoiled(1) != spoiled(2)
    assert 60 < len(first) < 140


def test_faults_compose_from_the_count_to_the_wire(faulty: Callable[..., FaultyFeed]) -> None:
    app = faulty("truncate:1@0s", "clock-skew:1@0s", "429:0.5@0s")
    replies = [totals(app) for _ in range(40)]
    assert {reply.status for reply in replies} == {200, 429}
    for reply in replies:
        with pytest.raises(msgspec.DecodeError):
            msgspec.json.decode(reply.body)


def test_the_drills_own_page_is_never_spoiled(faulty: Callable[..., FaultyFeed], toy: FeedApp) -> None:
    assert ask(faulty("403-storm@0s"), "/__rehearsal") == ask(toy, "/__rehearsal")


def test_a_stale_edge_gives_older_answers_to_the_same_question_only(
    faulty: Callable[..., FaultyFeed], toy: FeedApp
) -> None:
    clock = Clock()
    app = faulty("stale-edge:1@10s", clock=clock)
    counted = []
    for hour, now in ((0, 1000.0), (3, 1001.0), (20, 1002.0), (20, 1020.0)):
        toy.step_to(at("06-08 00:00:00") + timedelta(hours=hour))
        clock.now = now
        counted.append(totals(app).data["contabilizadas"])
    assert counted[:3] == sorted(set(counted[:3]))
    assert counted[3] in counted[:2]
    assert totals(app, **LIMA) == totals(toy, **LIMA)


def test_an_echo_has_the_nations_figures_under_the_areas_own_ids(
    faulty: Callable[..., FaultyFeed], toy: FeedApp
) -> None:
    app, nation, own = faulty("echo:1@0s"), totals(toy).data, totals(toy, **LIMA).data
    echoed = totals(app, **LIMA).data
    assert echoed["totalActas"] == nation["totalActas"] != own["totalActas"]
    assert echoed["idUbigeoDepartamento"] == own["idUbigeoDepartamento"] == 140000
    assert ask(app, VOTES, **LIMA).data == ask(toy, VOTES, **NATION).data
    assert totals(app) == totals(toy)


def test_a_decrease_takes_one_area_back_under_the_stamp_of_now(
    runoff: Election, catalogue: Catalogue, toy_file: Path
) -> None:
    toy = build_feed(runoff, catalogue, FeedPlan(mesas=toy_file, arrivals="primera_vista_utc"))
    clock = Clock()
    app = FaultyFeed(toy, [read_order("decrease@10s")], 1, clock)
    before = {prefix: totals(app, **_department(prefix)).data for prefix in ("01", "14")}
    clock.now += 20
    after = {prefix: totals(app, **_department(prefix)).data for prefix in ("01", "14")}
    fallen = [prefix for prefix in before if after[prefix] != before[prefix]]
    assert len(fallen) == 1
    then, now = before[fallen[0]], after[fallen[0]]
    assert now["contabilizadas"] == then["contabilizadas"] - 1
    assert now["totalVotosEmitidos"] < then["totalVotosEmitidos"]
    assert now["fechaActualizacion"] == then["fechaActualizacion"]
    votes = ask(app, VOTES, **_department(fallen[0])).data
    assert sum(row["totalVotosValidos"] for row in votes) == now["totalVotosValidos"]


def _department(prefix: str) -> dict[str, object]:
    return {**LIMA, "idUbigeoDepartamento": f"{prefix}0000"}


def test_a_frozen_count_stands_still_and_catches_up(runoff: Election, catalogue: Catalogue, toy_file: Path) -> None:
    real, clock = [at("10-01 12:00:00")], Clock()
    plan = FeedPlan(mesas=toy_file, arrivals="primera_vista_utc", speed=3600.0)
    app = FaultyFeed(build_feed(runoff, catalogue, plan, now=lambda: real[0]), [read_order("freeze:20s@10s")], 1, clock)
    seen = []
    for seconds in (0, 10, 11, 29, 30):
        real[0] = at("10-01 12:00:00") + timedelta(seconds=seconds)
        clock.now = 1000.0 + seconds
        seen.append(totals(app).body)
    assert seen[1] == seen[2] == seen[3]
    assert seen[0] != seen[1] != seen[4]


def test_a_skewed_clock_moves_stamps_a_day_back_or_years_ahead_and_nothing_else(
    faulty: Callable[..., FaultyFeed], toy: FeedApp
) -> None:
    app = faulty("clock-skew:1@0s")
    shifts = set()
    for question in (NATION, *(_department(prefix) for prefix in ("01", "14", "24"))):
        skewed, sound = totals(app, **question).data, totals(toy, **question).data
        shifts.add((skewed.pop("fechaActualizacion") - sound.pop("fechaActualizacion")) // 86_400_000)
        assert skewed == sound
        assert totals(app, **question) == totals(app, **question)
    assert shifts == {-1, 3660}


def test_a_zero_acta_is_counted_and_empty_in_list_and_search(faulty: Callable[..., FaultyFeed]) -> None:
    app = faulty("zero-acta:1@0s")
    [row] = ask(app, "actas/buscar/mesa", codigoMesa="040001").data
    assert (row["codigoEstadoActa"], row["totalVotosEmitidos"], row["totalVotosValidos"]) == ("C", 0, 0)
    assert {line["adVotos"] for line in row["detalle"]} == {0}
    page = ask(app, "actas", idEleccion=10, idUbigeo="140101").data
    assert {row["totalVotosEmitidos"] for row in page["content"]} == {0}


def test_a_duplicate_mesa_stands_twice(faulty: Callable[..., FaultyFeed]) -> None:
    app = faulty("duplicate-mesa:1@0s")
    assert [row["codigoMesa"] for row in ask(app, "actas/buscar/mesa", codigoMesa="040001").data] == ["040001"] * 2
    page = ask(app, "actas", idEleccion=10, idUbigeo="140101").data
    assert [row["codigoMesa"] for row in page["content"]] == ["040001", "040002", "040001"]


def test_a_wrong_election_has_another_process_and_other_lists(faulty: Callable[..., FaultyFeed], toy: FeedApp) -> None:
    app = faulty("wrong-election@0s")
    assert ask(app, "proceso/proceso-electoral-activo").data["id"] == 4
    codes = [{row["codigoAgrupacionPolitica"] for row in ask(feed, VOTES, **NATION).data} for feed in (toy, app)]
    assert codes[0].isdisjoint(codes[1])
    assert ask(app, "actas/buscar/mesa", codigoMesa="040001").data[0]["idEleccion"] == 11
