"""The command line: `escrutinio …`. Every failure we know is one sentence on stderr and an exit status of 1.

What the commands need takes seconds to import: only what was asked for is, when it is asked for.
"""

import gc
import sys
from importlib import import_module

import typer

from api.commands.allocator import keep_few_arenas
from tally.ending import end_when_told
from tally.errors import EscrutinioError
from tally.program import this_program

# Each command, and each group of commands, in the module of `api.commands` that has it.
_COMMANDS = {
    "rehearse": "rehearse",
    "run": "serve",
    "poll": "poll",
    "serve": "serve",
    "export": "export",
    "files": "files.files",
    "feed": "feed",
    "totals": "totals",
    "prove": "proof.prove",
    "verify": "proof.verify",
    "witness": "proof.witness",
    "doctor": "doctor",
    "status": "watching.status",
    "release": "release",
    "new-epoch": "epoch",
    "free": "free",
    "upgrade": "upgrade",
    "backup": "backups.backup",
    "restore": "backups.restore",
    "move": "backups.move",
    "close": "closing.close",
    "text-gateway": "text_gateway",
}
_GROUPS = {
    "archive": "closing.archive",
    "election": "election",
    "form": "forms.form",
    "geo": "geo",
    "key": "key",
    "user": "user",
}
# What a start makes is there to stay: to look through it for rubbish as often as Python does is a sixth of the start.
_MADE_BETWEEN_LOOKS = 50_000


def program(asked: str | None = None) -> typer.Typer:
    """All that the command line knows, or no more of it than is asked for by name."""
    app = typer.Typer(
        help="Follows a Peruvian vote count live, down to the polling table.",
        callback=_begin,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    names = (*_COMMANDS, *_GROUPS)
    for name in (asked,) if asked in names else () if asked == "--version" else names:
        module = import_module(f"api.commands.{(_COMMANDS | _GROUPS)[name]}")
        if name in _GROUPS:
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name.replace("-", "_")))
    return app


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"escrutinio {this_program()}")
        raise typer.Exit


def _begin(
    is_version: bool = typer.Option(
        False, "--version", help="Print version and commit.", is_eager=True, callback=_say_version
    ),
) -> None:
    """Nothing that all commands share has to be begun."""


def main() -> None:
    """Entry point of the `escrutinio` program."""
    end_when_told()
    keep_few_arenas()
    gc.set_threshold(_MADE_BETWEEN_LOOKS)
    try:
        program(next(iter(sys.argv[1:]), None))()
    except EscrutinioError as error:
        sys.stderr.write(f"escrutinio: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
