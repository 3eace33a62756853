"""What is sealed under an epoch that a restore ended: a note where log and history agree, a fault where they do not."""

from pathlib import Path

import pytest

from ingest.log import Mark
from ingest.packs.lookup import Packs
from ingest.proof.evidence import ArchiveContents
from ingest.proof.history import CountHistory
from ingest.proof.marks import check_marks, tell_restores
from tally.model import FeedState
from tally.storage.former_epochs import FormerEpoch
from tally.storage.store import CountInfo, FeedStatus

_AT = "2026-06-08T0{}:00:00Z"
_INFO = CountInfo(1, "run-off", "president", "third", 4, False, _AT.format(0), FeedStatus(FeedState.OK))
_HISTORY = CountHistory(_INFO, chains={0: "", 1: "a", 2: "b", 3: "c", 4: "d"})
_FORMER = [
    FormerEpoch("first", "run-off", "president", 2, _AT.format(1)),
    FormerEpoch("second", "run-off", "president", 3, _AT.format(2)),
]
# (epoch, version, hash of the history) as sealed, in the log's order
_SEALED = [
    ("first", 2, "b"),
    ("first", 9, "z"),
    ("second", 2, "b"),
    ("second", 3, "c"),
    ("third", 3, "c"),
    ("third", 4, "d"),
]


def archive(*sealed: tuple[str, int, str]) -> ArchiveContents:
    marks = [(n, Mark(_AT.format(0), "run-off", "president", *one)) for n, one in enumerate(sealed)]
    return ArchiveContents(Path(), Packs(Path()), marks=marks)


def test_what_a_restore_took_back_is_told_and_is_no_fault() -> None:
    evidence = archive(*_SEALED)
    assert check_marks(evidence, [_HISTORY], _FORMER) == []
    first, second = tell_restores(evidence, _FORMER)
    assert "former epoch first was ended by a restore, on 2026-06-08T01:00:00Z at version 2; versions up to 9 " in first
    assert second.endswith("at version 3")


@pytest.mark.parametrize(
    ("sealed", "told"),
    [
        ([("first", 2, "x"), *_SEALED[1:]], "log line 1 seals version 2 of run-off, but the database has another"),
        (
            [*_SEALED, ("first", 9, "z")],
            "log line 7 seals version 9 of run-off under the former epoch first, after anot",
        ),
        ([*_SEALED[3:4], *_SEALED[:2], *_SEALED[4:]], "under the former epoch first, after another one"),
        ([*_SEALED, ("fourth", 1, "a")], "history fourth, which the database does not have"),
        ([*_SEALED, ("third", 5, "e")], "log line 7 seals version 5 of run-off, which the database does not have"),
    ],
)
def test_what_log_or_history_contradict_is_a_fault(sealed: list[tuple[str, int, str]], told: str) -> None:
    faults = check_marks(archive(*sealed), [_HISTORY], _FORMER)
    assert any(told in fault for fault in faults), faults


def test_without_a_word_of_the_restore_every_line_of_a_former_epoch_is_a_fault() -> None:
    assert len(check_marks(archive(*_SEALED), [_HISTORY])) == 4
