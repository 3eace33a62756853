"""A bar, or lines where nobody looks; and what a build did, in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from geo.build import BuildReport

# Lists of codes are shown up to so many lines: a file of one department lacks 1,800 districts.
SHOWN = 20


class Shown(Struct, frozen=True):
    """What somebody watches."""

    bar: Progress
    task: TaskID
    is_terminal: bool

    def step(self, text: str) -> None:
        """Another step begins."""
        self.bar.update(self.task, description=text, advance=1)
        if not self.is_terminal:
            typer.echo(text, err=True)

    def amount(self, done: int, whole: int | None) -> None:
        """Of a step that is measured in bytes: how many there are."""
        self.bar.update(self.task, completed=done, total=whole)

    def count(self, steps: int) -> None:
        """From now on steps are counted, up to so many."""
        self.bar.reset(self.task, total=steps)

    def aside(self, text: str) -> None:
        """A line that stays, whatever the bar does."""
        self.bar.console.print(text, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def shown(steps: int) -> Iterator[Shown]:
    """Show how far it is, on the error stream."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Shown(bar, bar.add_task("", total=steps), console.is_terminal)


def lines(report: "BuildReport", out: Path) -> list[str]:
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
