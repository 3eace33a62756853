"""Geometry that several tests look at."""

from typing import Any

import geopandas
import pytest

from geo.boundaries import Geometry
from geo.ubigeo import load_crosswalk

_LIMA = "14"


@pytest.fixture(scope="session")
def schematic_set(geometry: Geometry) -> Geometry:
    """By the name that tells it from built ones."""
    return geometry


@pytest.fixture(scope="session")
def lima(schematic_set: Geometry) -> Any:
    """Districts of the department of Lima as a file of somebody else might hold them, without our column names."""
    polygons = {k.partition("/")[2]: v for k, v in schematic_set.polygons("district").items()}
    own = {code: polygon for code, polygon in polygons.items() if code.startswith(_LIMA)}
    crosswalk = load_crosswalk()
    columns = {"UBIGEO": [crosswalk.inei(code) for code in own], "AREA_KM2": range(15000, 15000 + len(own))}
    return geopandas.GeoDataFrame(columns, geometry=list(own.values()), crs=4326)
