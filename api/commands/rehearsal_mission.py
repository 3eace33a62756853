"""The cast of a rehearsal's mission: its accounts, one more for each role to look around with, and its process."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typer
from msgspec import Struct
from sqlalchemy import Engine

from mission.people.accounts import Newcomer, add_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.passwords import Passwords, new_password
from mission.people.roles import Role
from mission.rehearsal.play import Invitations
from tally import moments
from tally.errors import Forbidden
from tally.settings import Settings
from tally.storage.store import Store

_VERIFIERS = 3
_END_S = 10.0
_COORDINATOR = "ensayo-coordinacion"


class Cast(Struct, frozen=True):
    """Passwords of the demonstration accounts by name, and how the players come in."""

    demonstration: dict[str, str]
    players: Invitations


def make_cast(settings: Settings, seed: int, hashing: Passwords | None = None, *, papers: Path | None = None) -> Cast:
    """New accounts with new passwords in a database that has no count yet, or only rehearsed ones.

    papers: folder of what the mission has beside the source, see `escrutinio feed --mission`.

    Raises: Forbidden: it has a real count. StoreUnavailable.
    """
    with closing(Store.open(settings.database_url)) as store:
        if any(not info.is_test for info in store.counts()):
            raise Forbidden("this database holds a real count: the rehearsal's mission takes no part in it")
        now, hashing = moments.utc_now(), hashing or Passwords()
        demonstration = {
            role.value: _add(store.engine, hashing, Newcomer(role.value, role), now) for role in reversed(Role)
        }
        coordinator = {
            _COORDINATOR: _add(store.engine, hashing, Newcomer(_COORDINATOR, Role.COORDINATOR), now),
        }
        verifiers = {
            name: _add(store.engine, hashing, Newcomer(name, Role.VERIFIER), now)
            for name in (f"ensayo-verificacion-{n}" for n in range(1, _VERIFIERS + 1))
        }
    told = None if papers is None else str(papers)
    players = Invitations("", settings.election, seed, verifiers, coordinator, papers=told)
    return Cast(demonstration, players)


def say_who(cast: Cast, settings: Settings, port: int) -> None:
    """Print the demonstration accounts: this once, for this rehearsal only."""
    typer.echo(f"Mission (rehearsed too): sign in at {_address(settings, port)}/mission as")
    for name, password in cast.demonstration.items():
        typer.echo(f"  {name:<12} {password}")


@contextmanager
def engage(cast: Cast, settings: Settings, port: int) -> Iterator[None]:
    """The players at work, in a process of their own: they are clients like any other."""
    invited = msgspec.structs.replace(cast.players, url=_address(settings, port))
    process = subprocess.Popen([sys.executable, "-m", "mission.rehearsal"], stdin=subprocess.PIPE)
    try:
        if process.stdin is not None:
            process.stdin.write(msgspec.json.encode(invited))
            process.stdin.close()
        yield
    finally:
        end(process)


def end(process: "subprocess.Popen[Any]") -> None:
    """End a process of ours, politely first."""
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _address(settings: Settings, port: int) -> str:
    """Where this machine finds the server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared only
    return f"http://{host}:{port}"


def _add(engine: Engine, hashing: Passwords, newcomer: Newcomer, now: datetime) -> str:
    """Add an account; the password nobody chose."""
    password = new_password()
    add_account(engine, msgspec.structs.replace(newcomer, password=hashing.hash(password)), COMMAND_LINE, now)
    return password
