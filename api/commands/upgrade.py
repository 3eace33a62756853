"""`escrutinio upgrade`: bring the database to the schema that this program writes."""

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from tally.migrations.runner import NEWEST
from tally.settings import load_settings
from tally.storage import schema
from tally.storage.database import connect


def upgrade(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    check: bool = typer.Option(False, "--check", help="Say what is due and change nothing; exit status 1 if any is."),
) -> None:
    """Bring the database to this program's schema: all of the way, or not at all. docs/operate/upgrade.md says when."""
    engine = connect(load_settings(database_url=database).database_url)
    try:
        standing, due = schema.steps_due(engine)
        has = f"schema {standing.revision}" if standing.revision else "no schema yet"
        if not due:
            typer.echo(f"The database has {has}; nothing is due.")
            return
        typer.echo(f"The database has {has}, this program's is {NEWEST}. Due:")
        for step in due:
            typer.echo(f"  {step.id}  {step.what}")
        if check:
            raise typer.Exit(1)
        _upgrade(engine)
    finally:
        engine.dispose()
    typer.echo(f"The database has schema {NEWEST} now.")


def _upgrade(engine: Engine) -> None:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("waiting for the database")
        schema.upgrade(
            engine,
            applied=lambda revision: bar.update(task, description=f"schema {revision}"),
            waiting=lambda: bar.update(task, description="somebody holds a table; trying again"),
        )
