"""A program that is told to end does, whatever it is doing at that moment."""

import subprocess
import sys
import time

import pytest

_HEAD = """
import os, signal, sys, time, weakref
from tally.ending import end_when_told

class Thing: pass

def tell(_=None):
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))

end_when_told()
"""
# What a callback of the garbage collector raises is told, and ignored.
_WHILE_CLEARING = """
thing = Thing()
watched = weakref.ref(thing, tell)
del thing
time.sleep(60)
"""
_IN_A_LIBRARY_THAT_CATCHES_ALL = """
try:
    tell()
    time.sleep(60)
except BaseException:
    pass
time.sleep(60)
"""
_OTHER_FAULT_WHILE_CLEARING = """
thing = Thing()
watched = weakref.ref(thing, lambda _: 1 / 0)
del thing
tell()
time.sleep(60)
"""


def ended(code: str, signal: str) -> "subprocess.CompletedProcess[str]":
    """What became of a program of that code, to which that signal comes. Raises: TimeoutExpired: it did not end."""
    return subprocess.run(
        [sys.executable, "-c", _HEAD + code, signal], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT"])
def test_an_interrupt_that_python_would_ignore_comes_again(signal: str) -> None:
    end = ended(_WHILE_CLEARING, signal)
    assert end.returncode != 0
    assert end.stderr.endswith("KeyboardInterrupt\n")
    assert "ignored" not in end.stderr


def test_other_faults_that_python_ignores_are_told_as_ever() -> None:
    end = ended(_OTHER_FAULT_WHILE_CLEARING, "SIGTERM")
    assert end.stderr.startswith("Exception ignored in")
    assert "ZeroDivisionError" in end.stderr
    assert end.stderr.endswith("KeyboardInterrupt\n")


def test_an_end_that_somebody_else_caught_comes_all_the_same() -> None:
    began = time.monotonic()
    end = ended(_IN_A_LIBRARY_THAT_CATCHES_ALL, "SIGTERM")
    assert end.returncode == 1
    assert "it took too long to put everything away" in end.stderr
    assert time.monotonic() - began > 5  # what takes its time is let
