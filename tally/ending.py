"""How a program of ours is told to end."""

import signal


def end_when_told() -> None:
    """Let SIGTERM be an interrupt, so that leases and files are closed.

    A shell that starts a program in the background of a script has it ignore interrupts, and so the end as well.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
