"""Geometry that several tests look at; drawing it takes about a second."""

import pytest

from geo.boundaries import Geometry, load_geometry


@pytest.fixture(scope="session")
def schematic_set() -> Geometry:
    """The set a fresh clone serves."""
    return load_geometry()
