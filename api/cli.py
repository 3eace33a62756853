"""The command line: `escrutinio …`. Every failure we know is one sentence on stderr and an exit status of 1.

The web application takes a second to import: only the commands that serve it do so, when they are called.
"""

import sys

import typer

from api import cli_geo, cli_user
from api.cli_doctor import doctor
from api.cli_epoch import new_epoch
from api.cli_export import export
from api.cli_feed import feed
from api.cli_free import free_count
from api.cli_poll import poll
from api.cli_rehearse import rehearse
from api.cli_release import release
from api.cli_serve import run, serve
from api.cli_totals import totals
from api.cli_upgrade import upgrade
from api.cli_verify import verify
from api.cli_witness import witness
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
