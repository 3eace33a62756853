"""`escrutinio geo …`: boundaries and positions from other people's files."""

from pathlib import Path

import typer

from api.commands.boundaries.fetch import fetch
from api.commands.boundaries.places import places
from api.commands.boundaries.showing import lines, shown
from tally.errors import EscrutinioError

app = typer.Typer(help="Boundaries of areas, and where polling places are.", no_args_is_help=True)
app.command("fetch")(fetch)
app.command("places")(places)


@app.callback()
def boundaries() -> None:
    """Boundaries of areas, and where polling places are."""


@app.command("build")
def build_command(
    source: Path = typer.Option(..., help="District polygons: GeoJSON, GeoPackage, Shapefile, TopoJSON or GeoParquet."),
    out: Path = typer.Option(..., help="Folder to write; a server reads it as its geometry."),
) -> None:
    """Make the map's boundaries from any district file keyed by ONPE's or INEI's ubigeo."""
    # GeoPandas takes half a second to load: no other command should wait for it.
    from geo.build import STEPS, build

    try:
        with shown(STEPS + 1) as watched:
            report = build(source, out, watched.step)
    except EscrutinioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for line in lines(report, out):
        typer.echo(line)
