"""`escrutinio geo build`: from any district file of Peru to the folder of boundaries a server reads."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from geo.boundaries import assemble, save
from geo.notice import find_missing, notice_of
from geo.origin import Origin
from geo.simplify import repair
from geo.source import Districts, KeyKind, match_districts, read_source
from tally.errors import BoundaryError
from tally.keys import UBIGEO_LEVELS

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


class Expected(Struct, frozen=True):
    """What is known of a file before it is built. `layer`: which of several; `check` raises where it is not what it
    should be; `origin`: whose it is."""

    layer: str | None = None
    check: Callable[[Districts], None] = lambda districts: None
    origin: Origin | None = None


def build(
    source: Path,
    out: Path,
    progress: Callable[[str], None] = lambda text: None,
    expected: Expected = Expected(),  # noqa: B008 - a value that nobody changes
) -> BuildReport:
    """Boundaries of that file as a folder for `load_geometry`; `progress` is told each of the STEPS as it starts.

    Districts without a polygon are reported and stay without one. The folder changes only if all succeeds.
    Raises: BoundaryError: the file is unreadable, empty, without ubigeos or not Peru; the folder cannot be used.
    """
    progress(f"reading {source.name}")
    frame = read_source(source, expected.layer)
    progress(f"matching {len(frame):,} polygons with the ubigeo tables")
    found = match_districts(frame, source.name)
    expected.check(found)
    districts, repaired = repair(found.polygons, progress)
    if not districts:
        raise BoundaryError(f"nothing of the polygons of {source.name} remains after repair")
    missing = find_missing(districts)
    flags = {level.value: False for level in UBIGEO_LEVELS}
    geometry = assemble(districts, flags, notice_of(missing), progress)
    progress(f"writing {out}")
    save(replace(geometry, origin=expected.origin), out)
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
