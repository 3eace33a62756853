"""The real counts that no leader alone decides: the regions of October 2026, and the first round of April 2026.

Source: ONPE's answers in the reference data (`data/erm2026`, `feeds/samples`), cuts of 8 October and 13 to 15 April.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from ingest.registry import known_elections
from tally.election import Election
from tally.model import AreaCount, Sums
from tally.outcome.judgement import Judgement, Whole, judge
from tally.outcome.outcome import Certainty, DecidingMargin, MarginKind, Outcome, OutcomeState, find_outcome
from tally.outcome.rule import ContestRule, RuleKind

GOVERNOR = ContestRule(RuleKind.TWO_ROUND, "3/10", True)
A_MESA = 300


class Region(Struct, frozen=True):
    """A region at that cut: votes most first, and what is not counted."""

    votes: tuple[int, ...]
    actas: int

    @property
    def outcome(self) -> Outcome:
        return find_outcome(GOVERNOR, dict(enumerate(self.votes)), A_MESA * self.actas)


@pytest.fixture(scope="module")
def regions(reference: Path) -> dict[str, Region]:
    folder = reference / "data" / "erm2026"
    with (folder / "erm2026_governor_areas.csv").open(encoding="utf-8") as file:
        areas = list(csv.DictReader(file))
    with (folder / "erm2026_governor_lists.csv").open(encoding="utf-8") as file:
        lists = list(csv.DictReader(file))
    votes = {one["ubigeo"]: [int(row["votes"]) for row in lists if row["ubigeo"] == one["ubigeo"]] for one in areas}
    assert all(sum(votes[one["ubigeo"]]) == int(one["valid"]) for one in areas)
    return {
        one["name"]: Region(
            tuple(sorted(votes[one["ubigeo"]], reverse=True)), int(one["actas_jee"]) + int(one["actas_pending"])
        )
        for one in areas
    }


def margin(found: Outcome, kind: MarginKind) -> DecidingMargin:
    return next(one for one in found.margins if one.kind is kind)


def above(region: Region) -> int:
    return margin(region.outcome, MarginKind.FIRST_THRESHOLD).votes


def test_ten_of_the_25_regions_have_a_list_at_thirty_percent(regions: dict[str, Region]) -> None:
    at_threshold = {name for name, region in regions.items() if above(region) >= 0}
    assert (len(regions), len(at_threshold)) == (25, 10)
    assert at_threshold == {name for name, region in regions.items() if 10 * region.votes[0] >= 3 * sum(region.votes)}


def test_seven_end_in_the_first_round_nine_go_to_a_run_off_and_nine_are_open(regions: dict[str, Region]) -> None:
    thresholds = Counter(region.outcome.threshold for region in regions.values())
    assert thresholds == {Certainty.CERTAIN: 7, Certainty.IMPOSSIBLE: 9, Certainty.OPEN: 9}
    states = {name: region.outcome.state for name, region in regions.items()}
    assert Counter(states.values()) == {
        OutcomeState.WON: 6,
        OutcomeState.FIRST_ROUND: 1,
        OutcomeState.RUNOFF: 9,
        OutcomeState.OPEN: 9,
    }


def test_in_ayacucho_the_first_round_decides_but_who_wins_it_is_open(regions: dict[str, Region]) -> None:
    found = regions["AYACUCHO"].outcome
    assert (found.state, found.winner) == (OutcomeState.FIRST_ROUND, None)
    ahead = margin(found, MarginKind.FIRST_SECOND)
    # 24 actas can hold 7,200 votes, and the second list needs 5,954 to draw level.
    assert (ahead.votes, ahead.is_open, regions["AYACUCHO"].actas) == (5954, True, 24)


@pytest.mark.parametrize(("name", "votes", "actas"), [("CUSCO", 199, 45), ("CAJAMARCA", -2517, 57)])
def test_two_regions_hang_on_the_threshold(regions: dict[str, Region], name: str, votes: int, actas: int) -> None:
    region = regions[name]
    found = margin(region.outcome, MarginKind.FIRST_THRESHOLD)
    assert (found.votes, found.is_open, region.actas) == (votes, True, actas)
    assert region.outcome.threshold is Certainty.OPEN


def turned(votes: tuple[int, ...], uncounted: int) -> Iterator[tuple[int, ...]]:
    """Completions that do most for or against somebody: to one list, to two, or spread over all that stay behind."""
    for place, other in ((one, two) for one in range(len(votes)) for two in range(len(votes))):
        for given in (uncounted, votes[0] - votes[place]):
            if 0 <= given <= uncounted:
                end = list(votes)
                end[place] += given
                end[other] += uncounted - given
                yield tuple(end)
    spread = list(votes)
    for vote in range(uncounted):  # the last list that is still behind gets the next vote
        spread[-1 - vote % (len(votes) - 1)] += 1
    yield tuple(spread)


def winner_of(end: tuple[int, ...]) -> int | None:
    best = max(end)
    return end.index(best) if end.count(best) == 1 and 10 * best >= 3 * sum(end) else None


def test_no_completion_contradicts_what_is_certain_of_a_region_and_one_does_what_is_open(
    regions: dict[str, Region],
) -> None:
    for region in regions.values():
        found, ends = region.outcome, [region.votes, *turned(region.votes, A_MESA * region.actas)]
        reached = {10 * max(end) >= 3 * sum(end) for end in ends}
        expected = {Certainty.CERTAIN: {True}, Certainty.IMPOSSIBLE: {False}, Certainty.OPEN: {True, False}}
        assert found.threshold is not None
        assert reached == expected[found.threshold]
        winners = {winner_of(end) for end in ends}
        assert found.winner == (winners.pop() if len(winners) == 1 else None)
        kept = [{place for place, own in enumerate(end) if sum(one >= own for one in end) <= 2} for end in ends]
        assert set(found.first_two) == set.intersection(*kept)


FIRST_ROUND = "2026-04-12-president"
# Official final of that round at 100 % of actas: Fujimori, Sánchez, López Aliaga. Source: ONPE, May 2026.
FINAL_THREE = {"fuerza_popular": 2_877_678, "juntos_por_el_peru": 2_015_114, "renovacion_popular": 1_993_905}


@pytest.fixture(scope="module")
def election() -> Election:
    return known_elections()[FIRST_ROUND]


@pytest.fixture(scope="module")
def cuts(reference: Path, election: Election) -> list[AreaCount]:
    """The national count as it was read 601 times, each with the votes that were read in the same second."""
    folder = reference / "feeds" / "samples" / "2026"
    totals = (folder / "eg2026_r1_totales_nacional_timeseries.jsonl").read_text("utf-8").splitlines()
    votes = gzip.decompress((folder / "eg2026_r1_participantes_nacional_timeseries.jsonl.gz").read_bytes()).splitlines()
    return [cut_of(json.loads(one), json.loads(two), election) for one, two in zip(totals, votes, strict=True)]


def cut_of(totals: dict[str, Any], rows: dict[str, Any], election: Election) -> AreaCount:
    assert totals["captured_at"] == rows["captured_at"]
    stated = totals["payload"]["data"]
    by_code = {str(row["codigoAgrupacionPolitica"]): row["totalVotosValidos"] for row in rows["payload"]["data"]}
    votes = tuple(by_code.get(entry.code, 0) for entry in election.contest().lists)
    return AreaCount(
        counted=stated["contabilizadas"],
        at_jee=stated["enviadasJee"],
        pending=stated["pendientesJee"],
        total=stated["totalActas"],
        cast=stated["totalVotosEmitidos"],
        valid=sum(votes),
        votes=votes,
    )


NO_ACTAS = Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ())


def judged(cut: AreaCount, election: Election) -> tuple[Judgement, Outcome]:
    found = judge(Whole(cut, NO_ACTAS, None, is_doubtful=False), election.contest(), election)
    assert found.outcome is not None
    return found, found.outcome


def test_no_cut_of_the_first_round_of_2026_is_called_decided(cuts: list[AreaCount], election: Election) -> None:
    assert len(cuts) == 601
    sures = []
    for cut in cuts:
        found, outcome = judged(cut, election)
        first, second, third = sorted(cut.votes, reverse=True)[:3]
        out = found.uncounted.voters
        assert not outcome.is_decided
        assert second - third <= out
        sures.append(outcome.state is OutcomeState.RUNOFF)
        assert sures[-1] is (2 * (first + out) <= cut.valid + out)
        assert margin(outcome, MarginKind.SECOND_THIRD).votes == second - third
    # Once nobody can reach half of the votes any more, nobody ever can again.
    assert (sures[0], sures[-1]) == (False, True)
    assert sures == sorted(sures)


def test_the_second_place_of_the_first_round_of_2026_hangs_on_21_209_votes(
    cuts: list[AreaCount], election: Election
) -> None:
    contest = election.contest()
    ids = [entry.id for entry in contest.lists]
    votes = {place: FINAL_THREE.get(ids[place], cuts[-1].votes[place]) for place in contest.running}
    found = find_outcome(contest.rule, votes, 21_209)
    assert (found.state, found.is_decided) == (OutcomeState.RUNOFF, False)
    assert [ids[place] for place in found.first_two] == ["fuerza_popular"]
    closest = found.closest
    assert closest is not None
    assert (closest.kind, closest.votes, closest.is_open) == (MarginKind.SECOND_THIRD, 21_209, True)
    assert (ids[closest.ahead], ids[closest.behind or 0]) == ("juntos_por_el_peru", "renovacion_popular")
    assert find_outcome(contest.rule, votes, 21_208).is_decided


def test_no_more_voters_are_out_than_the_roll_has_left(cuts: list[AreaCount], election: Election) -> None:
    roll = election.contest().registered
    assert roll == 27_325_432
    for cut in cuts:
        out = judged(cut, election)[0].uncounted
        assert out.voters <= roll - cut.cast
        assert out.is_bound
