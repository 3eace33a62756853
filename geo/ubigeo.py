"""The ubigeo tables: ONPE's tree of districts and foreign cities, and the way from ONPE's codes to INEI's and back."""

import csv
from importlib.resources import files

from tally.catalogue import Catalogue, District
from tally.errors import InvalidInput
from tally.keys import UBIGEO_LEVELS, prefix_of

YEARS = (2021, 2026)


def read_data(name: str) -> bytes:
    """Bytes of one of the tables this package carries (their sources: data/README.md)."""
    return (files("geo") / "data" / name).read_bytes()


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of one of the CSV tables this package carries."""
    return list(csv.DictReader(read_data(name).decode("utf-8").splitlines()))


def load_catalogue(year: int | None = None) -> Catalogue:
    """ONPE's tree of that year: districts, and abroad cities, with every name above them.

    `year` is that of the election; None is the newest tree. Between two trees the older one stands.
    Source: ONPE's results sites of 2021 and 2026 (data/README.md).
    Raises: InvalidInput: no tree is that old.
    """
    known = [tree for tree in YEARS if year is None or tree <= year]
    if not known:
        raise InvalidInput(f"no ubigeo tree is known for {year}; the oldest is that of {YEARS[0]}")
    column = f"in_{known[-1]}"
    return Catalogue(
        District(
            ubigeo=row["ubigeo_onpe"],
            department=row["department"],
            province=row["province"],
            name=row["name"],
            inei=row["ubigeo_inei"] or None,
        )
        for row in read_table("ubigeos.csv")
        if row[column] == "1"
    )


class Crosswalk:
    """ONPE ↔ INEI codes of districts (6 digits), provinces (4) and departments (2) of Peru."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._inei: dict[str, str] = {}
        for ubigeo, district in catalogue.districts.items():
            if district.inei is not None:
                self._inei |= {prefix_of(ubigeo, one): prefix_of(district.inei, one) for one in UBIGEO_LEVELS}
        self._onpe = {inei: onpe for onpe, inei in self._inei.items()}

    def inei(self, onpe: str) -> str | None:
        """INEI's code of an area named by ONPE's code, None abroad and where INEI has none."""
        return self._inei.get(onpe)

    def onpe(self, inei: str) -> str | None:
        """ONPE's code of an area named by INEI's code, None where ONPE has no such area."""
        return self._onpe.get(inei)


def load_crosswalk() -> Crosswalk:
    """The crosswalk of the newest tree."""
    return Crosswalk(load_catalogue())
