"""Whatever happens between them: client == server == fold(log), over socket, events and polling."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.api.live.travellers import FAULTS
from tests.api.live.world import STEPS, World

_PLAIN = sorted(STEPS.keys() - {"deliver", "poll", "flood"})
_FAULTS = st.sampled_from([None, *FAULTS])


class Transports(RuleBasedStateMachine):
    """Steps in any order. The soak walks through the same world, for longer."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self._folder.name), 1)

    @rule(fault=_FAULTS)
    def deliver(self, fault: str | None) -> None:
        self.world.deliver(fault)

    @rule(fault=_FAULTS)
    def poll(self, fault: str | None) -> None:
        self.world.poll(fault)

    @rule(step=st.sampled_from(_PLAIN))
    def happen(self, step: str) -> None:
        getattr(self.world, step)()

    @rule()
    def move_on(self) -> None:
        for step in ("publish", "correct", "tail"):
            getattr(self.world, step)()

    @rule()
    def trim_the_ring(self) -> None:
        self.world.flood()

    def teardown(self) -> None:
        self.world.check()
        self.world.close()
        self._folder.cleanup()


TestTransports = Transports.TestCase
TestTransports.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, 1)
    world.check()
    for traveller in world.travellers:
        traveller.asked.clear()
    yield world
    world.close()


def test_what_was_lost_is_found_in_the_changes_alone(world: World) -> None:
    for fault in ("lose", None):
        world.publish()
        world.tail()
        world.deliver(fault)
    world.check()
    for traveller in (world.socket, world.stream):
        assert traveller.asked == {"healed": 1, "changes": 1}


def test_who_stood_before_the_ring_is_given_a_state_and_told_of_the_corrections_in_between(world: World) -> None:
    stood = world.socket.replica.seq
    for traveller in (world.socket, world.stream):
        world.drop(traveller)
    world.publish()
    world.correct()
    world.flood()
    assert world.live.ring.floor > stood
    world.check()
    for traveller in (world.socket, world.stream):
        assert traveller.asked["changes"] > 0


def test_who_does_not_read_is_let_go_and_comes_back(world: World) -> None:
    world.stall(world.socket)
    for _ in range(6):
        world.publish()
        world.tail()
    assert world.socket.wire is not None
    assert world.socket.wire.is_paused
    world.wait(6)
    assert world.socket.is_gone
    world.check()
    assert world.socket.byes == 1


class Overheard(World):
    """A world that remembers what its clients asked for."""

    asked: list[str]

    async def _ask(self, address: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(address)
        return await super()._ask(address, headers)


@pytest.mark.parametrize("seed", range(1, 5))
def test_who_loses_nothing_has_no_gap_to_fill(tmp_path: Path, seed: int) -> None:
    world, chosen = Overheard(tmp_path, seed), random.Random(seed)
    world.asked = []
    steps = ("publish", "correct", "tail", "tail", "stall", "drop", "wait", "restart", "check", *["deliver"] * 6)
    for step in chosen.choices(steps, k=300):
        if step == "deliver":
            world.deliver(None)
        else:
            getattr(world, step)()
    world.check()
    assert [address for address in world.asked if "/changes?" in address and "topic=nation" in address] == []
    assert sum("/state?" in address for address in world.asked) == world.counted()["compared"]  # the polls of `check`
    world.close()
