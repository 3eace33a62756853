"""What cannot be is held at first sight, what means nothing is said so, through a real poll of a served source."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.live.outlook import Outlook, assess
from tally.changes import Kind
from tally.rules.reconcile import compare
from tally.view import View
from tests.api.commands.unwell import Said, Unwell
from tests.ingest.faults.drill import EARLY, LATE, Drill
from tests.ingest.rig import SOURCES, Rig, Source, a_small_country, write_mesas

Spoil = Callable[[dict[str, Any]], None]
_NATION = "tipoFiltro=eleccion"


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    drill = Drill("onpe2026", tmp_path)
    drill.step_to(EARLY)
    yield drill
    drill.store.close()


def spoilt(drill: Drill, spoil: Spoil, where: str = _NATION) -> None:
    """From now on the totals and participants at an address say something else."""

    def change(url: str, body: bytes) -> Said | None:
        if ("/resumen-general/totales" not in url and "/participantes" not in url) or where not in url or not body:
            return None
        payload = json.loads(body)
        for row in payload["data"] if isinstance(payload["data"], list) else [payload["data"]]:
            spoil(row)
        return Said(body=json.dumps(payload).encode())

    source = Unwell(drill.app)
    source.spoil = change
    drill.source = source  # type: ignore[assignment] # any application will do


def times(factor: int, *names: str) -> Spoil:
    """Those figures, where they stand, so many times as large."""

    def spoil(row: dict[str, Any]) -> None:
        row |= {name: row[name] * factor for name in names if row.get(name) is not None}

    return spoil


def rules(issues: Any) -> list[str]:
    return [issue.rule for issue in issues or ()]


def outlook(drill: Drill) -> Outlook:
    """What anybody is told of a decision."""
    view = View.load(drill.store, drill.store.info(drill.election.id))
    return assess(view, drill.election)


_VOTES = ("totalVotosEmitidos", "totalVotosValidos")


def test_a_nation_of_more_votes_than_its_actas_can_hold_is_held_at_first_sight_and_decides_nothing(
    drill: Drill,
) -> None:
    spoilt(drill, times(1000, *_VOTES))
    drill.poll()
    nation = drill.last("nation")
    assert nation.published is None
    assert "over_actas" in rules(nation.held)
    assert outlook(drill).decided is None


def test_while_a_newer_total_is_held_the_page_says_that_nothing_can_be_said(drill: Drill) -> None:
    drill.poll()
    assert (outlook(drill).decided, outlook(drill).in_review) == (False, False)
    drill.step_to(LATE)
    spoilt(drill, times(1000, *_VOTES))
    drill.poll()
    assert rules(drill.last("nation").held) == ["over_roll", "over_actas"]
    assert (outlook(drill).decided, outlook(drill).in_review) == (None, True)
    drill.recover()
    drill.poll()
    assert (outlook(drill).decided, outlook(drill).in_review) == (True, False)


def test_nothing_is_decided_over_a_lead_that_our_own_sum_denies(drill: Drill) -> None:
    drill.step_to(LATE)

    def swap(row: dict[str, Any]) -> None:
        """The two lists change places, which obeys all arithmetic of one answer."""
        codes = [entry.code for entry in drill.contest.lists]
        code = str(row.get("codigoAgrupacionPolitica"))
        if code in codes:
            row["codigoAgrupacionPolitica"] = codes[1 - codes.index(code)]

    spoilt(drill, swap)
    drill.poll()
    assert "reconciliation" in rules(drill.last("nation").flags)
    assert (outlook(drill).decided, outlook(drill).in_review) == (None, True)


@pytest.mark.parametrize(
    ("figure", "value"),
    [("actasContabilizadas", 12.345), ("actasPendientesJee", 99.0), ("porcentajeVotosValidos", 99.0)],
)
def test_a_percentage_of_other_figures_makes_no_answer(drill: Drill, figure: str, value: float) -> None:
    def spoil(row: dict[str, Any]) -> None:
        if figure in row:
            row[figure] = value

    spoilt(drill, spoil)
    drill.poll()
    assert drill.last("nation").published is None


def test_a_turnout_of_another_roll_is_held(drill: Drill) -> None:
    spoilt(drill, times(0, "participacionCiudadana"))
    drill.poll()
    assert rules(drill.last("nation").held) == ["turnout"]


def test_a_number_of_actas_that_jumps_is_held_and_one_that_moves_by_one_is_marked(drill: Drill) -> None:
    drill.poll()
    before = drill.last("department/15").published.total
    department = "idUbigeoDepartamento=150000"

    def more(actas: int) -> Spoil:
        def spoil(row: dict[str, Any]) -> None:
            if "totalActas" in row:
                row["totalActas"] += actas
                row["pendientesJee"] += actas
                row |= dict.fromkeys(("actasContabilizadas", "actasEnviadasJee", "actasPendientesJee"))

        return spoil

    drill.step_to(EARLY * 2)
    spoilt(drill, more(7), department)
    drill.poll()
    assert rules(drill.last("department/15").held) == ["total_apart"]
    assert drill.last("department/15").published.total == before
    spoilt(drill, more(1), department)
    drill.poll()
    state = drill.last("department/15")
    assert (state.published.total, rules(state.held)) == (before + 1, [])
    assert "total_changed" in rules(state.flags)


_DEPARTMENTS = ("140000", "150000")


def exchange(drill: Drill) -> None:
    """From now on each of two departments is answered with the other's figures, under its own echo."""

    async def exchanged(scope: Any, receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        here = next((code for code in _DEPARTMENTS if f"={code}" in query), None)
        is_area = scope["path"].rpartition("/")[2].startswith(("totales", "participantes"))
        if here is None or not is_area or "ubigeo_nivel_01" not in query:
            return await drill.app(scope, receive, send)
        there = next(code for code in _DEPARTMENTS if code != here)
        said: list[Any] = []

        async def keep(message: Any) -> None:
            said.append(message)

        await drill.app({**scope, "query_string": query.replace(here, there).encode()}, receive, keep)
        await send({**said[0], "headers": [(b"content-type", b"application/json")]})
        await send({**said[1], "body": said[1]["body"].replace(there.encode(), here.encode())})

    drill.source = exchanged  # type: ignore[assignment] # any application will do


def test_of_two_exchanged_departments_neither_is_shown_under_the_others_name(drill: Drill) -> None:
    drill.poll()
    drill.step_to(LATE)
    exchange(drill)
    drill.poll()
    for key in ("department/14", "department/15"):
        assert rules(drill.last(key).held) == ["total_apart"], key
    for key in ("province/1401", "district/140101", "province/1501"):
        assert not drill.last(key).held, key


def test_departments_that_were_exchanged_from_the_first_are_marked_and_their_true_parts_stand(drill: Drill) -> None:
    drill.step_to(LATE)
    exchange(drill)
    drill.poll()
    drill.poll()
    for key in ("department/14", "department/15"):
        state = drill.last(key)
        assert {*rules(state.flags), *rules(state.held)} >= {"reconciliation"}, key
    for key in ("province/1401", "district/140101", "district/140102", "province/1501", "district/150101"):
        assert not drill.last(key).held, key
        assert drill.last(key).published.counted == drill.last(key).computed.counted


def test_a_stamp_from_before_election_day_is_no_time_of_the_count(drill: Drill) -> None:
    def spoil(row: dict[str, Any]) -> None:
        if "fechaActualizacion" in row:
            row["fechaActualizacion"] = "2026-06-06T12:00:00Z"

    spoilt(drill, spoil)
    drill.poll()
    nation = drill.last("nation").published
    assert (nation.source_at, nation.counted > 0) == (None, True)


@pytest.fixture(params=sorted(SOURCES))
def empty_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A small country in which nobody voted at one mesa, as at mesa 083033 in April 2026."""
    source: Source = SOURCES[request.param]
    path = a_small_country(tmp_path / "mesas.csv", source.election)
    head, first, *rest = path.read_text().splitlines()
    names = head.split(",")
    fixed = {"mesa", "ubigeo_onpe", "electores", "cod_local", "local"}
    row = {name: value if name in fixed else 0 for name, value in zip(names, first.split(","), strict=True)}
    others = [dict(zip(names, line.split(","), strict=True)) for line in rest]
    rig = Rig(source, write_mesas(path, [row, *others]), f"sqlite:///{tmp_path / 'count.db'}", tmp_path)
    yield rig
    rig.store.close()


def test_a_counted_acta_without_a_vote_is_published_as_such_and_the_sums_close(empty_rig: Rig) -> None:
    board = empty_rig.poll()
    acta = board.actas["mesa/000001"]
    assert (acta.state, acta.cast, acta.votes, acta.registered) == ("counted", 0, (0, 0), 300)
    assert (rules(acta.held), rules(acta.flags)) == ([], ["all_zero"])
    assert board.published["nation"].counted == 60
    assert not any(compare(count, board.sums.of(key)) for key, count in board.published.items())
    kinds = {change.kind for changes in empty_rig.announced for change in changes.changes}
    assert Kind.HOLD not in kinds
