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


class _DrawnTallies(Struct, frozen=True, eq=False):
    installed: Booleans
    cast: Integers
    parts: Integers


def generate_mesas(
    election: Election, catalogue: Catalogue, seed: int, progress: Callable[[int, int], None]
) -> MesaTable:
    """Draw every mesa of the election; `progress` hears how many of how many areas are done.

    Raises: InvalidInput: the election has no official result, or a department of it has no districts.
    """
    official = election.official
    if official is None:
        raise InvalidInput(
            f"election {election.id} has no official result to rehearse with; give a file of mesas or a timeline"
        )
    layout = lay_out(election, official, catalogue, np.random.default_rng([seed, 0]))
    drawn: list[_DrawnTallies] = []
    for done, area in enumerate(official.areas):
        rows = layout.of(int(area.ubigeo))
        try:
            drawn.append(_draw(area, rows, np.random.default_rng([seed, int(area.ubigeo)])))
        except ValueError as error:
            raise InvalidInput(f"election {election.id}: the official result of {area.name}: {error}") from error
        progress(done + 1, len(official.areas))
    return _table(layout, drawn)


def _draw(area: OfficialArea, rows: Layout, random: np.random.Generator) -> _DrawnTallies:
    """Turnout and votes of the mesas of one department, exact in every column."""
    installed = np.ones(len(rows.ubigeo), dtype=bool)
    installed[rows.in_largest_district()[: area.not_installed]] = False
    open_roll = np.where(installed, rows.registered, 0)
    turnout = area.cast / max(area.registered, 1) * (1 + _effects(rows, 1, _TURNOUT, random)[:, 0])
    weights = np.clip(turnout, 0.02, 0.99) * open_roll
    cast = spread(area.cast, weights, np.zeros_like(open_roll), open_roll)
    columns = np.array([*area.votes, area.blank, area.null, area.challenged], dtype=np.int64)
    effects = _effects(rows, len(columns), _LEANING, random)
    # And the chance of who came: a column of n votes varies by a √n-th from mesa to mesa.
    effects += random.normal(0, 1, effects.shape) / np.sqrt(np.maximum(columns / len(rows.ubigeo), _FEWEST))
    shares = np.exp(effects) * np.maximum(columns, 1e-9) / max(area.cast, 1)
    return _DrawnTallies(installed, cast, fit_table(shares, cast, columns))


def _effects(rows: Layout, columns: int, spreads: tuple[float, float, float], random: np.random.Generator) -> Reals:
    """What a mesa has in common with its district, with its place, and with nobody."""
    _, district = np.unique(rows.ubigeo, return_inverse=True)
    _, place = np.unique(rows.place, return_inverse=True)
    effects = np.zeros((len(rows.ubigeo), columns))
    for group, width in zip((district, place, np.arange(len(rows.ubigeo))), spreads, strict=True):
        effects += random.normal(0, width, (int(group.max(initial=0)) + 1, columns))[group]
    return effects


def _table(layout: Layout, drawn: list[_DrawnTallies]) -> MesaTable:
    parts = np.concatenate([tallies.parts for tallies in drawn])
    order = np.argsort(layout.mesa, kind="stable")
    populated_places, populated_place = np.unique(layout.populated_places, return_inverse=True)
    installed = np.concatenate([tallies.installed for tallies in drawn])
    return MesaTable(
        mesa=layout.mesa[order],
        ubigeo=layout.ubigeo[order],
        place=layout.place[order],
        places=layout.places,
        populated_place=populated_place[layout.place][order],
        populated_places=tuple(populated_places.tolist()),
        registered=layout.registered[order],
        cast=np.concatenate([tallies.cast for tallies in drawn])[order],
        blank=parts[order, -3],
        null=parts[order, -2],
        challenged=parts[order, -1],
        votes=parts[order, :-3],
        installed=installed[order],
        known=np.ones(len(order), dtype=bool),
    )
