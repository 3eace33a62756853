"""The ubigeo tree by name: which districts (abroad: cities) an election covers. `geo` reads it, others receive it."""

from collections.abc import Iterable

from msgspec import Struct

from tally.keys import NATION, Level, is_within, prefix_of


class District(Struct, frozen=True):
    """One leaf of the tree; abroad `department` is the continent, `province` the country, `name` the city.

    `ubigeo` is ONPE's code (RENIEC's), `inei` the statistics office's, None abroad.
    """

    ubigeo: str
    department: str
    province: str
    name: str
    inei: str | None = None


class Catalogue:
    """Districts by ubigeo, and names of every area above them."""

    def __init__(self, districts: Iterable[District]) -> None:
        self.districts = {district.ubigeo: district for district in districts}
        self._names: dict[str, str] = {}
        for ubigeo, district in self.districts.items():
            self._names[prefix_of(ubigeo, Level.DEPARTMENT)] = district.department
            self._names[prefix_of(ubigeo, Level.PROVINCE)] = district.province
            self._names[ubigeo] = district.name

    def name(self, prefix: str) -> str | None:
        """Name of the area of a two-, four- or six-digit ubigeo prefix, None if the tree has no such area."""
        return self._names.get(prefix)

    def prefixes(self, level: Level, under: str = NATION) -> list[str]:
        """Sorted ubigeo prefixes of the areas of a level (department, province, district) in the area `under`."""
        return sorted({prefix_of(ubigeo, level) for ubigeo in self.districts if is_within(ubigeo, under)})
