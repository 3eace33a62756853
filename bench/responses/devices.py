"""Observers with a device each, put into the database as they are after an invitation: no code is typed here."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from mission.people.accounts import Newcomer, add_account, stamp
from mission.people.auditlog import COMMAND_LINE
from mission.people.roles import Role
from mission.people.tables import accounts, devices
from mission.people.tokens import hash_of


def seed(engine: Engine, number: int) -> list[str]:
    """Add an admin, so that there is a mission, and that many observers; their devices' tokens."""
    now = datetime.now(UTC)
    add_account(engine, Newcomer("root", Role.ADMIN), COMMAND_LINE, now)
    tokens = [f"a-token-of-a-device-{n:08}" for n in range(number)]
    made, ends = stamp(now), stamp(now + timedelta(days=1))
    people = [
        {"id": n + 100, "name": f"observer-{n:06}", "pseudonym": f"ave-{n:06}", "role": Role.OBSERVER.value}
        | {"created_at": made, "password": None}
        for n in range(number)
    ]
    own = [
        {"hash": hash_of(token), "account_id": n + 100, "made_at": made, "ends_at": ends}
        for n, token in enumerate(tokens)
    ]
    with engine.begin() as connection:
        connection.execute(insert(accounts), people)
        connection.execute(insert(devices), own)
    return tokens
