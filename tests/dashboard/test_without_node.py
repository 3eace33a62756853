"""A machine without Node: nobody needs it to run or to test; what is not checked is said, and CI insists on it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[2]
_SCRIPTS = ("scripts/find-node", "scripts/lint-browser")
# All that the scripts call, but for Node, npm and what would install them.
_TOOLS = ("sh", "id", "env")


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of such a machine, where nobody insists on Node."""
    for name in _TOOLS:
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return {**os.environ, "PATH": str(tmp_path), "ESCRUTINIO_REQUIRE": ""}


def run(*command: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(word) for word in command], cwd=_PROJECT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", _SCRIPTS)
def test_a_script_that_needs_node_says_that_the_checks_are_skipped_and_how_to_have_them(
    bare: dict[str, str], script: str
) -> None:
    done = run("sh", script, **bare)
    assert done.returncode == 0, done.stderr
    assert "skipped" in done.stdout
    assert "nodejs and npm" in done.stdout


def test_where_node_is_required_the_lint_without_it_fails(bare: dict[str, str]) -> None:
    done = run("sh", "scripts/lint-browser", **{**bare, "ESCRUTINIO_REQUIRE": "browser,node"})
    assert (done.returncode, "skipped" in done.stdout) == (1, False)
    assert "ESCRUTINIO_REQUIRE" in done.stdout


@pytest.mark.parametrize(("required", "status", "said"), [("", 0, "skipped"), ("node", 1, "node is required here")])
def test_tests_that_need_node_are_skipped_with_the_reason_or_fail_where_it_is_required(
    bare: dict[str, str], required: str, status: int, said: str
) -> None:
    tests = ("-m", "pytest", "-p", "no:cacheprovider", "-m", "node", "tests/dashboard/test_bundle.py")
    done = run(sys.executable, *tests, **{**bare, "ESCRUTINIO_REQUIRE": required})
    assert done.returncode == status, done.stdout
    assert said in done.stdout
    assert "no Node, or its tools are not installed" in done.stdout
