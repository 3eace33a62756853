"""A rehearsal: mesas drawn from a seed so that every department and continent adds up to its official result."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from ingest.rehearsal.apportion import Reals, fit_table, spread
from ingest.rehearsal.layout import Layout, lay_out
from ingest.rehearsal.mesas import Booleans, Integers, MesaTable
from tally.catalogue import Catalogue
from tally.election import Election, OfficialArea
from tally.errors import InvalidInput

# Spread of leanings (log scale) and of turnout between districts, between places of a district, and between mesas
# of a place, near to what the run-off of 2026 showed.
_LEANING = (0.45, 0.18, 0.085)
_TURNOUT = (0.07, 0.03, 0.045)
# Votes a mesa below which chance is not drawn any wider.
_FEWEST = 0.5


# Of blank and null votes that are known together only, so many are null.
_NULL_SHARE = 0.6


class _DrawnTallies(Struct, frozen=True, eq=False):
    installed: Booleans
    known: Booleans
    at_jee: Booleans
    cast: Integers
    parts: Integers


def generate_mesas(
    election: Election, catalogue: Catalogue, seed: int, progress: Callable[[int, int], None]
) -> list[MesaTable]:
    """Draw every mesa of the election, a table for each contest; `progress` hears how many of how many areas are done.

    Raises: InvalidInput: the election has no official result, or a department of it has no districts.
    """
    official = election.official
    if official is None:
        raise InvalidInput(
            f"election {election.id} has no official result to rehearse with; give a file of mesas or a timeline"
        )
    layout = lay_out(election, official, catalogue, np.random.default_rng([seed, 0]))
    drawn: dict[str, list[tuple[Layout, _DrawnTallies]]] = {}
    for done, area in enumerate(official.areas):
        rows, contest = layout.of(int(area.ubigeo)), election.contest_of(area.ubigeo)
        try:
            tallies = _draw(area, rows, np.random.default_rng([seed, int(area.ubigeo)]))
        except ValueError as error:
            raise InvalidInput(f"election {election.id}: the official result of {area.name}: {error}") from error
        drawn.setdefault("" if contest is None else contest.id, []).append((rows, tallies))
        progress(done + 1, len(official.areas))
    missing = [contest.id for contest in election.contests if contest.id not in drawn]
    if missing:
        raise InvalidInput(f"election {election.id} has no official result of {', '.join(missing)}")
    return [_table(drawn[contest.id]) for contest in election.contests]


def _draw(area: OfficialArea, rows: Layout, random: np.random.Generator) -> _DrawnTallies:
    """Turnout and votes of the mesas of one department, exact in every column over the counted ones."""
    installed = np.ones(len(rows.ubigeo), dtype=bool)
    installed[rows.in_largest_district()[: area.not_installed]] = False
    open_roll = np.where(installed, rows.registered, 0)
    left = _left_over(area, installed, random)
    counted = ~left.any(axis=0)
    share = area.cast / max(int(rows.registered[counted].sum()), 1)
    turnout = share * (1 + _effects(rows, 1, _TURNOUT, random)[:, 0])
    weights = np.clip(turnout, 0.02, 0.99) * open_roll
    cast = np.floor(weights).astype(np.int64)
    roll = open_roll[counted]
    cast[counted] = spread(area.cast, weights[counted], np.zeros_like(roll), roll)
    columns = _columns(area)
    effects = _effects(rows, len(columns), _LEANING, random)
    # And the chance of who came: a column of n votes varies by a √n-th from mesa to mesa.
    effects += random.normal(0, 1, effects.shape) / np.sqrt(np.maximum(columns / len(rows.ubigeo), _FEWEST))
    shares = np.exp(effects) * np.maximum(columns, 1e-9) / max(area.cast, 1)
    parts = np.zeros((len(cast), len(columns)), dtype=np.int64)
    parts[counted] = fit_table(shares[counted], cast[counted], columns)
    for row in np.flatnonzero(left[0]).tolist():
        parts[row] = spread(int(cast[row]), shares[row], np.zeros_like(columns), np.full_like(columns, cast[row]))
    return _DrawnTallies(installed, ~left[1], left[0], cast, parts)


def _left_over(area: OfficialArea, installed: Booleans, random: np.random.Generator) -> Booleans:
    """Which mesas the figures do not hold: those at the juries, and those pending."""
    left = np.zeros((2, len(installed)), dtype=bool)
    if area.at_jee or area.pending:
        chosen = random.permutation(np.flatnonzero(installed))[: area.at_jee + area.pending]
        left[0, chosen[: area.at_jee]] = left[1, chosen[area.at_jee :]] = True
    return left


def _columns(area: OfficialArea) -> Integers:
    """Votes of each list, blank, null and challenged; what the source told together is parted here."""
    blank, null = area.blank, area.null
    if blank is None or null is None:
        rest = area.cast - sum(area.votes) - area.challenged
        null = round(rest * _NULL_SHARE)
        blank = rest - null
    return np.array([*area.votes, blank, null, area.challenged], dtype=np.int64)


def _effects(rows: Layout, columns: int, spreads: tuple[float, float, float], random: np.random.Generator) -> Reals:
    """What a mesa has in common with its district, with its place, and with nobody."""
    _, district = np.unique(rows.ubigeo, return_inverse=True)
    _, place = np.unique(rows.place, return_inverse=True)
    effects = np.zeros((len(rows.ubigeo), columns))
    for group, width in zip((district, place, np.arange(len(rows.ubigeo))), spreads, strict=True):
        effects += random.normal(0, width, (int(group.max(initial=0)) + 1, columns))[group]
    return effects


def _table(areas: list[tuple[Layout, _DrawnTallies]]) -> MesaTable:
    layouts, drawn = [rows for rows, _ in areas], [tallies for _, tallies in areas]
    mesa = np.concatenate([rows.mesa for rows in layouts])
    place = np.concatenate([rows.place for rows in layouts])
    order = np.argsort(mesa, kind="stable")
    populated_places, populated_place = np.unique(layouts[0].populated_places, return_inverse=True)
    parts = np.concatenate([tallies.parts for tallies in drawn])[order]
    at_jee = np.concatenate([tallies.at_jee for tallies in drawn])[order]
    return MesaTable(
        mesa=mesa[order],
        ubigeo=np.concatenate([rows.ubigeo for rows in layouts])[order],
        place=place[order],
        places=layouts[0].places,
        populated_place=populated_place[place][order],
        populated_places=tuple(populated_places.tolist()),
        registered=np.concatenate([rows.registered for rows in layouts])[order],
        cast=np.concatenate([tallies.cast for tallies in drawn])[order],
        blank=parts[:, -3],
        null=parts[:, -2],
        challenged=parts[:, -1],
        votes=parts[:, :-3],
        installed=np.concatenate([tallies.installed for tallies in drawn])[order],
        known=np.concatenate([tallies.known for tallies in drawn])[order],
        at_jee_forever=at_jee if at_jee.any() else None,
    )
