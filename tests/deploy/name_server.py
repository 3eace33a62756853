"""A name server that knows one name, or does not; what it answers may change at any time."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_UNKNOWN = 3


class NameServer:
    """`addresses` of every name that is asked for; none: there is no such name. `port`: where it is asked, by UDP."""

    def __init__(self, port: int) -> None:
        self.port, self.addresses = port, list[str]()

    def answer(self, question: bytes) -> bytes:
        """The whole message that answers another."""
        end = question.index(b"\0", 12) + 5
        code = 0 if self.addresses else _UNKNOWN
        head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(self.addresses), 0, 0)
        # The name as it was asked, an address of the Internet, for a second.
        records = (struct.pack(">HHHIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(one) for one in self.addresses)
        return head + question[12:end] + b"".join(records)


@contextmanager
def name_server() -> Iterator[NameServer]:
    """One at work; it ends with the block."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.bind(("127.0.0.1", 0))
        server = NameServer(int(asked.getsockname()[1]))

        def serve() -> None:
            while (message := asked.recvfrom(512))[0]:
                asked.sendto(server.answer(message[0]), message[1])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
                ending.sendto(b"", ("127.0.0.1", server.port))
            thread.join()
