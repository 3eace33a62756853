"""A process of ours that works on what it is sent: messages both ways, each after its length, and how it is ended."""

import subprocess
from contextlib import suppress
from typing import IO

_LENGTH = 4


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one message."""
    stream.write(len(content).to_bytes(_LENGTH))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The next message.

    Raises: EOFError: the other side has ended.
    """
    return _exactly(stream, int.from_bytes(_exactly(stream, _LENGTH)))


def end(process: subprocess.Popen[bytes]) -> None:
    """End it at once, and close what was open to it."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content
