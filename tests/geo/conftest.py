"""Geometry that several tests look at."""

import pytest

from geo.boundaries import Geometry


@pytest.fixture(scope="session")
def schematic_set(geometry: Geometry) -> Geometry:
    """By the name that tells it from built ones."""
    return geometry
