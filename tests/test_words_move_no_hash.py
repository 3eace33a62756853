"""Words are outside the log: whatever is altered in the texts, nothing that is hashed, sealed or compared moves."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text as sql

from bench.country import cuts, make_feed_app, newest_election, poll, served
from bench.soaks.archive import find_faults
from mission.alerts import read_alerts
from mission.countwatch import Facts, raise_from_count
from mission.flags.flag import FlagKind
from mission.flags.screening import screen
from mission.flags.thresholds import load_thresholds
from mission.people.roles import Role
from tally.board import Board, Fact
from tally.chain import chain
from tally.changes import ChangeSet, encode
from tally.keys import NATION
from tally.storage.database import transaction
from tally.storage.store import Store
from tests.ingest.proof.test_verification import over_roll
from tests.mission.counts import mesas
from tests.tally.makers import acta, count, fact, place
from texts.language import NAMES, Text, load_languages

_MENDED = "‡"


@pytest.fixture
def mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text of every language has another first word."""
    folder = tmp_path / "mended"
    for code, language in load_languages().items():
        (folder / code).mkdir(parents=True)
        lines = [
            line
            for section, entries in language.texts.items()
            for line in (f"[{section}]", *(f"{json.dumps(key)} = {_mended(text)}" for key, text in entries.items()))
        ]
        (folder / code / "all.toml").write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(load_languages, "__defaults__", (folder, NAMES))


def _mended(text: Text) -> str:
    if isinstance(text, str):
        return json.dumps(f"{_MENDED} {text}", ensure_ascii=False)
    forms = ((name, form if name == "by" else f"{_MENDED} {form}") for name, form in text.items())
    return "{ " + ", ".join(f"{name} = {json.dumps(form, ensure_ascii=False)}" for name, form in forms) + " }"


def history() -> str:
    """The hash of a history with a hold of an area, one of an acta, and a flag of the total."""
    board, digest = Board(2), ""
    batches = [
        [Fact(NATION, "TODOS"), Fact(NATION, count()), Fact("department/14", count(total=99))],
        [place(), fact("000001", acta()), fact("000002", acta((600, 400)))],
        [Fact(NATION, count((61, 40), at_jee=0, pending=1, total=2))],
    ]
    for seq, batch in enumerate(batches, start=1):
        digest = chain(digest, ChangeSet(seq, "2026-06-08T00:00:00Z", tuple(board.apply(batch))))
    assert board.held.keys() == {"department/14"}
    assert msgspec.to_builtins(board.state(NATION))["flags"][0]["rule"] == "reconciliation"
    return digest


def flags() -> bytes:
    """The mission's flags of a count where one acta is held, one stands out, and the total is not the sum."""
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    board.apply([fact("000001", acta((600, 400))), Fact(NATION, count((61, 39), at_jee=0, pending=0, total=1))])
    values = {**mesas([100, 100, 100, 190]), "mesa/000001": encode(board.actas["mesa/000001"])}
    found = screen({**values, NATION: encode(board.state(NATION))}, 2, (), load_thresholds()).flags
    assert {FlagKind.ARITHMETIC, FlagKind.AGGREGATE} <= {flag.kind for flag in found}
    return encode(found)


def alerts(store: Store) -> bytes:
    """The alerts, as they are read, of a hold, of a decision, and of a source that fell silent."""
    facts = Facts(
        count_id=1, epoch="e1", seq=10, is_decided=False, decided_seq=9, margin=1200, is_stale=False, checked=1000
    )
    now = datetime(2030, 1, 6, 12, 0, tzinfo=UTC)
    raise_from_count(store.engine, facts, now)
    later = msgspec.structs.replace(facts, seq=11, is_decided=True, decided_seq=11, is_stale=True, checked=2000)
    held = "INSERT INTO changes (count_id, seq, n, key, kind, data) VALUES (1, 11, 0, 'department/14', 'hold', '{}')"
    with transaction(store.engine) as connection:
        connection.execute(sql(held))
    assert raise_from_count(store.engine, later, now) == 3
    return encode(read_alerts(store.engine, Role.ADMIN))


_BEFORE = history(), flags()


def test_every_text_is_another_one(mended: None) -> None:
    for language in load_languages().values():
        for entries in language.texts.values():
            for text in entries.values():
                forms = [text] if isinstance(text, str) else [form for name, form in text.items() if name != "by"]
                assert all(form.startswith(_MENDED) for form in forms)


def test_no_hash_of_a_hold_or_flag_moves(mended: None) -> None:
    assert (history(), flags()) == _BEFORE


def test_no_alert_moves(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    written = []
    for name in ("before", "after"):
        store = Store.open(f"sqlite:///{tmp_path / name}.db")
        written.append(alerts(store))
        store.close()
        request.getfixturevalue("mended")
    assert written[0] == written[1]


def test_an_archive_that_was_written_before_verifies(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    election = newest_election()
    app = make_feed_app(over_roll(tmp_path / "mesas.csv", election), election)
    with served(app) as url:
        app.step_to(cuts(election, (720,))[0])
        poll(url, tmp_path, election)
    request.getfixturevalue("mended")
    assert find_faults(tmp_path, []) == []
