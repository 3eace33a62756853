"""`escrutinio user …`: the mission's accounts, from the machine the database is on. No secret is ever an argument."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from mission.people.accounts import Newcomer, add_account, find_account, list_accounts, revoke_account, set_password
from mission.people.auditlog import COMMAND_LINE
from mission.people.contacts import purge_contacts
from mission.people.devices import invite
from mission.people.passwords import Passwords, check_password, new_password
from mission.people.retention import purge
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput
from tally.settings import load_settings
from tally.storage.store import Store

app = typer.Typer(help="The mission's accounts.", no_args_is_help=True)

_DATABASE = typer.Option(None, help="sqlite:///FILE or postgresql://…")
_NAME = typer.Argument(help="The account's name.")
_FILE = typer.Option(None, "--password-file", help="File whose first line is the password; - is standard input.")
_ASK = typer.Option(False, "--ask", help="Ask for the password; else one is made and printed once.")


@app.command()
def add(
    name: str = _NAME,
    role: Role = typer.Option(Role.OBSERVER, help="What the account may do."),
    password_file: Path | None = _FILE,
    ask: bool = _ASK,
    database: str | None = _DATABASE,
) -> None:
    """Add an account. An observer who reports from a device only needs `invite` instead."""
    with _engine(database) as engine:
        password, is_made = _password(password_file, ask=ask)
        newcomer = Newcomer(name, role, Passwords().hash(password))
        account = add_account(engine, newcomer, COMMAND_LINE, moments.utc_now())
    typer.echo(f"{account.name} is {account.role.value}; others read {account.pseudonym}.")
    _tell(password, is_made=is_made)


@app.command()
def passwd(
    name: str = _NAME,
    password_file: Path | None = _FILE,
    ask: bool = _ASK,
    database: str | None = _DATABASE,
) -> None:
    """Give an account another password; who is signed in with the old one is signed out."""
    with _engine(database) as engine:
        find_account(engine, name)  # before anybody types a password for nobody
        password, is_made = _password(password_file, ask=ask)
        account = set_password(engine, name, Passwords().hash(password), COMMAND_LINE, moments.utc_now())
    typer.echo(f"{account.name} has another password and is signed out everywhere.")
    _tell(password, is_made=is_made)


@app.command(name="list")
def list_all(database: str | None = _DATABASE) -> None:
    """Everybody, also who was revoked."""
    table = Table("name", "role", "pseudonym", "password", "since", "revoked")
    with _engine(database) as engine:
        for account in list_accounts(engine):
            has = "yes" if account.has_password else "no"
            since, until = account.created_at, account.revoked_at or ""
            table.add_row(account.name, account.role.value, account.pseudonym, has, since, until)
    Console().print(table)


@app.command()
def revoke(name: str = _NAME, database: str | None = _DATABASE) -> None:
    """End an account; its sessions and devices end at once."""
    with _engine(database) as engine:
        account = revoke_account(engine, name, COMMAND_LINE, moments.utc_now())
    typer.echo(f"{account.name} was revoked; sessions, devices and open invitations ended.")


@app.command(name="invite")
def make_invitation(name: str = _NAME, database: str | None = _DATABASE) -> None:
    """Make a code for an observer's device; the observer is added if there is nobody of that name."""
    with _engine(database) as engine:
        invitation = invite(engine, name, COMMAND_LINE, moments.utc_now())
    typer.echo(f"{invitation.name} (others read {invitation.pseudonym}) comes in once, until {invitation.expires_at}:")
    typer.echo(f"  {invitation.code}")


@app.command(name="purge")
def purge_all(
    contacts: bool = typer.Option(False, "--contacts", help="Names and numbers of the roster, too: for good."),
    database: str | None = _DATABASE,
) -> None:
    """Remove what is kept of people no longer than it serves; a server does so by itself."""
    with _engine(database) as engine:
        removed = purge(engine, moments.utc_now())
        forgotten = purge_contacts(engine, COMMAND_LINE, moments.utc_now()) if contacts else None
    if forgotten is not None:
        typer.echo(f"Names and numbers were forgotten of {forgotten} people.")
    typer.echo(f"Removed, because it had served its time: {removed} rows.")


@contextmanager
def _engine(database: str | None) -> Iterator[Engine]:
    with closing(Store.open(load_settings(database_url=database).database_url)) as store:
        yield store.engine


def _password(file: Path | None, *, ask: bool) -> tuple[str, bool]:
    """The password, and whether it was made here.

    Raises: InvalidInput.
    """
    if file is not None:
        return check_password(_first_line(file)), False
    if not ask:
        return new_password(), True
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise InvalidInput("the two passwords differ; nothing was changed")
    return check_password(password), False


def _first_line(file: Path) -> str:
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"password file {file} cannot be read ({error})") from error
    return text.split("\n", 1)[0].rstrip("\r")


def _tell(password: str, *, is_made: bool) -> None:
    if is_made:
        typer.echo(f"Its password, shown this once: {password}")
