"""Whatever happens between them: client == server == fold(log), over socket, events and polling."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.api.world import World


class Transports(RuleBasedStateMachine):
    """Steps in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self._folder.name), 1)

    @rule(number=st.integers(1, 12))
    def publish(self, number: int) -> None:
        self.world.publish(number)

    @rule(fault=st.sampled_from(["none", "lose", "double", "turn"]))
    def deliver(self, fault: str) -> None:
        self.world.deliver(fault)

    @rule(step=st.sampled_from(["stall", "drop", "restart", "back_up", "restore", "check"]))
    def happen(self, step: str) -> None:
        getattr(self.world, step)()

    def teardown(self) -> None:
        self.world.check()
        self.world.close()
        self._folder.cleanup()


TestTransports = Transports.TestCase
TestTransports.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
