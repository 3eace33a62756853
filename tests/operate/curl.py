"""What stands in curl's place where a machine has none: asks the last word's address until it answers well."""

import sys
from urllib.request import urlopen

from tests.waiting import wait_until


def main(*words: str) -> int:
    """Ask. Returns: the exit status."""
    with wait_until(lambda: urlopen(words[-1])) as answer:
        if "/dev/null" not in words:
            sys.stdout.write(answer.read().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
