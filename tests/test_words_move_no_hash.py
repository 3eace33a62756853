"""Words are outside the log: whatever is altered in the texts, nothing that is hashed, sealed or compared moves."""

import json
from pathlib import Path

import msgspec
import pytest

from bench.country import cuts, make_feed_app, newest_election, poll, served
from bench.soak_archive import find_faults
from tally.board import Board, Fact
from tally.chain import chain
from tally.changes import ChangeSet
from tests.ingest.test_verification import over_roll
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
    """The hash of a history with a hold of an area, one of an acta, and a flag."""
    board, digest = Board(2), ""
    batches = [
        [Fact("nation", "TODOS"), Fact("nation", count()), Fact("department/14", count(total=99))],
        [place(), fact("000001", acta()), fact("000002", acta((600, 400)))],
        [Fact("nation", count((61, 40), at_jee=0, pending=1, total=2))],
    ]
    for seq, batch in enumerate(batches, start=1):
        digest = chain(digest, ChangeSet(seq, "2026-06-08T00:00:00Z", tuple(board.apply(batch))))
    assert board.held.keys() == {"department/14"}
    assert msgspec.to_builtins(board.state("nation"))["flags"][0]["rule"] == "reconciliation"
    return digest


_BEFORE = history()


def test_every_text_is_another_one(mended: None) -> None:
    for language in load_languages().values():
        for entries in language.texts.values():
            for text in entries.values():
                forms = [text] if isinstance(text, str) else [form for name, form in text.items() if name != "by"]
                assert all(form.startswith(_MENDED) for form in forms)


def test_no_hash_of_a_hold_or_flag_moves(mended: None) -> None:
    assert history() == _BEFORE


def test_an_archive_that_was_written_before_verifies(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    election = newest_election()
    app = make_feed_app(over_roll(tmp_path / "mesas.csv", election), election)
    with served(app) as url:
        app.step_to(cuts(election, (720,))[0])
        poll(url, tmp_path, election)
    request.getfixturevalue("mended")
    assert find_faults(tmp_path, []) == []
