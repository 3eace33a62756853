"""`escrutinio verify`: the archive, the log, and every published total made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.evidence import Progress as Report
from ingest.heads import OutsideHead, read_heads
from ingest.notes import VerifierKey
from ingest.registry import feed_of
from ingest.verification import Trust, Verdict
from ingest.verification import verify as verify_archive
from tally.errors import InvalidInput
from tally.settings import archive_folder, load_settings
from tally.store import Store

_SHOWN = 20


def verify(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    archive: Path | None = typer.Option(None, help="Folder of the raw archive; by default beside the database."),
    head: list[Path] = typer.Option([], help="A file of heads that somebody else kept; may be given several times."),
    key: list[str] = typer.Option([], help="The public key you know; by default the one that the archive names."),
) -> None:
    """Re-hash every byte, check tree, signatures and heads, then make the whole published count again."""
    trust = Trust([VerifierKey.parse(text) for text in key], [named for path in head for named in _read(path)])
    settings = load_settings(database_url=database, archive=archive)
    store = Store.open(settings.database_url)
    try:
        with _bar() as progress:
            verdict = verify_archive(store, archive_folder(settings), feed_of, trust, progress)
    finally:
        store.close()
    _print(verdict)
    raise typer.Exit(1 if verdict.faults else 0)


def _read(path: Path) -> list[tuple[str, OutsideHead]]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"--head {path} cannot be read: {error}") from error
    return [(str(path), head) for head in read_heads(text, str(path))]


def _print(verdict: Verdict) -> None:
    for sentence in verdict.checked:
        typer.echo(f"checked  {sentence}")
    for sentence in verdict.notices:
        typer.echo(f"note     {sentence}")
    for sentence in verdict.faults[:_SHOWN]:
        typer.echo(f"WRONG    {sentence}", err=True)
    if len(verdict.faults) > _SHOWN:
        typer.echo(f"WRONG    … and {len(verdict.faults) - _SHOWN:,} more", err=True)
    if not verdict.faults:
        typer.echo("All of it is as it was published.")


@contextmanager
def _bar() -> Iterator[Report]:
    """A bar for each step, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("log lines", total=None)

        def report(step: str, done: int, whole: int) -> None:
            bar.update(task, description=step, completed=done, total=whole or None)

        yield report
