"""Open Civic Data's identifiers of the areas of Peru that have one: the country, its departments, and all abroad."""

from functools import cache

from geo.ubigeo import read_table


@cache  # a table that the package carries
def load_divisions() -> dict[str, str]:
    """OCD-ID by our key: "department/14" → "ocd-division/country:pe/region:lim"."""
    return {row["key"]: row["ocd_id"] for row in read_table("ocd.csv")}
