"""What the allocator keeps, in a process of its own."""

import subprocess
import sys

# Threads that all allocate at once, then what the allocator says of itself.
_PROGRAM = """
import ctypes, sys, threading
from pathlib import Path
from api.commands.allocator import keep_few_arenas
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.malloc.restype = ctypes.c_void_p
if sys.argv[1] == "few":
    keep_few_arenas()
together = threading.Barrier(12)
def allocate():
    together.wait()
    libc.malloc(100_000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
said = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, said)
libc.fclose(said)
print(Path(sys.argv[2]).read_text().count("<heap nr="))
"""


def test_threads_share_two_arenas(tmp_path: object) -> None:
    def arenas(which: str) -> int:
        command = [sys.executable, "-c", _PROGRAM, which, f"{tmp_path}/{which}.xml"]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert arenas("few") <= 2 < arenas("as ever")
