"""`escrutinio geo …`: boundaries from other people's files."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tally.errors import EscrutinioError

if TYPE_CHECKING:
    from geo.build import BuildReport

app = typer.Typer(help="Boundaries of departments, provinces and districts.", no_args_is_help=True)
# Lists of codes are shown up to so many lines: a file of one department lacks 1,800 districts.
SHOWN = 20


@app.callback()
def boundaries() -> None:
    """Boundaries of departments, provinces and districts."""


@app.command("build")
def build_command(
    source: Path = typer.Option(..., help="District polygons: GeoJSON, GeoPackage, Shapefile or GeoParquet."),
    out: Path = typer.Option(..., help="Folder to write; a server reads it as its geometry."),
) -> None:
    """Make the map's boundaries from any district file keyed by ONPE's or INEI's ubigeo."""
    # GeoPandas takes half a second to load: no other command should wait for it.
    from geo.build import STEPS, build

    console = Console(stderr=True)
    try:
        with _bar(console) as bar:
            task = bar.add_task("", total=STEPS + 1)

            def announce(text: str) -> None:
                bar.update(task, description=text, advance=1)
                if not console.is_terminal:
                    typer.echo(text, err=True)

            report = build(source, out, announce)
            bar.update(task, completed=STEPS + 1, description="done")
    except EscrutinioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for line in _lines(report, out):
        typer.echo(line)


def _bar(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _lines(report: "BuildReport", out: Path) -> list[str]:
    """The report in words: what was used, what did not match either way, what was written."""
    repaired = "borders repaired" if report.repaired else "borders clean"
    sizes = ", ".join(f"{size} {report.sizes[f'district-{size}'] // 1000:,} kB" for size in ("low", "mid", "high"))
    return [
        f"{report.districts:,} districts from {report.rows:,} rows, "
        f"keyed by {report.kind.upper()} ubigeo in column {report.column!r}; {repaired}.",
        *_list("districts of ONPE without a polygon", [f"{ubigeo} {name}" for ubigeo, name in report.missing]),
        *_list("codes of the file that ONPE does not have", list(report.unknown)),
        f"Written to {out} (districts, gzipped: {sizes}).",
    ]


def _list(title: str, entries: list[str]) -> list[str]:
    more = [f"  … and {len(entries) - SHOWN:,} more"] if len(entries) > SHOWN else []
    return [f"{len(entries):,} {title}{':' if entries else '.'}", *(f"  {entry}" for entry in entries[:SHOWN]), *more]
