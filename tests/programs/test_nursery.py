"""Programs that the tests start end with whoever started them."""

import signal
import subprocess
import sys
from pathlib import Path

from tally.storage.store import Store
from tests.waiting import PATIENCE_S, wait_until

_PROJECT = Path(__file__).parents[2]
# It starts a program that would go on, says which one, and is then nobody any more.
_ASKER = """
import os, signal, subprocess, sys
from pathlib import Path
from tests.programs.program import Program
words = ("serve", "--database", "sqlite:///count.db", "--port", 0)
program = Program(*words, folder=Path(sys.argv[1]), stdout=subprocess.DEVNULL)
print(program.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_ends_with_the_process_that_asked_for_it_however_that_ended(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path / 'count.db'}").close()
    with (tmp_path / "said").open("w") as said:
        command = [sys.executable, "-c", _ASKER, str(tmp_path)]
        asked = subprocess.run(command, cwd=_PROJECT, stdout=said, timeout=PATIENCE_S, check=False)
    assert asked.returncode == -signal.SIGKILL
    number = int((tmp_path / "said").read_text().split()[0])
    wait_until(lambda: not Path(f"/proc/{number}").exists())
