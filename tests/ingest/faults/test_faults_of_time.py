"""What is promised of a source whose time is out of joint: old copies, counts that fall or stand still, odd stamps."""

from datetime import UTC, datetime

import msgspec

from ingest.rehearsal.faults.exchange import Application, Message, Receive, Send, question_of
from ingest.rehearsal.feed import closing
from tally.changes import Kind
from tally.model import AreaState
from tests.ingest.faults.drill import EARLY, LATE, Drill, assert_whole, build_country, figures


class TwoEdges:
    """Every second asking of one question lands on an edge with an old copy, the others on a fresh one."""

    def __init__(self, stale: Application, fresh: Application) -> None:
        self.stale, self.fresh = stale, fresh
        self.asked: dict[object, int] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        question = question_of(scope)
        self.asked[question] = self.asked.get(question, 0) + 1
        await (self.stale if self.asked[question] % 2 else self.fresh)(scope, receive, send)


def test_a_stale_edge_never_replaces_newer_figures_with_older_ones(drill: Drill) -> None:
    drill.step_to(EARLY)
    drill.order("stale-edge:1@1s")
    stale = drill.source
    early = drill.poll()
    drill.hours.now += 1
    drill.step_to(LATE)
    truth = drill.learn_truth()
    drill.recover()
    drill.poll()
    drill.announced.clear()
    edges = TwoEdges(stale, drill.app)
    drill.source = edges
    board = drill.poll()
    assert_whole(board, truth)
    assert early.published["nation"].counted < 40
    assert [change.key for changes in drill.announced for change in changes.changes] == []
    assert max(edges.asked.values()) > 2


def test_a_decrease_seen_twice_is_published_as_a_correction_and_taken_back_when_it_ends(drill: Drill) -> None:
    drill.step_to(LATE)
    drill.order("decrease@1s")
    before = drill.poll()
    drill.hours.now += 1
    drill.announced.clear()
    after = drill.poll()
    [fallen] = [key for key in before.published if figures(after)[key] != figures(before)[key]]
    assert after.published[fallen].counted < before.published[fallen].counted
    [correction] = [change for changes in drill.announced for change in changes.changes if change.key == fallen]
    assert correction.kind is Kind.CORRECTION
    assert msgspec.json.decode(correction.data, type=AreaState).published == after.published[fallen]
    assert after.actas == before.actas
    drill.recover()
    assert_whole(drill.poll(), before)


def test_a_frozen_count_changes_nothing_and_is_read_whole_when_it_moves(drill: Drill) -> None:
    began = datetime(2026, 10, 1, tzinfo=UTC)
    real = [began]
    drill.app = build_country(drill.election, drill.folder / "mesas.csv", speed=1.0, now=lambda: real[0])
    real[0] = began + EARLY
    early = drill.learn_truth()
    drill.order("freeze:60s@0s")
    assert_whole(drill.poll(), early)
    before = drill.store.info(drill.election.id).seq
    real[0] = began + LATE
    assert_whole(drill.poll(), early)
    assert drill.store.info(drill.election.id).seq == before
    drill.hours.now += 60
    late = drill.poll()
    assert_whole(late, drill.learn_truth())
    assert late.published["nation"].counted == 40 > early.published["nation"].counted


def test_a_future_stamp_never_makes_later_true_ones_look_old(drill: Drill) -> None:
    drill.step_to(EARLY)
    drill.order("clock-skew:1@0s")
    drill.poll()
    stamps = {count.source_at or "" for count in drill.poll().published.values()}
    assert min(stamps) < closing(drill.election).isoformat() < "2030" < max(stamps)
    drill.recover()
    drill.step_to(LATE)
    truth = drill.learn_truth()
    board = drill.poll()
    assert_whole(board, truth)
    assert board.published == truth.published
