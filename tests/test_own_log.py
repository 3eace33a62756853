"""A test has the log as tests have it, whatever a program did to it in this process before."""

import pytest
import structlog

from api.commands.logs import configure_logs


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_program_that_sets_its_log_up_leaves_the_next_test_alone(
    turn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().info(turn)
    assert turn in capsys.readouterr().out
    configure_logs()
