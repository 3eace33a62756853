"""Small frames and samples."""

from collections.abc import Sequence

from mission.quickcount.frame import Frame, Unit
from mission.quickcount.sampling import Sample

SEED = "31415926535897932384"
DEPARTMENTS = ("department/01", "department/14", "scope/abroad")


def frame(sizes: Sequence[int], each: int = 4) -> Frame:
    """So many mesas in each of the first departments, `each` of them to a place, every tenth of them remote."""
    units: list[Unit] = []
    for area, size in zip(DEPARTMENTS, sizes, strict=False):
        for number in range(size):
            mesa = f"{len(units) + 1:06}"
            units.append(Unit(mesa, area, f"{area[-2:]}{number // each:04}", 200 + number % 7, number % 10 == 0))
    return Frame(tuple(units))


def mesas_of(sample: Sample) -> list[str]:
    return [mesa.id for mesa in sample.mesas]
