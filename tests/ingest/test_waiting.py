"""The backlog between reading and storing: bounded by the keys there are, and in the order of what they are."""

from ingest.backlog import Backlog
from tally.board import Fact
from tests.tally.makers import acta, count, fact, place


def test_of_one_key_only_the_newest_value_waits_and_it_keeps_its_turn() -> None:
    backlog = Backlog()
    for votes in range(100):
        backlog.put([Fact("department/14", count((votes, 0)), f"sha256:{votes}")])
        backlog.put([fact("000001", acta()), fact("000002", acta())])
    assert len(backlog) == 3
    assert backlog.keys == {"department/14": 1, "mesa/000001": 1, "mesa/000002": 1}
    assert [(one.key, one.src) for one in backlog.take(2)] == [
        ("department/14", "sha256:99"),
        ("mesa/000001", "sha256:aa"),
    ]
    assert backlog.oldest == 2
    assert [one.key for one in backlog.take(2)] == ["mesa/000002"]
    assert (len(backlog), backlog.oldest) == (0, 201)
    assert not backlog.keys


def test_one_change_set_takes_a_key_from_one_reading_only() -> None:
    backlog = Backlog()
    backlog.put([Fact("nation", "TODOS", "sha256:n"), place(name="A"), place(name="B")])
    backlog.put([Fact("nation", count(), "sha256:c")])
    first = [(one.key, one.src) for one in backlog.take(100)]
    assert first == [("nation", "sha256:n"), ("place/0001", "sha256:pp"), ("place/0001", "sha256:pp")]
    assert [one.src for one in backlog.take(100)] == ["sha256:c"]


def test_it_is_full_of_mesas_never_of_areas() -> None:
    backlog = Backlog()
    backlog.put([Fact(f"district/{number:06}", count()) for number in range(100_000, 120_000)])
    assert not backlog.is_full
    backlog.put([fact(f"{number:06}", acta()) for number in range(10_000)])
    assert backlog.is_full
