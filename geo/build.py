"""`escrutinio geo build`: from any district file of Peru to the folder of boundaries a server reads."""

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from msgspec import Struct

from geo.boundaries import assemble, save
from geo.simplify import repair
from geo.source import KeyKind, match_districts, read_source
from geo.ubigeo import load_catalogue
from tally.errors import BoundaryError
from tally.keys import DOMESTIC, UBIGEO_LEVELS, Level

# A notice names districts without a polygon up to so many, and counts more.
NAMED = 3
# Steps announced by `build`, so that a caller can draw a bar.
STEPS = 8


class BuildReport(Struct, frozen=True):
    """What a build did. `missing`: (ubigeo, name) of ONPE's districts without a polygon; `unknown`: codes of the file
    that ONPE's tree does not have, whose polygons were left out. `sizes`: gzipped bytes by layer name."""

    rows: int
    column: str
    kind: KeyKind
    districts: int
    repaired: bool
    missing: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    sizes: dict[str, int]


def build(source: Path, out: Path, progress: Callable[[str], None] = lambda text: None) -> BuildReport:
    """Boundaries of that file as a folder for `load_geometry`; `progress` is told each of the STEPS as it starts.

    Districts without a polygon are reported and stay without one. The folder changes only if all succeeds.
    Raises: BoundaryError: the file is unreadable, empty, without ubigeos or not Peru; the folder cannot be used.
    """
    progress(f"reading {source.name}")
    frame = read_source(source)
    progress(f"matching {len(frame):,} polygons with the ubigeo tables")
    found = match_districts(frame, source.name)
    districts, repaired = repair(found.polygons, progress)
    if not districts:
        raise BoundaryError(f"nothing of the polygons of {source.name} remains after repair")
    missing = _missing(districts)
    flags = {level.value: False for level in UBIGEO_LEVELS}
    geometry = assemble(districts, flags, _notice(missing), progress)
    progress(f"writing {out}")
    save(geometry, out)
    return BuildReport(
        rows=found.rows,
        column=found.column,
        kind=found.kind,
        districts=len(districts),
        repaired=repaired,
        missing=missing,
        unknown=found.unknown,
        sizes={layer.name: len(layer.gzipped) for layer in geometry.files().values()},
    )


def _missing(districts: Container[str]) -> tuple[tuple[str, str], ...]:
    """(ubigeo, name) of the districts of ONPE's newest tree that are not among these."""
    catalogue = load_catalogue()
    domestic = catalogue.prefixes(Level.DISTRICT, DOMESTIC)
    return tuple((ubigeo, catalogue.districts[ubigeo].name) for ubigeo in domestic if ubigeo not in districts)


def _notice(missing: Sequence[tuple[str, str]]) -> dict[str, str] | None:
    """What to say beside the map about areas it cannot draw, None if it draws all."""
    if not missing:
        return None
    if len(missing) > NAMED:
        return {
            "es": f"{len(missing)} distritos no tienen límite en el archivo de geometría y no se dibujan.",
            "en": f"{len(missing)} districts have no boundary in the geometry file and are not drawn.",
        }
    names = ", ".join(f"{name} ({ubigeo})" for ubigeo, name in missing)
    return {
        "es": f"Sin límite en el archivo de geometría: {names}.",
        "en": f"No boundary in the geometry file: {names}.",
    }
