"""`python -m ingest.packs ARCHIVE`: pack the closed days, in a process that gives way to every other."""

import os
import sys
from pathlib import Path

from ingest.packs.packing import pack
from tally.errors import ArchiveError


def main() -> None:
    """Pack; the exit status is 1, with one sentence on stderr, where that cannot be."""
    os.nice(19)
    try:
        done = pack(Path(sys.argv[1]), closed_days=True)
    except ArchiveError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    sys.stdout.write(f"{done}\n")


if __name__ == "__main__":
    main()
