"""Where the mesas of a rehearsal stand: districts, places, numbers and rolls, before anybody has voted."""

import numpy as np
from msgspec import Struct

from ingest.rehearsal.apportion import Reals, spread
from ingest.rehearsal.mesas import Booleans, Integers, MesaPlace
from ingest.rehearsal.ubigeos import ABROAD_FROM, SPANS, area_at, level_at
from tally.catalogue import Catalogue
from tally.election import Election, Official, OfficialArea
from tally.errors import InvalidInput
from tally.keys import Level, area_key

_REMOTE_FROM = 900_001
# As in 2026: about 9 mesas a place, two where they are remote; remote mesas hold 236 electors on average, others
# are full.
_MESAS_PER_PLACE = (14.0, 0.5)
_REMOTE_MESAS_PER_PLACE = 2
_REMOTE_ROLL = (236.0, 45.0)
_MOST_REMOTE = 0.3
# A provincial capital is this much larger than another district, a department's first province than another.
_CAPITAL = 6.0
_FIRST_PROVINCE = 4.0


class Layout(Struct, frozen=True, eq=False):
    """One entry a mesa, areas in official order; `place` points into `places` and `populated_places`."""

    mesa: Integers
    ubigeo: Integers
    registered: Integers
    place: Integers
    places: tuple[MesaPlace, ...]
    populated_places: tuple[str, ...]

    def of(self, area: int) -> "Layout":
        """The mesas of one area, by its ubigeo."""
        rows = area_at(self.ubigeo, level_at(area)) == area
        columns = (self.mesa[rows], self.ubigeo[rows], self.registered[rows], self.place[rows])
        return Layout(*columns, self.places, self.populated_places)

    def in_largest_district(self) -> Integers:
        """All rows, those of the district with most mesas first."""
        _, district, mesas = np.unique(self.ubigeo, return_inverse=True, return_counts=True)
        return np.argsort(-mesas[district], kind="stable")


class _Draft(Struct, frozen=True, eq=False):
    """Mesas of one area before they have numbers: regular ones first, then remote ones, each by district."""

    ubigeo: Integers
    remote: Booleans
    registered: Integers
    new_place: Booleans


def lay_out(election: Election, official: Official, catalogue: Catalogue, random: np.random.Generator) -> Layout:
    """Districts, rolls, places and numbers for every mesa of the official result.

    Raises: InvalidInput: a department has no districts in the catalogue, or the numbers do not match the mesas.
    """
    numbers = _numbers(official)
    remote = _remote_by_area(official, int((numbers >= _REMOTE_FROM).sum()), random)
    drafts = []
    for area, remote_mesas in zip(official.areas, remote.tolist(), strict=True):
        within = catalogue.prefixes(Level.DISTRICT, area_key(area.ubigeo))
        voting = [int(ubigeo) for ubigeo in within if not ubigeo.startswith(area.without)]
        districts = np.array(voting, dtype=np.int64)
        if not len(districts):
            raise InvalidInput(f"the catalogue has no district in {area.name} ({area.ubigeo})")
        abroad = districts[0] >= ABROAD_FROM
        most = election.max_registered_abroad if abroad else None
        try:
            drafts.append(_draft(area, districts, remote_mesas, most or election.max_registered_per_mesa, random))
        except ValueError as error:
            raise InvalidInput(f"election {election.id}: the official roll of {area.name}: {error}") from error
    return _number(drafts, numbers)


def _numbers(official: Official) -> Integers:
    total = sum(area.mesas for area in official.areas)
    ranges = official.mesa_ranges or ((1, total),)
    numbers = np.concatenate([np.arange(first, last + 1, dtype=np.int64) for first, last in ranges])
    if len(numbers) != total:
        raise InvalidInput(f"the official result has {total} mesas but numbers for {len(numbers)}")
    return numbers


def _remote_by_area(official: Official, remote: int, random: np.random.Generator) -> Integers:
    """Remote mesas are a rural thing: they grow with the square root of a department, and there are none abroad."""
    mesas = np.array([0 if int(area.ubigeo) >= ABROAD_FROM else area.mesas for area in official.areas], dtype=np.int64)
    weights = np.sqrt(mesas) * random.lognormal(0, 0.3, len(mesas))
    return spread(remote, weights, np.zeros_like(mesas), np.floor(mesas * _MOST_REMOTE).astype(np.int64))


def _draft(area: OfficialArea, districts: Integers, remote: int, most: int, random: np.random.Generator) -> _Draft:
    weights = random.lognormal(0, 1.0, len(districts))
    province, department = area_at(districts, Level.PROVINCE), area_at(districts, Level.DEPARTMENT)
    is_first = province - department == SPANS[Level.PROVINCE]
    weights *= np.where(districts - province == 1, _CAPITAL, 1) * np.where(is_first, _FIRST_PROVINCE, 1)
    least = np.full(len(districts), 1 if area.mesas >= len(districts) else 0, dtype=np.int64)
    mesas = spread(area.mesas, weights, least, np.full_like(least, area.mesas))
    far = spread(remote, np.sqrt(mesas) * random.lognormal(0, 0.8, len(mesas)), np.zeros_like(mesas), mesas - least)
    ubigeo = np.concatenate([np.repeat(districts, mesas - far), np.repeat(districts, far)])
    is_remote = np.arange(area.mesas) >= area.mesas - remote
    roll = _roll_weights(is_remote, most, random)
    registered = spread(area.registered, roll, np.ones_like(ubigeo), np.full_like(ubigeo, most))
    middle, width = _MESAS_PER_PLACE
    sizes = np.clip(random.lognormal(np.log(middle), width, len(districts)), 2, 40).astype(np.int64)
    new_place = np.concatenate([_new_places(mesas - far, sizes), _new_places(far, _REMOTE_MESAS_PER_PLACE)])
    return _Draft(ubigeo, is_remote, registered, new_place)


def _new_places(mesas: Integers, sizes: Integers | int) -> Booleans:
    """True at the first mesa of each place; `mesas` per district, places of a district are of one size."""
    position = np.arange(mesas.sum()) - np.repeat(np.cumsum(mesas) - mesas, mesas)
    first: Booleans = position % np.repeat(np.broadcast_to(sizes, mesas.shape), mesas) == 0
    return first


def _roll_weights(is_remote: Booleans, most: int, random: np.random.Generator) -> Reals:
    regular = most - random.exponential(2.5, len(is_remote))
    mean, width = _REMOTE_ROLL
    return np.where(is_remote, np.clip(random.normal(mean, width, len(is_remote)), 60, most), regular)


def _number(drafts: list[_Draft], numbers: Integers) -> Layout:
    """Numbers run through the regular mesas in order of area, then from 900001 on through the remote ones."""
    ubigeo = np.concatenate([draft.ubigeo for draft in drafts])
    remote = np.concatenate([draft.remote for draft in drafts])
    mesa = np.empty(len(ubigeo), dtype=np.int64)
    mesa[~remote] = numbers[numbers < _REMOTE_FROM]
    mesa[remote] = numbers[numbers >= _REMOTE_FROM]
    place = np.cumsum(np.concatenate([draft.new_place for draft in drafts])) - 1
    first = np.unique(place, return_index=True)[1]
    places, populated = [], []
    for number, row in enumerate(first.tolist(), start=1):
        is_remote = bool(remote[row])
        where = "LOCAL DE VOTACIÓN" if ubigeo[row] >= ABROAD_FROM else "IE"
        places.append(MesaPlace(code=f"{number:04d}", name=f"{where} {10_000 + number}", ubigeo=int(ubigeo[row])))
        populated.append(f"CENTRO POBLADO {number}" if is_remote else "")
    registered = np.concatenate([draft.registered for draft in drafts])
    return Layout(mesa, ubigeo, registered, place, tuple(places), tuple(populated))
