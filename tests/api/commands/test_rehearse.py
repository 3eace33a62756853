"""What a rehearsal knows of itself before it starts."""

import pytest

from api.commands.rehearse import address_here
from tally.settings import load_settings


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8611, "http://127.0.0.1:8611"),
        ("localhost", 8611, "http://localhost:8611"),
        ("0.0.0.0", 8611, None),
        ("127.0.0.1", 0, None),
    ],
)
def test_a_rehearsal_knows_its_address_where_nobody_else_finds_it(host: str, port: int, address: str | None) -> None:
    assert address_here(load_settings(host=host, port=port)) == address
