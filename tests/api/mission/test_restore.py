"""The drill of a restored backup: what was revoked after it lets nobody in again."""

import shutil
from pathlib import Path

import pytest

from mission.people.accounts import revoke_account
from mission.people.auditlog import COMMAND_LINE
from mission.people.devices import find_device
from mission.people.roles import Role
from tally import moments
from tally.changes import Change, Kind
from tally.errors import Unidentified
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.commands.test_cli import RUNOFF
from tests.api.country import minute
from tests.api.mission.conftest import add, device_token
from tests.programs.program import escrutinio


def test_a_device_that_was_revoked_after_the_backup_stays_out(tmp_path: Path) -> None:
    file, backup = tmp_path / "count.db", tmp_path / "backup.db"
    url = f"sqlite:///{file}"
    store = Store.open(url)
    writer = Writer.acquire(store, RUNOFF, "president", is_test=True, at=minute(0))
    writer.append([Change("nation", Kind.UPDATE, b"{}")], minute(1))
    writer.release()
    for role in (Role.ADMIN, Role.OBSERVER):
        add(store.engine, role.value, role)
    token = device_token(store.engine, "observer")
    store.close()
    shutil.copy(file, backup)
    store = Store.open(url)
    revoke_account(store.engine, "observer", COMMAND_LINE, moments.utc_now())
    store.close()
    shutil.copy(backup, file)
    store = Store.open(url)
    assert find_device(store.engine, token, moments.utc_now()).account.name == "observer"
    done = escrutinio("new-epoch", "--database", url, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "(ended: 1)" in done.stdout
    assert "admin, observer" in done.stdout
    with pytest.raises(Unidentified):
        find_device(store.engine, token, moments.utc_now())
    store.close()
