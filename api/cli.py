"""The command line: `escrutinio …`. Every failure we know is one sentence on stderr and an exit status of 1.

The web application takes a second to import: only the commands that serve it do so, when they are called.
"""

import sys

import typer

from api.commands import election as cli_election
from api.commands import geo as cli_geo
from api.commands import user as cli_user
from api.commands.doctor import doctor
from api.commands.epoch import new_epoch
from api.commands.export import export
from api.commands.feed import feed
from api.commands.free import free_count
from api.commands.poll import poll
from api.commands.rehearse import rehearse
from api.commands.release import release
from api.commands.serve import run, serve
from api.commands.totals import totals
from api.commands.upgrade import upgrade
from api.commands.verify import verify
from api.commands.witness import witness
from tally.ending import end_when_told
from tally.errors import EscrutinioError

app = typer.Typer(
    help="Follows a Peruvian vote count live, down to the polling table.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(rehearse)
app.command()(run)
app.command()(poll)
app.command()(serve)
app.command()(export)
app.command()(feed)
app.command()(totals)
app.command()(verify)
app.command()(witness)
app.command()(doctor)
app.command()(release)
app.command()(new_epoch)
app.command(name="free")(free_count)
app.command()(upgrade)
app.add_typer(cli_election.app, name="election")
app.add_typer(cli_geo.app, name="geo")
app.add_typer(cli_user.app, name="user")


def main() -> None:
    """Entry point of the `escrutinio` program."""
    end_when_told()
    try:
        app()
    except EscrutinioError as error:
        sys.stderr.write(f"escrutinio: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
