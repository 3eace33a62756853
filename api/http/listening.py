"""Addresses that servers of ours listen on."""

import errno
import socket

from tally.errors import EscrutinioError, InvalidInput, PortTaken

_BACKLOG = 2048


def bind(host: str, port: int, *, is_open: bool = True) -> socket.socket:
    """An address of our own; port 0 takes a free one. Until it is open whoever connects is refused.

    Raises: PortTaken. InvalidInput: the address is not this machine's, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        if is_open:
            listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _refused(error, host, port) from error
    listener.setblocking(False)
    return listener


def open_to_all(listener: socket.socket) -> None:
    """Let others connect to a bound address.

    Raises: PortTaken: two programs may bind the same, and the other was first to open it.
    """
    try:
        listener.listen(_BACKLOG)
    except OSError as error:
        raise _refused(error, *listener.getsockname()[:2]) from error


def _refused(error: OSError, host: str, port: int) -> EscrutinioError:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(f"port {port} on {host} is in use; stop that program or choose another --port")
    return InvalidInput(f"cannot serve on {host} port {port}: {error.strerror or error}")
