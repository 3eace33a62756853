"""`escrutinio geo fetch`: real boundaries from an open source, in one command."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.commands.boundaries.showing import Shown, lines, shown
from tally.errors import EscrutinioError
from tally.settings import load_settings

if TYPE_CHECKING:
    from geo.fetching.catalogue import Source, SourceCatalogue
    from geo.fetching.fetch import Fetched


def fetch(
    accept_licence: list[str] = typer.Option([], help="A licence you accept, like CC-BY-4.0; on a terminal we ask."),
    source: list[str] = typer.Option([], help="Only this source of the catalogue; more than one, in that order."),
    catalogue: Path | None = typer.Option(None, help="Another catalogue, of the form of geo/data/sources.toml."),
    out: Path | None = typer.Option(None, help="Folder to write; by default the one that a server reads."),
    again: bool = typer.Option(False, "--again", help="Even if boundaries are there already."),
    only_list: bool = typer.Option(False, "--list", help="Say which sources there are, and get nothing."),
) -> None:
    """Find, download, check and build real district boundaries; a run that was cut is gone on with by the next."""
    try:
        _fetch(tuple(source), catalogue, out, set(accept_licence), is_again=again, is_list=only_list)
    except EscrutinioError as error:
        typer.echo(f"escrutinio: {error}", err=True)
        raise typer.Exit(1) from error


def _fetch(
    names: tuple[str, ...], file: Path | None, out: Path | None, accepted: set[str], *, is_again: bool, is_list: bool
) -> None:
    from geo.build import STEPS
    from geo.fetching.catalogue import load_sources
    from geo.fetching.fetch import Fetch, Teller, what_is_there

    known = load_sources(file)
    sources = known.chosen(names)
    if is_list:
        for line in _listed(known):
            typer.echo(line)
        return
    settings = load_settings()
    place = out or settings.geometry
    there = what_is_there(place)
    if there is not None and not is_again:
        typer.echo(f"Boundaries are there already, in {place}: {there}. --again replaces them.")
        return
    agent = f"Escrutinio/0.1 (gets open boundaries once; {settings.contact})"
    with shown(STEPS + 2) as watched:
        teller = Teller(watched.step, watched.amount, lambda: watched.count(STEPS + 2), watched.aside)
        agrees = _asker(accepted, watched)
        store = settings.cache / "geometry" / "downloads"
        fetched = Fetch(sources, known.limits, place, store, agrees, teller, agent).run()
    for line in _said(fetched, place):
        typer.echo(line)


def _asker(accepted: set[str], watched: Shown) -> Callable[["Source"], bool]:
    """Shows each licence, and whether it is accepted: by the option, or by whoever sits at the terminal, asked once."""
    asked: dict[str, bool] = {}

    def agrees(source: "Source") -> bool:
        licence = source.licence
        terms = f"{licence}, {source.licence_address}: {source.terms}"
        if licence not in accepted and licence not in asked and sys.stdin.isatty():
            watched.bar.stop()
            asked[licence] = typer.confirm(f"{source.title}\n  {terms}\nDo you accept {licence}?", err=True)
            watched.bar.start()
        if licence in accepted or asked.get(licence):
            watched.aside(f"{source.name}: {source.title}; {terms}")
            return True
        watched.aside(f"{source.name}: passed over, --accept-licence {licence} was not given ({terms})")
        return False

    return agrees


def _listed(known: "SourceCatalogue") -> list[str]:
    """The catalogue in words, what nobody published included."""
    found = []
    for source in known.sources:
        size = "size not published" if source.bytes is None else f"{source.bytes / 1e6:,.1f} MB"
        units = "" if source.units is None else f", {source.units:,} districts"
        checked = "hash not published" if source.sha256 is None else f"SHA-256 {source.sha256[:16]}…"
        found += [
            f"{source.name}: {source.title}",
            f"  {source.form}, as of {source.vintage}{units}; keyed by {source.key}; {size}, {checked}",
            f"  {source.licence} ({source.licence_address}): {source.terms}",
        ]
    return found


def _said(fetched: "Fetched", place: Path) -> list[str]:
    """The end: what was built, and in the last line that it is done."""
    origin, report = fetched.origin, fetched.report
    missing = ", ".join(f"{name} ({ubigeo})" for ubigeo, name in report.missing[:3])
    rest = f" and {len(report.missing) - 3:,} more" if len(report.missing) > 3 else ""
    without = f", without {missing}{rest}" if report.missing else ""
    return [
        *lines(report, place),
        f"SHA-256 {origin.sha256} of {origin.bytes:,} bytes from {origin.address}",
        f"Done: {report.districts:,} districts from {origin.title}{without}; a server that starts now draws them.",
    ]
