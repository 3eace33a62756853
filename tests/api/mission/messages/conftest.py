"""A mission whose observers have telephones, and a gateway between."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from mission.people.contacts import normal_phone, sender_hash
from mission.people.tables import accounts, contacts
from mission.transactions import exclusive
from tally.storage.store import Store
from tests.api.mission.desk import Team, team_of
from tests.api.mission.messages.gateway import KEY, KeptTexts, options

PHONES = {"observer": "987654321", "observer1": "987654322"}


def give_phone(store: Store, name: str, phone: str) -> None:
    """That account has that number from now on."""
    kept = {"phone": normal_phone(phone), "sender": sender_hash(KEY, phone)}
    with exclusive(store.engine) as connection:
        account = connection.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar_one()
        connection.execute(insert(contacts).values(account_id=account, name="Ana Quispe", **kept))


@pytest.fixture
def gateway() -> KeptTexts:
    return KeptTexts()


@pytest.fixture
def team(any_store: Store, tmp_path: Path, gateway: KeptTexts) -> Iterator[Team]:
    with team_of(any_store, tmp_path, observers=2, **options(gateway)) as team:
        for name, phone in PHONES.items():
            give_phone(any_store, name, phone)
        yield team
