"""`escrutinio feed`: one line when it is ready, one sentence when it cannot start."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from api.commands.feed import feed

_PROGRAM = "import typer; from api.commands.feed import feed; app = typer.Typer(); app.command()(feed); app()"
_PROJECT = Path(__file__).parents[3]


@pytest.fixture
def cli() -> typer.Typer:
    app = typer.Typer()
    app.command()(feed)
    return app


def test_a_feed_says_where_it_listens_and_answers_there() -> None:
    command = [sys.executable, "-c", _PROGRAM, "--port", "0", "--speed", "max", "--seed", "3"]
    with subprocess.Popen(command, cwd=_PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.match(r"Feed of 2026-06-07-president-runoff on (http://127\.0\.0\.1:\d+) \(rehearsal", line)
            assert found, line
            with urlopen(f"{found[1]}/__rehearsal", timeout=10) as answer:
                assert msgspec.json.decode(answer.read())["is_test"] is True
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--election", "1990-04-08-president"], "unknown election '1990-04-08-president'"),
        (["--election", "2026-04-12-president"], "no official result to rehearse with"),
        (["--speed", "fast"], "--speed 'fast' is neither a number nor max"),
        (["--speed", "-1"], "--speed -1 must be more than 0"),
        (["--until", "soon"], "--until 'soon' is not a moment"),
        (["--mesas", "no_such_file.csv"], "no_such_file.csv cannot be read"),
        (["--generation", "1990"], "--generation '1990' is none of onpe2021, onpe2026"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_sentence(cli: typer.Typer, options: list[str], message: str) -> None:
    result = CliRunner().invoke(cli, options)
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
