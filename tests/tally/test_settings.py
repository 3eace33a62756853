"""Settings: where a value may stand, and which of two counts."""

from pathlib import Path

import pytest

from tally.errors import InvalidInput
from tally.settings import load_settings


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which systemd puts a service's credentials."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    return tmp_path


def test_secrets_are_read_from_the_credentials_that_systemd_hands_on(credentials: Path) -> None:
    (credentials / "escrutinio_address_key").write_text("long and drawn\n")
    (credentials / "escrutinio_database_url").write_text("postgresql://escrutinio:pass@host/count\n")
    (credentials / "address_key_of_another_service").write_text("not ours")
    settings = load_settings()
    assert settings.address_key == "long and drawn"
    assert settings.database_url == "postgresql://escrutinio:pass@host/count"
    assert settings.relay_token is None


def test_a_flag_and_a_variable_count_before_a_credential(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (credentials / "escrutinio_contact").write_text("credential")
    assert load_settings().contact == "credential"
    monkeypatch.setenv("ESCRUTINIO_CONTACT", "variable")
    assert load_settings().contact == "variable"
    assert load_settings(contact="flag").contact == "flag"


def test_a_credential_that_is_no_value_of_its_setting_or_cannot_be_read_is_said(credentials: Path) -> None:
    (credentials / "escrutinio_port").write_text("eight")
    with pytest.raises(InvalidInput, match="setting port"):
        load_settings()
    (credentials / "escrutinio_port").unlink()
    (credentials / "escrutinio_relay_token").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match=r"relay_token.*utf-8"):
        load_settings()
    (credentials / "escrutinio_relay_token").unlink()
    (credentials / "escrutinio_trusted_proxies").write_text("127.0.0.1")
    with pytest.raises(InvalidInput, match="trusted_proxies"):
        load_settings()
