"""Accounts for the tests about them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import Engine, text

from mission.people.accounts import (
    Newcomer,
    add_account,
)
from mission.people.attempts import Origins
from mission.people.auditlog import COMMAND_LINE, read_log
from mission.people.passwords import Passwords
from mission.people.roles import Role
from mission.people.sessions import Claim, log_in

NOW = datetime(2030, 1, 6, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
ORIGINS = Origins("a key of the tests")


def add(engine: Engine, name: str, role: Role = Role.VERIFIER) -> None:
    add_account(engine, Newcomer(name, role, QUICK.hash(PASSWORD)), COMMAND_LINE, NOW)


def enter(engine: Engine, name: str, password: str = PASSWORD, address: str = HERE, now: datetime = NOW) -> str:
    return log_in(engine, QUICK, ORIGINS, Claim(name, password, ORIGINS.origin(address)), now)[0]


def deeds(engine: Engine) -> list[str]:
    return [line.deed for line in reversed(read_log(engine))]


@contextmanager
def before_the_upgrade(engine: Engine, *tables: str) -> Iterator[None]:
    """A database that has not those tables yet, for a program that starts."""
    _rename(engine, {table: f"{table}_to_come" for table in tables})
    try:
        yield
    finally:
        _rename(engine, {f"{table}_to_come": table for table in tables})


def _rename(engine: Engine, names: Mapping[str, str]) -> None:
    with engine.begin() as connection:
        for name, other in names.items():
            connection.execute(text(f"ALTER TABLE {name} RENAME TO {other}"))
    engine.dispose()
