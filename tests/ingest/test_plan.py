"""The plan: who is asked next, and that nobody is asked twice for nothing."""

from ingest.feeds import ActaHead
from ingest.lines import TaskLines
from ingest.plan import Rank, ReadingPlan, Rechecks, Task
from ingest.tasks import AREAS, EVERY, TOTALS
from tally.board import Board, Fact
from tally.model import ActaState
from tests.tally.makers import acta, count, fact, pending, place

NAMES = [
    Fact(key, key)
    for key in ("nation", "scope/domestic", "department/14", "department/15", "province/1401", "province/1501")
]
DISTRICTS = [Fact("district/140101", "A"), Fact("district/140102", "B"), Fact("district/150101", "C")]


def a_board() -> Board:
    board = Board(2)
    board.apply([*NAMES, *DISTRICTS])
    return board


def drain(plan: ReadingPlan, now: float = 0.0) -> list[Task]:
    tasks = []
    while (task := plan.next(now)) is not None:
        tasks.append(task)
    return tasks


def head(mesa: str = "000001", **more: object) -> ActaHead:
    figures = {"code": "C", "state": ActaState.COUNTED, "cast": 106, "valid": 100, **more}
    return ActaHead(mesa, "140101", facts=(), **figures)


def test_a_cycle_begins_with_the_nation_alone() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=False)
    task = plan.next(0.0)
    assert task is not None
    assert (task.rank, task.key) == (Rank.NATION, "nation")


def test_a_nation_that_moved_sends_for_the_map_the_scopes_and_all_departments() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=False)
    nation = plan.next(0.0)
    assert nation is not None
    plan.done_area(nation, count(), 1.0)
    tasks = drain(plan, 1.0)
    assert [task.rank for task in tasks[:4]] == [Rank.MAP, Rank.TOP, Rank.TOP, Rank.TOP]
    assert {task.key for task in tasks[1:4]} == {"scope/domestic", "department/14", "department/15"}


def test_a_nation_that_did_not_move_sends_for_nothing_new() -> None:
    board = a_board()
    board.apply([Fact("nation", count())])
    plan = ReadingPlan(board)
    plan.begin_cycle(is_full=False)
    nation = plan.next(0.0)
    assert nation is not None
    plan.done_area(nation, count(), 1.0)
    assert {task.rank for task in drain(plan, 1.0)} <= {Rank.LIST}


def test_an_area_without_figures_is_asked_also_where_its_list_of_actas_was_read_before_the_map() -> None:
    board = a_board()
    plan = ReadingPlan(board)
    plan.begin_cycle(is_full=True)
    tasks = drain(plan)
    for task in tasks:
        if task.rank is Rank.LIST:
            plan.done_list(task, [], 1.0)
    plan.done_map(next(task for task in tasks if task.rank is Rank.MAP), {"province/1401": 1}, 2.0)
    assert {task.key for task in drain(plan, 2.0)} >= {fact.key for fact in DISTRICTS}


def test_the_map_sends_only_for_areas_whose_counted_actas_differ() -> None:
    board = a_board()
    board.apply([Fact("province/1401", count()), Fact("province/1501", count((1, 1)))])
    plan = ReadingPlan(board)
    plan.begin_cycle(is_full=True)
    by_rank = {task.rank: task for task in drain(plan)}
    plan.done_map(by_rank[Rank.MAP], {"province/1401": 2, "province/1501": 1, "district/140101": 2}, 1.0)
    moved = [task.key for task in drain(plan, 1.0) if task.rank is Rank.MOVED]
    assert sorted(moved) == ["district/140101", "province/1401"]


def test_a_district_whose_actas_add_up_to_its_figures_is_not_listed() -> None:
    board = a_board()
    same = count(at_jee=0, pending=0, total=1)
    board.apply([Fact("district/140101", same), place(), fact("000001", acta())])
    listed = {task.key for task in drain(ReadingPlan(board)) if task.rank is Rank.LIST}
    assert listed == {"district/140102", "district/150101"}


def test_only_actas_that_changed_are_read_again() -> None:
    board = a_board()
    board.apply([place(), fact("000001", acta()), fact("000002", acta())])
    plan = ReadingPlan(board)
    task = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(task, [head(), head("000002", cast=107), head("000003")], 1.0)
    due = [task.key for task in drain(plan, 1.0) if task.rank is Rank.ACTA]
    assert due == ["mesa/000002", "mesa/000003"]
    assert plan.actas_due == 2


def test_a_pending_acta_is_not_read_because_its_row_says_it_all() -> None:
    plan = ReadingPlan(a_board())
    task = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(task, [head(code="P", state=ActaState.PENDING)], 1.0)
    assert plan.actas_due == 0


def test_actas_are_all_read_again_if_listing_alone_did_not_bring_the_sums_together() -> None:
    board = a_board()
    board.apply([place(), fact("000001", acta())])
    plan = ReadingPlan(board, pace=Rechecks(recheck_s=100.0))
    area = Task(Rank.MOVED, -1.0, "district/140101")
    plan.done_area(area, count((99, 1), at_jee=0, pending=0, total=1), 1.0)
    board.apply([Fact("district/140101", count((99, 1), at_jee=0, pending=0, total=1))])
    plan.done_list(Task(Rank.LIST, -1.0, "district/140101"), [head()], 2.0)
    assert plan.actas_due == 0
    assert "district/140101" not in {task.key for task in drain(plan, 50.0)}
    again = next(task for task in drain(ReadingPlan(board)) if task.key == "district/140101")
    plan.done_list(again, [head()], 200.0)
    assert plan.actas_due == 1


def test_a_list_during_which_its_district_moved_is_read_again_at_once() -> None:
    board = a_board()
    board.apply([Fact("district/140101", count((99, 1), at_jee=0, pending=0, total=1))])
    plan = ReadingPlan(board)
    listing = next(task for task in drain(plan) if task.key == "district/140101" and task.rank is Rank.LIST)
    moved = count((199, 1), at_jee=0, pending=0, total=2)
    plan.done_area(Task(Rank.MOVED, -1.0, "district/140101"), moved, 5.0)
    board.apply([Fact("district/140101", moved)])
    plan.done_list(listing, [head(code="P", state=ActaState.PENDING)], 9.0)  # its first page was of before
    plan.begin_cycle(is_full=False)
    again = next(task for task in drain(plan, 10.0) if task.key == "district/140101")
    assert again.rank is Rank.LIST
    plan.done_list(again, [head()], 11.0)
    assert plan.actas_due == 1


def test_an_acta_that_was_read_and_waits_to_be_published_is_not_read_again_unless_its_row_says_more() -> None:
    waiting = {"mesa/000001", "mesa/000002"}
    plan = ReadingPlan(a_board(), unpublished=waiting)
    task = Task(Rank.LIST, -1.0, "district/140101")
    plan.done_list(task, [head(), head("000002")], 1.0)
    for mesa in sorted(waiting):
        plan.done_acta(Task(Rank.ACTA, -1.0, mesa), 2.0)
    assert plan.done_list(task, [head(), head("000002", cast=107)], 3.0) == ["mesa/000002"]


def test_a_district_whose_actas_are_still_being_read_is_not_listed_again_and_then_says_which_are() -> None:
    board, district = a_board(), "district/140101"
    plan = ReadingPlan(board, pace=Rechecks(recheck_s=100.0))
    stated = count((99, 1), at_jee=0, pending=0, total=2)
    plan.done_area(Task(Rank.MOVED, -1.0, district), stated, 1.0)
    board.apply([Fact(district, stated)])
    assert plan.done_list(Task(Rank.LIST, -1.0, district), [head(), head("000002")], 2.0) == []

    def is_listed(now: float) -> bool:
        return district in {task.key for task in drain(plan, now) if task.rank is Rank.LIST}

    assert not is_listed(500.0)
    for number, mesa in enumerate(("mesa/000001", "mesa/000002")):
        plan.done_acta(Task(Rank.ACTA, -1.0, mesa), 500.0 + number)
    assert not is_listed(600.0)
    plan.begin_cycle(is_full=False)
    assert is_listed(602.0)
    again = plan.done_list(Task(Rank.LIST, 2.0, district), [head(), head("000002")], 603.0)
    assert again == ["mesa/000001", "mesa/000002"]


def children_due(plan: ReadingPlan, now: float) -> list[Task]:
    return [task for task in drain(plan, now) if task.rank is Rank.CHILD]


def test_children_are_asked_when_they_do_not_add_up_to_a_parent_that_moved() -> None:
    board = a_board()
    board.apply([Fact("department/14", count((10, 10))), Fact("province/1401", count((9, 9)))])
    plan = ReadingPlan(board)
    [task] = children_due(plan, 1.0)  # neither was read in this process: a restart must not leave it behind for good
    plan.done_area(task, count((9, 9)), 1.0)
    plan.begin_cycle(is_full=False)
    assert children_due(plan, 2.0) == []
    plan.done_area(Task(Rank.TOP, -1.0, "department/14"), count((11, 11)), 5.0)
    board.apply([Fact("department/14", count((11, 11)))])
    plan.begin_cycle(is_full=False)
    assert [task.key for task in children_due(plan, 6.0)] == ["province/1401"]


def test_a_child_that_could_not_be_read_stays_due() -> None:
    board = a_board()
    board.apply([Fact("department/14", count((10, 10))), Fact("province/1401", count((9, 9)))])
    plan = ReadingPlan(board)
    for now in (1.0, 2.0):
        [task] = children_due(plan, now)
        plan.failed(task, now)
    [task] = children_due(plan, 3.0)
    plan.done_area(task, None, 3.0)
    assert children_due(plan, 4.0) == []  # it answered, but nothing usable: once a cycle is enough
    plan.begin_cycle(is_full=False)
    assert [task.key for task in children_due(plan, 5.0)] == ["province/1401"]


def test_whoever_is_stalest_comes_first() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=True)
    tasks = {task.key: task for task in drain(plan)}
    plan.failed(tasks["department/14"], 10.0)
    plan.failed(tasks["department/15"], 5.0)
    plan.begin_cycle(is_full=True)
    order = [task.key for task in drain(plan, 11.0) if task.rank is Rank.TOP]
    assert order == ["department/15", "department/14"]


def test_a_task_that_is_running_or_was_just_made_is_not_given_out_again() -> None:
    board = a_board()
    plan = ReadingPlan(board)
    task = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(task, [head(), head("000002")], 1.0)
    first = plan.next(1.0)
    assert first is not None
    assert first.rank is Rank.ACTA
    plan.done_acta(first, 2.0)
    assert [task.key for task in drain(plan, 2.0)] == ["mesa/000002"]
    assert not plan.is_idle


def test_a_failed_reading_stays_due() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=False)
    task = plan.next(0.0)
    assert task is not None
    plan.failed(task, 1.0)
    plan.begin_cycle(is_full=False)
    again = plan.next(2.0)
    assert again is not None
    assert again.key == "nation"


def silent(mesa: str = "000001") -> ActaHead:
    """A row of a list that does not tell its acta's state."""
    return ActaHead(mesa, "140101", code="1", state=None, cast=None, valid=None, facts=())


def test_a_source_without_a_map_has_its_areas_read_before_its_actas() -> None:
    board = a_board()
    plan = ReadingPlan(board)
    plan.begin_cycle(is_full=True)
    by_rank = {task.rank: task for task in drain(plan)}
    plan.done_map(by_rank[Rank.MAP], None, 1.0)
    moved = {task.key for task in drain(plan, 1.0) if task.rank is Rank.MOVED}
    assert moved == {"province/1401", "province/1501", "district/140101", "district/140102", "district/150101"}


def test_without_a_map_children_that_do_not_add_up_come_before_actas_too() -> None:
    board = a_board()
    board.apply([Fact("department/14", count((11, 11))), Fact("province/1401", count((9, 9)))])
    plan = ReadingPlan(board)
    plan.done_map(Task(Rank.MAP, -1.0, ""), None, 0.0)
    plan.done_area(Task(Rank.TOP, -1.0, "department/14"), count((12, 12)), 5.0)
    assert ("province/1401", Rank.MOVED) in {(task.key, task.rank) for task in drain(plan, 6.0)}


def test_the_actas_of_a_listed_district_come_before_the_next_list() -> None:
    plan = ReadingPlan(a_board())
    first = next(task for task in drain(plan) if task.rank is Rank.LIST)
    plan.done_list(first, [silent()], 1.0)
    plan.failed(Task(Rank.LIST, -1.0, "district/140102"), 1.0)
    plan.begin_cycle(is_full=False)
    ranks = [task.rank for task in drain(plan, 2.0) if task.rank in (Rank.ACTA, Rank.LIST)]
    assert ranks == [Rank.ACTA, Rank.LIST]


def test_where_lists_tell_no_states_only_actas_that_may_still_change_are_read_again() -> None:
    board = a_board()
    at_jee = acta(state=ActaState.AT_JEE, code="E")
    board.apply([place(), fact("000001", acta()), fact("000002", at_jee), fact("000003", pending())])
    plan = ReadingPlan(board)
    task = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(task, [silent(f"00000{n}") for n in (1, 2, 3, 4)], 1.0)
    due = {task.key for task in drain(plan, 1.0) if task.rank is Rank.ACTA}
    assert due == {"mesa/000002", "mesa/000003", "mesa/000004"}


def test_where_lists_tell_no_states_a_district_that_went_back_has_all_its_actas_read_again() -> None:
    board = a_board()
    board.apply([Fact("district/140101", count((59, 40), total=3)), place(), fact("000001", acta())])
    plan = ReadingPlan(board)
    task = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(task, [silent()], 1.0)
    assert plan.actas_due == 1


def test_a_doubtful_value_is_looked_at_again_after_a_while() -> None:
    board = a_board()
    board.apply([place(), fact("000001", acta())])
    plan = ReadingPlan(board, {"mesa/000001": None, "department/14": None}, Rechecks(confirm_s=5.0))
    doubtful = {task.key: task for task in drain(plan, 5.0) if task.rank in (Rank.ACTA, Rank.TOP)}
    assert doubtful.keys() == {"mesa/000001", "department/14"}
    assert plan.head("mesa/000001").mesa == "000001"
    for task in doubtful.values():
        plan.failed(task, 10.0)
    assert not {"mesa/000001", "department/14"} & {task.key for task in drain(plan, 14.0)}
    assert {"mesa/000001", "department/14"} <= {task.key for task in drain(plan, 15.0)}


def test_while_areas_keep_moving_one_reading_in_four_is_for_actas() -> None:
    board = Board(2)
    board.apply([*NAMES, *(Fact(f"district/14010{n}", "D") for n in range(8))])
    plan = ReadingPlan(board)
    plan.begin_cycle(is_full=True)
    by_rank = {task.rank: task for task in drain(plan)}
    plan.done_map(by_rank[Rank.MAP], {f"district/14010{n}": 1 for n in range(8)}, 1.0)
    for key in (f"district/14010{n}" for n in range(8)):
        plan.failed(Task(Rank.LIST, -1.0, key), 1.0)  # the lists are still due
    ranks = [task.rank for task in drain(plan, 1.0) if task.rank in (Rank.MOVED, Rank.LIST)]
    assert ranks[:8].count(Rank.LIST) == 2


def test_an_area_whose_last_value_is_not_published_yet_is_not_asked_again() -> None:
    unpublished = {"department/14"}
    plan = ReadingPlan(a_board(), unpublished=unpublished)
    plan.begin_cycle(is_full=True)
    assert {task.key for task in drain(plan) if task.rank is Rank.TOP} == {"department/15", "scope/domestic"}
    unpublished.clear()
    assert [task.key for task in drain(plan)] == ["department/14"]


def test_the_nation_is_asked_in_every_cycle_also_while_its_last_value_waits_to_be_stored() -> None:
    plan = ReadingPlan(a_board(), unpublished={"nation"})
    for now in (1.0, 2.0, 3.0):
        plan.begin_cycle(is_full=False)
        task = next(task for task in drain(plan, now) if task.rank is Rank.NATION)
        plan.done_area(task, count((int(now), 0)), now)


def test_while_all_readings_are_under_way_nothing_but_the_nation_is_given_out() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=True)
    nation = plan.next(1.0, TOTALS)
    assert nation is not None
    assert nation.rank is Rank.NATION
    assert plan.next(1.0, TOTALS) is None
    assert plan.next(1.0) is not None


def test_while_mesas_wait_to_be_stored_areas_are_read_and_no_more_mesas() -> None:
    plan = ReadingPlan(a_board())
    plan.begin_cycle(is_full=True)
    ranks = set()
    while (task := plan.next(1.0, AREAS)) is not None:
        ranks.add(task.rank)
    assert ranks == {Rank.NATION, Rank.MAP, Rank.TOP}
    assert {task.rank for task in drain(plan, 1.0)} == {Rank.LIST}


def set_back(plan: ReadingPlan, key: str, now: float) -> None:
    """The task of that key is given out, and gives nothing usable."""
    task = next(task for task in drain(plan, now) if task.key == key)
    plan.set_back(task, now)


def due(plan: ReadingPlan, key: str, now: float) -> bool:
    """Whether that reading would be made; it is not."""
    given = drain(plan, now)
    for task in given:
        plan.failed(task, now)
    return key in {task.key for task in given}


def test_a_bad_list_is_asked_again_within_a_minute_and_then_ever_more_rarely() -> None:
    plan = ReadingPlan(a_board())
    set_back(plan, "district/140101", 0.0)
    assert not due(plan, "district/140101", 19.0)
    assert due(plan, "district/140101", 21.0)
    for times in range(1, 12):
        set_back(plan, "district/140101", 1e4 * times)
    assert not due(plan, "district/140101", 110_000.0 + 899)
    assert due(plan, "district/140101", 110_000.0 + 901)


def test_a_bad_acta_and_a_bad_area_stay_due_too_and_a_full_cycle_tries_all_again() -> None:
    board = a_board()
    board.apply([Fact("department/14", count()), place(), fact("000001", acta())])
    plan = ReadingPlan(board)
    listed = next(task for task in drain(plan) if task.key == "district/140101")
    plan.done_list(listed, [head(cast=107)], 1.0)
    plan.done_map(Task(Rank.MAP, -1.0, ""), {"province/1401": 9}, 1.0)
    set_back(plan, "mesa/000001", 1.0)
    plan.failed(Task(Rank.MOVED, -1.0, "province/1401"), 1.0)
    set_back(plan, "province/1401", 1.0)
    for key in ("mesa/000001", "province/1401"):
        assert not due(plan, key, 20.0)
        assert due(plan, key, 22.0)
    plan.begin_cycle(is_full=True)
    set_back(plan, "mesa/000001", 23.0)
    assert not due(plan, "mesa/000001", 24.0)
    plan.begin_cycle(is_full=True)
    assert due(plan, "mesa/000001", 25.0)


def test_a_nation_that_could_not_be_read_is_asked_again_in_the_next_cycle() -> None:
    plan = ReadingPlan(a_board())
    for now in (1.0, 2.0):
        plan.begin_cycle(is_full=False)
        set_back(plan, "nation", now)
        assert not due(plan, "nation", now)


def test_an_area_of_which_nothing_is_counted_does_not_wait_for_all_actas() -> None:
    lines = TaskLines(4)
    actas = [Task(Rank.ACTA, float(number), f"mesa/{number:06}") for number in range(20)]
    lines.fill([*actas, Task(Rank.CHILD, -1.0, "district/080613")])
    taken = [lines.take(EVERY, lambda _: True) for _ in range(4)]
    assert [task.rank for task in taken if task is not None] == [Rank.ACTA] * 3 + [Rank.CHILD]
