"""Pictures drawn in processes of their own: within limits, without our secrets, and again after one has ended."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from mission.incidents import redrawing
from mission.incidents.photos import MOST_PIXELS, redraw
from mission.incidents.redrawing import Redrawing
from tally.errors import InvalidInput, StoreUnavailable
from tests.mission.pictures import draw, encode

PICTURE = encode(draw(), "PNG")


@pytest.fixture
def drawing() -> Iterator[Redrawing]:
    drawing = Redrawing()
    yield drawing
    drawing.close()


def process_of(drawing: Redrawing) -> int:
    """The one that is running."""
    [running] = [one._process for one in drawing._all if one._process is not None]
    return running.pid


def test_the_process_draws_what_the_function_draws_and_refuses_what_it_refuses(drawing: Redrawing) -> None:
    assert drawing.redraw(PICTURE) == redraw(PICTURE)
    with pytest.raises(InvalidInput, match="a JPEG, PNG or WebP picture is taken here"):
        drawing.redraw(b"no picture")
    assert drawing.redraw(PICTURE) == redraw(PICTURE)


def test_a_costly_picture_costs_whoever_serves_next_to_nothing(drawing: Redrawing) -> None:
    side = int(MOST_PIXELS["PNG"] ** 0.5)
    costly = encode(draw((side, side)), "PNG")
    assert len(costly) < 100_000
    drawing.redraw(PICTURE)
    own, before = time.thread_time(), cpu_of(process_of(drawing))
    assert drawing.redraw(costly).width == 3072
    assert 5 * (time.thread_time() - own) < cpu_of(process_of(drawing)) - before


def cpu_of(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_it_has_a_bound_of_memory_writes_no_file_and_knows_no_secret(
    drawing: Redrawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCRUTINIO_RELAY_TOKEN", "not for those who read pictures")
    drawing.redraw(PICTURE)
    pid = process_of(drawing)
    memory = redrawing.LIMITS.memory_mb * 1024 * 1024
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (memory, memory)
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)
    assert resource.prlimit(pid, resource.RLIMIT_CPU)[0] <= redrawing.LIMITS.cpu_s + 10
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    assert b"ESCRUTINIO_" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_is_drawn(
    drawing: Redrawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "LIMITS", structs.replace(redrawing.LIMITS, wall_s=0))
    with pytest.raises(InvalidInput, match="takes more to draw"):
        drawing.redraw(PICTURE)
    monkeypatch.undo()
    assert drawing.redraw(PICTURE) == redraw(PICTURE)


@pytest.mark.parametrize("ending", [signal.SIGXCPU, signal.SIGSEGV, signal.SIGKILL])
def test_a_process_that_was_ended_is_started_again(drawing: Redrawing, ending: signal.Signals) -> None:
    drawing.redraw(PICTURE)
    ended = process_of(drawing)
    os.kill(ended, ending)
    assert any(drawn(drawing) for _ in range(2))
    assert process_of(drawing) != ended


def drawn(drawing: Redrawing) -> bool:
    try:
        return drawing.redraw(PICTURE).width > 0
    except InvalidInput:  # it ended under this very picture
        return False


def test_where_no_process_can_be_started_nobody_is_told_that_their_picture_is_bad(
    drawing: Redrawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("/nonexistent", "/bin/false"):
        monkeypatch.setattr("sys.executable", program)
        with pytest.raises(StoreUnavailable) as away:
            drawing.redraw(PICTURE)
        assert "try again" in away.value.public
