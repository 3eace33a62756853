"""`escrutinio doctor` says whether the count of the election before is where it was said to be."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import program
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.country import minute

NOW, BEFORE = "2026-06-07-president-runoff", "2021-06-06-president-runoff"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (None, f"{BEFORE} is not in this database, and setting previous names no other: nothing is compared"),
        ("before.db", f"{BEFORE} at version 0"),
        ("own.db", "holds no count of"),
        ("nowhere", "there is no count in"),
    ],
)
def test_it_says_whether_there_is_something_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None, said: str
) -> None:
    for name, election in (("own.db", NOW), ("before.db", BEFORE)):
        store = Store.open(f"sqlite:///{tmp_path / name}")
        Writer.acquire(store, election, "president", is_test=True, at=minute(0)).release()
        store.close()
    if place is not None:
        monkeypatch.setenv("ESCRUTINIO_PREVIOUS", str(tmp_path / place))
    asked = [
        "doctor",
        "--election",
        NOW,
        "--database",
        f"sqlite:///{tmp_path / 'own.db'}",
        "--feed",
        "http://127.0.0.1:9",
    ]
    told = CliRunner().invoke(program("doctor"), asked).output
    line = next(line for line in told.splitlines() if " previous:" in line)
    assert said in line
    assert line.startswith("FIX") is (place in ("own.db", "nowhere"))
