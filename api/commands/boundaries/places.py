"""`escrutinio geo places`: where polling places are, out of a register of schools."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from api.commands.opening import open_counts
from tally.errors import EscrutinioError, InvalidInput
from tally.keys import Level, is_abroad, start_of
from tally.model import PollingPlace
from tally.settings import load_settings
from tally.view import View

if TYPE_CHECKING:
    from geo.schools.joining import Joined

_SHOWN = 5


def places(
    source: Path = typer.Option(..., help="The register: CSV with code, name, district, address, lon, lat."),
    columns: Path | None = typer.Option(None, help="TOML that names its columns, where they are not recognised."),
    out: Path | None = typer.Option(None, help="Folder to write; by default the one that a server reads."),
    database: str | None = typer.Option(None, help="Whose polling places: sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
) -> None:
    """Join a register of schools to the polling places of a count, and list what did not match either way."""
    try:
        _join(source, columns, out, database, election)
    except EscrutinioError as error:
        typer.echo(f"escrutinio: {error}", err=True)
        raise typer.Exit(1) from error


def _join(source: Path, columns: Path | None, out: Path | None, database: str | None, election: str | None) -> None:
    # They take half a second to load: no other command should wait for them.
    from geo.boundaries import load_geometry
    from geo.schools.joining import join
    from geo.schools.positions import write_joined
    from geo.schools.register import read_register
    from geo.schools.rules import load_rules
    from geo.schools.within import Fence

    settings, rules = load_settings(), load_rules()
    schools = read_register(source, columns)
    geometry = load_geometry(settings.geometry, cache=settings.cache / "geometry")
    known = {place.code: place for place in _polling_places(database, election)}
    if not known:
        raise InvalidInput("the count has no polling places yet: join a register when some are known")
    joined = join(known.values(), schools, Fence(geometry, rules.place), rules)
    folder = out or settings.places
    write_joined(joined, folder)
    for line in _said(joined, folder, is_schematic=geometry.schematic["district"]):
        typer.echo(line)


def _polling_places(database: str | None, election: str | None) -> Iterator[PollingPlace]:
    """Those in Peru: a consulate is no school."""
    start = start_of(Level.POLLING_PLACE)
    with open_counts(database, election) as (store, counts):
        for info in counts:
            for key, entry in View.load(store, info).entries.items():
                if key.startswith(start):
                    place = msgspec.json.decode(entry.change.data, type=PollingPlace)
                    if not is_abroad(place.ubigeo):
                        yield place


def _said(joined: "Joined", folder: Path, *, is_schematic: bool) -> Iterator[str]:
    """How many of each, why, and where to look."""
    times = Counter(match.confidence for match in joined.matches)
    yield (
        f"{len(joined.matches):,} polling places: {times['exact']:,} exact, {times['check']:,} to be checked, "
        f"{times['none']:,} without a school; {len(joined.unused):,} rows of the register are no polling place."
    )
    for confidence in ("check", "none"):
        reasons = Counter(doubt for match in joined.matches if match.confidence == confidence for doubt in match.doubts)
        if reasons:
            yield f"  {confidence}: " + ", ".join(f"{n:,} {reason}" for reason, n in reasons.most_common(_SHOWN))
    if is_schematic:
        yield "Borders are schematic: points were judged by how far the capital is; only those in the drawn area show."
    yield f"Done: {folder}; a server that starts now shows the exact ones. A `check` that is right may be made `exact`."
