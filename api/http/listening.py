"""Addresses that servers of ours listen on."""

import errno
import socket

from tally.errors import InvalidInput, PortTaken

_BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """A listening address of our own; port 0 takes a free one.

    Raises: PortTaken. InvalidInput: the address is not this machine's, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {port} on {host} is in use; stop that program or choose another --port") from error
        raise InvalidInput(f"cannot serve on {host} port {port}: {error.strerror or error}") from error
    listener.setblocking(False)
    return listener
