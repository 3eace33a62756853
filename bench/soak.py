"""`make soak`: the long trials, one after another, each into its section of RELIABILITY.md.

`python -m bench.soak [--seed N] [NAME …]` runs only those named.
"""

import argparse
from collections.abc import Callable

from bench import (
    soak_archive,
    soak_coordinator,
    soak_embed,
    soak_flags,
    soak_mutations,
    soak_page,
    soak_privacy,
    soak_replicas,
    soak_schema,
    soak_transports,
)
from bench.reliability import SoakSection, write_section

_SOAKS: dict[str, Callable[[int], SoakSection]] = {
    soak_mutations.NAME: soak_mutations.main,
    soak_archive.NAME: soak_archive.main,
    soak_transports.NAME: soak_transports.main,
    soak_replicas.NAME: soak_replicas.main,
    soak_page.NAME: soak_page.main,
    soak_embed.NAME: soak_embed.main,
    soak_schema.NAME: soak_schema.main,
    soak_privacy.NAME: soak_privacy.main,
    soak_flags.NAME: soak_flags.main,
    soak_coordinator.NAME: soak_coordinator.main,
}


def main() -> None:
    """Run the soaks that were named, or all."""
    parser = argparse.ArgumentParser(description="Long trials of Escrutinio.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all if none is named: {', '.join(_SOAKS)}")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    unknown = set(chosen.names) - _SOAKS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in chosen.names or _SOAKS:
        write_section(_SOAKS[name](chosen.seed))


if __name__ == "__main__":
    main()
