"""When a database is silent, and when it is only slow."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait
from sqlalchemy import QueuePool, text

from tally.errors import StoreUnavailable
from tally.storage.database import connect, transaction
from tally.storage.silence import Silence, give_up_on_silence
from tests import postgres
from tests.waiting import wait_until

_SILENT_S = 0.2


def question() -> PQGen[str]:
    """A question to a server, and its answer once something was heard of it."""
    while (yield Wait.RW) is not Ready.R:
        pass
    return "the answer"


def answered(waiting: PQGen[str]) -> str:
    next(waiting)
    with pytest.raises(StopIteration) as ended:
        waiting.send(Ready.R)
    return str(ended.value.value)


def test_for_as_long_as_others_are_answered_it_is_only_slow() -> None:
    silence, pause = Silence(_SILENT_S), threading.Event()
    slow = silence.end(question())
    next(slow)
    for _ in range(8):
        pause.wait(_SILENT_S / 4)
        assert answered(silence.end(question())) == "the answer"
        slow.send(Ready.NONE)
    silence.check()


@pytest.mark.postgres
def test_one_that_hangs_is_given_up_then_not_asked_at_all_and_asked_again_once_it_is_back(
    tmp_path: Path, postgres_binaries: Path
) -> None:
    cluster = postgres.Cluster(tmp_path, postgres_binaries)
    cluster.start()
    engine = connect(cluster.url)
    give_up_on_silence(engine, _SILENT_S)

    def ask() -> bool:
        with transaction(engine) as connection:
            return connection.execute(text("SELECT 1")).scalar_one() == 1

    try:
        assert ask()
        with cluster.hanging():
            for _ in range(2):
                with pytest.raises(StoreUnavailable) as told:
                    ask()
                assert told.value.public == "our database: it does not answer"
            assert isinstance(engine.pool, QueuePool)
            assert engine.pool.checkedout() == 0
        wait_until(lambda: _succeeds(ask))
    finally:
        engine.dispose()
        cluster.stop()


def _succeeds(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except StoreUnavailable:
        return False
