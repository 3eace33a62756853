"""`escrutinio user …`: accounts from the machine the database is on; secrets are typed, read or printed once."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from api.cli import main, program
from mission.people.accounts import find_account, list_accounts
from mission.people.devices import redeem
from mission.people.passwords import Passwords
from mission.people.sessions import Claim, log_in
from mission.people.tables import contacts
from mission.transactions import exclusive
from tally import moments
from tally.errors import Unidentified
from tally.storage.store import Store
from tests.mission.people import ORIGINS

LATER = moments.read("2100-01-01T00:00:00Z")


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'count.db'}"


def run(database: str, *command: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(program(), ["user", *command, "--database", database], input=typed, catch_exceptions=True)


def said(result: Result) -> str:
    """The sentence of a failure."""
    assert result.exit_code == 1
    return str(result.exception)


def lets_in(database: str, name: str, password: str) -> bool:
    store = Store.open(database)
    try:
        log_in(
            store.engine, Passwords(), ORIGINS, Claim(name, password, ORIGINS.origin("192.0.2.1")), moments.utc_now()
        )
    except Unidentified:
        return False
    finally:
        store.close()
    return True


def test_a_password_that_was_made_is_printed_once_and_works(database: str) -> None:
    result = run(database, "add", "ana", "--role", "admin")
    assert result.exit_code == 0
    password = re.search(r"shown this once: (\S+)", result.output)
    assert password is not None
    assert lets_in(database, "ana", password[1])
    assert password[1] not in run(database, "list").output


@pytest.mark.parametrize("file", ["file", "-"])
def test_a_password_can_come_from_a_file_and_is_not_printed(database: str, tmp_path: Path, file: str) -> None:
    path = tmp_path / "password"
    path.write_text("from a file, somewhere\nnot this line\n")
    source = str(path) if file == "file" else "-"
    result = run(database, "add", "ana", "--password-file", source, typed=path.read_text())
    assert result.exit_code == 0, result.output
    assert "somewhere" not in result.output
    assert lets_in(database, "ana", "from a file, somewhere")


def test_a_password_can_be_typed_twice(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["typed by hand, twice", "typed by hand, twice", "typed by hand, twice", "and another way"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert run(database, "add", "ana", "--ask").exit_code == 0
    assert lets_in(database, "ana", "typed by hand, twice")
    assert "the two passwords differ" in said(run(database, "passwd", "ana", "--ask"))


def test_no_option_takes_a_secret() -> None:
    for command in ("add", "passwd", "invite"):
        shown = CliRunner().invoke(program(), ["user", command, "--help"]).output
        assert not re.search(r"--(password|secret|token|code)\s", shown)


def test_another_password_ends_the_first(database: str) -> None:
    first = re.search(r"once: (\S+)", run(database, "add", "ana").output)
    second = re.search(r"once: (\S+)", run(database, "passwd", "ana").output)
    assert first is not None
    assert second is not None
    assert not lets_in(database, "ana", first[1])
    assert lets_in(database, "ana", second[1])


def test_what_has_served_its_time_is_removed_on_demand(database: str) -> None:
    run(database, "invite", "phone")
    run(database, "invite", "phone")
    assert run(database, "purge").output == "Removed, because it had served its time: 1 rows.\n"


def test_an_invitation_makes_the_observer_and_lets_a_device_in(database: str) -> None:
    result = run(database, "invite", "phone")
    code = result.output.split()[-1]
    store = Store.open(database)
    try:
        token, device = redeem(store.engine, code, ORIGINS.origin("192.0.2.1"), moments.utc_now(), LATER)
        assert device.account.name == "phone"
        assert token not in result.output
        assert not find_account(store.engine, "phone").has_password
    finally:
        store.close()


def test_who_was_revoked_stays_in_the_list(database: str) -> None:
    run(database, "add", "ana", "--role", "admin")
    run(database, "add", "eva", "--role", "admin")
    assert run(database, "revoke", "ana").exit_code == 0
    store = Store.open(database)
    assert [bool(account.revoked_at) for account in list_accounts(store.engine)] == [True, False]
    store.close()
    assert "'eva' is the last admin" in said(run(database, "revoke", "eva"))


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("revoke", "nobody"), "there is no account 'nobody'"),
        (("passwd", "nobody"), "there is no account 'nobody'"),
        (("add", "a b"), "2 to 40 small letters"),
        (("add", "ana", "--password-file", "/no/such/file"), "cannot be read"),
        (("add", "ana", "--password-file", "-"), "12 to 200 characters"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(database: str, command: tuple[str, ...], sentence: str) -> None:
    assert sentence in said(run(database, *command, typed="short\n"))


def test_a_failure_is_a_sentence_and_a_status(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["escrutinio", "user", "revoke", "nobody", "--database", database])
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "escrutinio: there is no account 'nobody'\n"


def test_the_doctor_says_how_long_names_and_numbers_stay(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked() -> str:
        asked = ["doctor", "--database", database, "--feed", "http://127.0.0.1:9"]
        lines = CliRunner().invoke(program("doctor"), asked).output.splitlines()
        return next(line.strip() for line in lines if " people: " in line)

    run(database, "add", "ana", "--role", "observer")
    assert looked().endswith("no name or number is kept")
    store = Store.open(database)
    with exclusive(store.engine) as connection:
        account = find_account(store.engine, "ana").id
        connection.execute(insert(contacts).values(account_id=account, name="Ana"))
    store.close()
    assert looked().endswith("names and numbers of 1 until `escrutinio user purge --contacts`: MISSION_ENDS is not set")
    monkeypatch.setenv("ESCRUTINIO_MISSION_ENDS", "2030-01-31T00:00:00-05:00")
    assert looked().endswith("names and numbers of 1 until 2030-03-02")
