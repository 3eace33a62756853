"""`make soak`: the long trials, one after another, each into its section of RELIABILITY.md.

`python -m bench.soak [--seed N] [NAME …]` runs only those named.
"""

import argparse
from collections.abc import Callable
from functools import partial

from bench.reliability import SoakSection, write_section
from bench.soaks import (
    archive,
    attack,
    audit,
    bulletins,
    control,
    coordinator,
    embed,
    files,
    flags,
    line,
    mutations,
    page,
    planted,
    previous,
    proofs,
    quickcount,
    races,
    reading,
    replicas,
    restoring,
    schema,
    transports,
    unwell,
)
from bench.soaks.secrecy import disclosure, findings, messages, privacy

_SOAKS: dict[str, Callable[[int], SoakSection]] = {
    soak.NAME: soak.main
    for soak in (
        mutations,
        unwell,
        control,
        line,
        reading,
        archive,
        proofs,
        files,
        transports,
        replicas,
        restoring,
        page,
        embed,
        schema,
        privacy,
        findings,
        disclosure,
        messages,
        flags,
        planted,
        bulletins,
        audit,
        quickcount,
        coordinator,
        races,
        previous,
        attack,
    )
}


def main() -> None:
    """Run the soaks that were named, or all."""
    parser = argparse.ArgumentParser(description="Long trials of Escrutinio.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all if none is named: {', '.join(_SOAKS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=attack.MINUTES, help="of the attack")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - _SOAKS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in chosen.names or _SOAKS:
        run = partial(attack.main, minutes=chosen.minutes) if name == attack.NAME else _SOAKS[name]
        write_section(run(chosen.seed))


if __name__ == "__main__":
    main()
