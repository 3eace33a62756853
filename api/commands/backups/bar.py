"""Bars for what takes a while, where somebody looks: on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int], None]
# Step, how much of it is done, how much there is (0: not known).
Report = Callable[[str, int, int], None]


@contextmanager
def progress(total: int, what: str) -> Iterator[Advance]:
    """Show how much of `total` is done; what is yielded is told of each piece."""
    console = Console(stderr=True)
    done = TextColumn("{task.percentage:>3.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda piece: bar.advance(task, piece)


@contextmanager
def steps(first: str) -> Iterator[Report]:
    """Show one step after another; what is yielded is told which it is, beginning with `first`, and how far."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(first, total=None)

        def report(step: str, done: int, whole: int) -> None:
            bar.update(task, description=step, completed=done, total=whole or None)

        yield report
