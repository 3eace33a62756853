"""`python -m mission.rehearsal`: the play, for invitations as JSON on standard input: secrets are no arguments."""

import sys
from contextlib import suppress

import msgspec

from mission.rehearsal.play import Invitations, Play
from tally.ending import end_when_told
from tally.errors import EscrutinioError


def main() -> None:
    """Perform until the end or a signal."""
    end_when_told()
    invited = msgspec.json.decode(sys.stdin.buffer.read(), type=Invitations)
    try:
        with suppress(KeyboardInterrupt):
            Play(invited, _say).perform()
    except EscrutinioError as error:
        sys.stderr.write(f"escrutinio: {error}\n")
        sys.exit(1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
