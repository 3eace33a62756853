"""A rehearsal adds up to the official result and looks like a real count."""

from datetime import timedelta

import numpy as np
import pytest

from ingest.rehearsal.arrivals import NEVER, draw_arrivals
from ingest.rehearsal.clock import milliseconds
from ingest.rehearsal.feed import closing
from ingest.rehearsal.generate import generate_mesas
from ingest.rehearsal.mesas import MesaTable
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import InvalidInput


def _nobody(part: int, whole: int) -> None:
    assert part <= whole


@pytest.fixture(scope="module")
def table(runoff: Election, catalogue: Catalogue) -> MesaTable:
    return generate_mesas(runoff, catalogue, 7, _nobody)[0]


@pytest.mark.parametrize("election_id", ["2021-06-06-president-runoff", "2026-06-07-president-runoff"])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_department_adds_up_to_its_official_result(
    elections: dict[str, Election], catalogue: Catalogue, election_id: str, seed: int
) -> None:
    election = elections[election_id]
    [table] = generate_mesas(election, catalogue, seed, _nobody)
    assert election.official is not None
    for area in election.official.areas:
        rows = table.ubigeo // 10_000 == int(area.ubigeo) // 10_000
        assert rows.sum() == area.mesas
        assert (rows & ~table.installed).sum() == area.not_installed
        assert table.registered[rows].sum() == area.registered
        assert table.cast[rows].sum() == area.cast
        assert tuple(table.votes[rows].sum(axis=0).tolist()) == area.votes
        sums = [int(column[rows].sum()) for column in (table.blank, table.null, table.challenged)]
        assert sums == [area.blank, area.null, area.challenged]


def test_every_mesa_is_arithmetically_sound(table: MesaTable) -> None:
    parts = table.votes.sum(axis=1) + table.blank + table.null + table.challenged
    assert (parts == table.cast).all()
    assert (table.cast <= table.registered).all()
    assert min(int(column.min()) for column in (table.votes, table.blank, table.null)) >= 0
    assert (table.cast[~table.installed] == 0).all()
    assert table.registered[table.ubigeo < 910_000].max() <= 300
    assert table.registered.max() <= 500


def test_mesa_numbers_are_those_of_the_real_election(table: MesaTable) -> None:
    # ONPE, run-off of 2026: 000001-088064 without 087704, and 900001-904703.
    expected = np.concatenate([np.arange(1, 87_704), np.arange(87_705, 88_065), np.arange(900_001, 904_704)])
    assert (table.mesa == expected).all()


def test_mesas_of_a_place_lie_in_one_district_and_vote_alike(table: MesaTable) -> None:
    districts = np.array([place.ubigeo for place in table.places])
    assert (districts[table.place] == table.ubigeo).all()
    assert len({place.code for place in table.places}) == len(table.places)
    share = table.votes[:, 0] / np.maximum(table.votes.sum(axis=1), 1)
    places, mesas = np.unique(table.place, return_inverse=True)[1], np.bincount(table.place)
    mean = np.bincount(places, share) / mesas
    within = np.sqrt(np.mean((share - mean[places])[mesas[places] > 1] ** 2))
    assert within < 0.06 < 0.15 < share.std()


def test_the_same_seed_draws_the_same_mesas(runoff: Election, catalogue: Catalogue, table: MesaTable) -> None:
    again, other = (generate_mesas(runoff, catalogue, seed, _nobody)[0] for seed in (7, 8))
    assert (again.votes == table.votes).all()
    assert (other.votes != table.votes).any()


def test_an_election_without_official_result_says_what_to_give(
    elections: dict[str, Election], catalogue: Catalogue
) -> None:
    with pytest.raises(InvalidInput, match="no official result"):
        generate_mesas(elections["2026-04-12-president"], catalogue, 1, _nobody)


def test_a_department_without_districts_is_named(runoff: Election, catalogue: Catalogue) -> None:
    few = Catalogue(district for ubigeo, district in catalogue.districts.items() if not ubigeo.startswith("15"))
    with pytest.raises(InvalidInput, match="LORETO"):
        generate_mesas(runoff, few, 1, _nobody)


def test_actas_arrive_cities_first_consulates_later_juries_last(runoff: Election, table: MesaTable) -> None:
    start = closing(runoff)
    arrivals = draw_arrivals(table, start, 7)
    hours = (arrivals.received - milliseconds(start)) / timedelta(hours=1).total_seconds() / 1000
    domestic, remote = table.ubigeo < 910_000, table.mesa > 900_000
    assert hours.min() > 1
    assert np.median(hours[domestic & ~remote]) < np.median(hours[remote]) < np.median(hours[~domestic])
    # ONPE's cut of 8 June 2026, 02:12 UTC: 40,187 of 92,766 actas counted 4.2 hours after closing.
    assert abs((hours <= 4.2).mean() - 40_187 / 92_766) < 0.05
    via_jee = arrivals.counted > arrivals.received
    assert 0.01 < via_jee.mean() < 0.03
    assert (arrivals.counted >= arrivals.received).all()
    assert arrivals.counted.max() != NEVER
    assert np.argmax(arrivals.counted) in np.flatnonzero(via_jee)


def test_chance_makes_mesas_of_a_place_differ_as_much_as_real_ones(table: MesaTable) -> None:
    """Against the binomial a share varies 1.7 times as much within a place; in 2021 it was 1.74, at .0036 a ballot."""
    votes = table.votes.sum(axis=1)
    rows = votes > 0
    place, x, n = table.place[rows], table.votes[rows, 0], votes[rows]
    pooled = np.bincount(place, x)[place] / np.bincount(place, n)[place]
    ratio = ((x - n * pooled) ** 2 / (n * pooled * (1 - pooled)))[np.bincount(place)[place] >= 5].mean()
    assert 1.2 < ratio < 2.0
