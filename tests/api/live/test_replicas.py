"""Past one machine: a client may change replicas, a replica may die, the database may go away, and nothing is lost."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from tally.changes import digest, snapshot
from tally.storage.store import Store
from tests.api.live.follower import Follower, connected
from tests.api.live.replicas import BASE, ELECTION, Replicas, replicas_of
from tests.api.live.restoring import restore_in_mid_count
from tests.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.nginx, pytest.mark.long]
TOPICS = ("nation", "provinces", "districts")
QUERY = "&".join(f"topic={topic}" for topic in TOPICS)
AWAY_S = 5.0


@pytest.fixture(scope="module")
def stack(postgres_binaries: Path, nginx: str) -> Iterator[Replicas]:
    folder = Path(tempfile.mkdtemp(prefix="escrutinio-replicas-"))
    try:
        with replicas_of(folder, postgres_binaries, nginx, mesas=1600) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def follow(address: str) -> Iterator[Follower]:
    with connected(address, BASE) as client:
        yield client


def begin(client: Follower) -> None:
    client.subscribe(*TOPICS)
    client.next("hello")
    client.next("snap")


def resume(client: Follower, earlier: Follower) -> None:
    """Go on where an earlier socket ended; a snapshot instead would be a gap, and so would a wrong `prev`."""
    client.stand(earlier.epoch, earlier.seq, dict(earlier.state))
    client.subscribe(*TOPICS, epoch=earlier.epoch, since=earlier.seq)
    assert client.next("hello")["epoch"] == earlier.epoch


def follow_for(client: Follower, deltas: int, timeout: float = 20.0) -> None:
    for _ in range(deltas):
        client.next("delta", timeout)


def log_hash(stack: Replicas, seq: int) -> str:
    """What the log itself says the state of TOPICS was at that version."""
    store = Store.open(stack.cluster.url)
    try:
        entries = store.latest(store.info(ELECTION.id).id, seq=seq)
    finally:
        store.close()
    return digest(snapshot(entries, [key for key in entries if not key.startswith(("place/", "mesa/"))]))


class Reader:
    """Somebody who reads the state through the proxy all the time; `failures` is what was not a good answer."""

    def __init__(self, address: str) -> None:
        self.answers, self.failures = 0, list[str]()
        self._url = f"http://{address}{BASE}/state?{QUERY}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        with httpx.Client(timeout=PATIENCE_S) as client:
            while not self._stop.wait(0.05):
                try:
                    status = str(client.get(self._url).status_code)
                except httpx.HTTPError as error:
                    status = repr(error)
                self.answers += 1
                if status != "200":
                    self.failures.append(status)


def move_a_client(stack: Replicas) -> None:
    """A client follows one replica, then the other, then the first again."""
    one, other = stack.replicas
    with follow(one.address) as first:
        begin(first)
        follow_for(first, 2)
    left = first.seq
    wait_until(lambda: stack.seq(other) >= left + 2)
    with follow(other.address) as second:
        resume(second, first)
        follow_for(second, 2)
    assert second.hash == log_hash(stack, second.seq)
    with follow(one.address) as third:
        resume(third, second)
        follow_for(third, 1)
    assert third.hash == log_hash(stack, third.seq)


def test_a_client_moved_to_the_other_replica_goes_on_without_a_gap(stack: Replicas) -> None:
    move_a_client(stack)


def rejoin(address: str, earlier: Follower) -> Any:
    """A new socket through the proxy, tried until one is accepted, as a browser does."""
    end = time.monotonic() + PATIENCE_S
    while True:
        context = follow(address)
        try:
            client = context.__enter__()
        except (OSError, InvalidStatus, InvalidMessage):
            assert time.monotonic() < end, "nobody takes the client back"
            time.sleep(0.1)
        else:
            resume(client, earlier)
            return context, client


def kill_a_replica(stack: Replicas) -> int:
    """The replica that serves a client dies and comes back. Returns: how many reads went well; none failed."""
    with Reader(stack.address) as reader:
        with follow(stack.address) as first:
            begin(first)
            follow_for(first, 1)
            serving = next(replica for replica in stack.replicas if replica.metric("subscribers") == 1)
            serving.kill()
            with pytest.raises(ConnectionClosed):
                follow_for(first, 1000)
        context, second = rejoin(stack.address, first)
        try:
            follow_for(second, 3)
        finally:
            context.__exit__(None, None, None)
        assert second.hash == log_hash(stack, second.seq)
        survivor = next(replica for replica in stack.replicas if replica is not serving)
        answer = httpx.get(f"http://{survivor.address}{BASE}/state/{second.seq}?{QUERY}").json()
        assert (answer["seq"], answer["hash"]) == (second.seq, second.hash)
    assert reader.failures == []
    assert reader.answers > 20
    serving.start()
    wait_until(lambda: stack.seq(serving) >= second.seq)
    again = httpx.get(f"http://{serving.address}{BASE}/state/{second.seq}?{QUERY}").json()
    assert again["hash"] == second.hash
    return reader.answers


def test_a_replica_that_is_killed_loses_nothing(stack: Replicas) -> None:
    kill_a_replica(stack)


def is_away(meta: dict[str, Any]) -> bool:
    return meta["feed"]["state"] == "down" and meta["feed"]["note"] == "away"


class Absence(Struct):
    """What the database's absence was like: reads that went well, seconds until it was told, and until it was over."""

    reads: int
    told_s: float
    back_s: float


def lose_the_database(stack: Replicas, away_s: float) -> Absence:
    """The database goes away for a while under load; reads go on, and the client is given what comes after."""
    with Reader(stack.address) as reader, follow(stack.address) as client:
        begin(client)
        follow_for(client, 1)
        # Whichever replica answers: one may have heard less than the other when the database goes.
        before = min(stack.seq(replica) for replica in stack.replicas)
        stack.cluster.stop()
        stopped = time.monotonic()
        for replica in stack.replicas:
            wait_until(lambda one=replica: is_away(one.meta()))
            assert replica.metric("database_up") == 0
        wait_until(lambda: is_away(httpx.get(f"http://{stack.address}{BASE}").json()))
        told = time.monotonic() - stopped
        time.sleep(max(0.0, away_s - (time.monotonic() - stopped)))
        state = httpx.get(f"http://{stack.address}{BASE}/state?{QUERY}").json()
        assert state["seq"] >= before
        stack.cluster.start()
        back = time.monotonic()
        last = max(client.seq, state["seq"])
        while client.seq <= last:
            client.next("delta")
        took = time.monotonic() - back
        for replica in stack.replicas:
            wait_until(lambda one=replica: one.meta()["feed"]["state"] == "ok")
            wait_until(lambda one=replica: one.metric("database_listening") == 1)
        follow_for(client, 2)
    assert reader.failures == []
    assert client.hash == log_hash(stack, client.seq)
    assert stack.poller.is_running, stack.poller.log.read_text()
    return Absence(reader.answers, told, took)


def test_reads_go_on_while_the_database_is_away_and_it_recovers_alone(stack: Replicas) -> None:
    assert lose_the_database(stack, AWAY_S).back_s < 20


# What is asked of the log or of the mission; some of it by every page that is open.
STORED = (
    *(f"{BASE}/{name}?key=nation" for name in ("timeline", "why")),
    *(f"{BASE}/{name}" for name in ("incidents", "corrections", "mesas/000001")),
    *("/mesa/000001", "/corrections", "/api/v1/mission/summary"),
)
TOLD = {
    "our database: it does not answer",
    "too much is being worked out already; try again in a moment",
    "this takes too long just now; try again in a moment",
}


def ask_of(stack: Replicas, path: str) -> httpx.Response:
    return httpx.get(f"http://{stack.address}{path}", timeout=2 * PATIENCE_S)


def test_a_database_that_hangs_holds_up_nobody_who_does_not_ask_it(stack: Replicas) -> None:
    with Reader(stack.address) as reader, follow(stack.address) as client, ThreadPoolExecutor(64) as visitors:
        begin(client)
        follow_for(client, 1)
        with stack.cluster.hanging():
            asked = [visitors.submit(ask_of, stack, path) for path in STORED * 8]
            for replica in stack.replicas:
                wait_until(lambda one=replica: is_away(one.meta()))
            wait_until(lambda: is_away(ask_of(stack, BASE).json()))
            told = [one.result() for one in asked]
            known = [ask_of(stack, f"{path}?lang=en") for path in ("/", "/area/department/14", "/embed/v1/bar")]
            last = client.seq
        while client.seq <= last:
            client.next("delta")
        for path in ("corrections", "mesas/000001"):
            wait_until(lambda one=path: ask_of(stack, f"{BASE}/{one}").status_code == 200)
        for replica in stack.replicas:
            wait_until(lambda one=replica: one.meta()["feed"]["state"] == "ok")
    assert {(one.status_code, one.headers.get("x-copy")) for one in known} == {(200, None)}
    assert reader.failures == []
    assert {one.status_code for one in told} == {503}
    # Never that no replica answers: both do.
    assert {one.json()["detail"] for one in told if "problem" in one.headers["content-type"]} <= TOLD


def test_a_restore_in_mid_count_shows_nobody_a_number_of_the_other_history(stack: Replicas) -> None:
    seen = restore_in_mid_count(stack, sockets=6)
    assert (seen.foreign, seen.lost) == (0, 0)
    assert seen.taken_back >= 3
    assert seen.back_s <= 10
    assert seen.held > seen.sockets * 6
