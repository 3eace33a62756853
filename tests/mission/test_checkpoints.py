"""Flags are frozen at checkpoints: which one is due, who computes it, and what is remembered of a flag."""

import msgspec
import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from mission.flags.checkpoints import Checkpoint, CountProgress, is_wrong, next_checkpoint, progress_of
from mission.flags.flag import Flag, FlagKind, FlagSeverity
from mission.flags.records import FlagRecords, FlagRun, Moment
from mission.flags.screening import Screening, screen
from mission.flags.tables import checkpoints, frozen_flags
from mission.flags.thresholds import load_thresholds
from tally import moments
from tally.board import Board, Fact
from tally.changes import encode
from tally.keys import NATION
from tally.storage.store import Store
from tests.tally.makers import acta, count, fact, pending

LIMITS = load_thresholds()
NOW = moments.read("2026-06-08T02:12:03Z")
LATER = moments.read("2026-06-08T02:20:00Z")


def progress(counted: int, at_jee: int = 0, total: int = 1000) -> CountProgress:
    return CountProgress(counted, at_jee, total - counted - at_jee, total)


def frozen(name: str, state: CountProgress, number: int = 1) -> Checkpoint:
    return Checkpoint(id=number, name=name, seq=number, as_of="", frozen_at="", progress=state)


@pytest.mark.parametrize(
    ("counted", "expected"), [(0, None), (499, None), (500, "50"), (899, "75"), (999, "99"), (1000, "100")]
)
def test_the_highest_share_that_was_passed_is_due(counted: int, expected: str | None) -> None:
    assert next_checkpoint(progress(counted), [], LIMITS.checkpoints) == expected


def test_nothing_is_due_before_an_acta_is_known() -> None:
    assert next_checkpoint(progress(0, total=0), [], LIMITS.checkpoints) is None


def test_a_share_is_due_once_and_never_a_lower_one_afterwards() -> None:
    done = [frozen("75", progress(760))]
    assert next_checkpoint(progress(800), done, LIMITS.checkpoints) is None
    assert next_checkpoint(progress(600), done, LIMITS.checkpoints) is None
    assert next_checkpoint(progress(900), done, LIMITS.checkpoints) == "90"


def test_each_batch_from_the_juries_is_a_checkpoint_once_nothing_is_pending() -> None:
    limits = msgspec.structs.replace(LIMITS.checkpoints, jee_batch=10)
    done = [frozen("95", progress(950, 30))]
    assert next_checkpoint(progress(960, 30), done, limits) is None  # ten are pending
    assert next_checkpoint(progress(960, 40), done, limits) == "jee-40"
    done.append(frozen("jee-40", progress(960, 40), 2))
    assert next_checkpoint(progress(969, 31), done, limits) is None
    assert next_checkpoint(progress(970, 30), done, limits) == "jee-30"
    assert next_checkpoint(progress(1000), done, limits) == "100"


def test_progress_is_of_the_published_total_and_there_is_none_before_one_is_published() -> None:
    """A hundred mesas that happen to be known and counted are not the whole country."""
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), fact("000001", acta()), fact("000002", pending())])
    assert progress_of(encode(board.state(NATION))) is None
    board.apply([Fact(NATION, count(), "sha256:aa")])
    assert progress_of(encode(board.state(NATION))) == CountProgress(1, 0, 2, 3)


def test_a_checkpoint_of_too_small_a_total_proves_wrong_and_is_taken_again_at_its_share() -> None:
    """The source first named 100 actas, and 1,000 when a hold was released."""
    early = frozen("100", progress(100, total=100))
    assert not is_wrong(early, 100)
    assert is_wrong(early, 1000)
    assert next_checkpoint(progress(499), [early], LIMITS.checkpoints) is None
    assert next_checkpoint(progress(500), [early], LIMITS.checkpoints) == "50"
    assert next_checkpoint(progress(1000), [early], LIMITS.checkpoints) == "100-2"
    again = [early, frozen("100-2", progress(1000), 2)]
    assert next_checkpoint(progress(1000), again, LIMITS.checkpoints) is None
    assert next_checkpoint(progress(2000, total=2000), again, LIMITS.checkpoints) == "100-3"


def test_a_batch_of_the_juries_is_no_batch_while_more_actas_are_out_than_were_known() -> None:
    early = frozen("jee-40", progress(60, 40, total=100))
    assert not is_wrong(early, 100)
    assert is_wrong(early, 1000)
    done = [frozen("95", progress(950, 30)), early]
    assert next_checkpoint(progress(960, 40), done, LIMITS.checkpoints) == "jee-40-2"


def moment(name: str, seq: int = 7) -> Moment:
    return Moment(1, "epoch-a", name, seq, "2026-06-08T02:12:03Z", progress(500))


def found(*ids: str) -> Screening:
    flags = tuple(
        Flag(id=one, kind=FlagKind.SHARE, severity=FlagSeverity.REVIEW, key=f"mesa/{one[-6:]}", figures={"x": 7})
        for one in ids
    )
    return msgspec.structs.replace(screen({}, 2, (), LIMITS), flags=flags)


def test_of_two_servers_one_computes_a_checkpoint(any_store: Store) -> None:
    records = FlagRecords(any_store.engine)
    assert records.claim(moment("50"), "first", NOW)
    assert not records.claim(moment("50"), "second", NOW)
    assert records.claim(moment("50"), "first", NOW)
    assert records.claim(moment("75"), "second", NOW)
    # Whoever claimed it is gone: after a while another one does it.
    assert records.claim(moment("50"), "second", LATER)
    assert records.freeze(moment("50"), found("share-mesa-000001"), LATER)
    assert not records.freeze(moment("50"), found(), LATER)
    assert not records.claim(moment("50"), "first", LATER)
    assert [one.name for one in records.checkpoints(1, "epoch-a")] == ["50"]
    assert records.checkpoints(1, "epoch-b") == []


def test_what_was_frozen_is_read_back_and_told_with_its_history(any_store: Store) -> None:
    records = FlagRecords(any_store.engine)
    nights = {"50": found("share-mesa-000001", "share-mesa-000002"), "75": found("share-mesa-000002"), "90": found()}
    for name, screening in nights.items():
        assert records.freeze(moment(name), screening, NOW)
    states = records.checkpoints(1, "epoch-a")
    assert records.screening(states[0].id) == nights["50"]
    assert records.screening(states[2].id).flags == ()
    assert records.runs(states) == {
        "share-mesa-000001": FlagRun("50", "75"),
        "share-mesa-000002": FlagRun("50", "90"),
    }
    assert records.runs(states[:1]) == {
        "share-mesa-000001": FlagRun("50", None),
        "share-mesa-000002": FlagRun("50", None),
    }
    seen = records.sightings(states, key="mesa/000002")
    assert [(one.checkpoint.name, one.flag.id) for one in seen] == [
        ("50", "share-mesa-000002"),
        ("75", "share-mesa-000002"),
    ]
    assert [one.checkpoint.name for one in records.sightings(states, flag_id="share-mesa-000001")] == ["50"]


def test_a_flag_that_came_back_is_told_from_its_last_return(any_store: Store) -> None:
    records = FlagRecords(any_store.engine)
    for name, ids in (("50", ["share-mesa-000001"]), ("75", []), ("90", ["share-mesa-000001"])):
        records.freeze(moment(name), found(*ids), NOW)
    assert records.runs(records.checkpoints(1, "epoch-a"))["share-mesa-000001"] == FlagRun("90", None)


def test_the_database_itself_keeps_frozen_flags_as_they_are(any_store: Store) -> None:
    records = FlagRecords(any_store.engine)
    records.freeze(moment("50"), found("share-mesa-000001"), NOW)
    for table in (checkpoints, frozen_flags):
        with pytest.raises(DBAPIError, match="nothing is changed"), records.engine.begin() as connection:
            connection.execute(delete(table))
    with records.engine.connect() as connection:
        assert len(connection.execute(select(frozen_flags)).all()) == 1
