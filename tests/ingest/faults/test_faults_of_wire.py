"""What is promised of answers that hurt on the way, over real sockets: memory and time are bounded."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import uvicorn

from ingest.archive import Archive
from ingest.feeds.onpe2021 import questions as questions2021
from ingest.feeds.onpe2026 import questions as questions2026
from ingest.fetch import Fetcher, FetchLimits, Question
from ingest.rehearsal.faults.exchange import Application
from tally.errors import FeedUnavailable
from tests.ingest.faults.drill import IN_PROCESS, Drill, assert_whole
from tests.serving import in_thread
from tests.waiting import PATIENCE_S

_MEBIBYTE = 2**20
_BAR = 32 * _MEBIBYTE

# Runs in a process of its own: what it holds when the first bombs come, then the most it ever held. Four at once are
# as many as the poller reads from a real host.
_PROGRAM = """
import asyncio, re, sys, time
from pathlib import Path
import msgspec
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.feeds.onpe2021 import questions as questions2021
from ingest.feeds.onpe2026 import questions as questions2026
from ingest.fetch import Fetcher, Question
from tally.errors import FeedMalformed

def kilobytes(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

async def main(url, question, folder, readings):
    fetcher = Fetcher(url, Archive(Path(folder)), Budget(None, time.monotonic), user_agent="drill")
    await fetcher(Question("/__rehearsal"))
    before = kilobytes("VmRSS")
    bomb = msgspec.json.decode(question, type=Question)
    answers = await asyncio.gather(*(fetcher(bomb) for _ in range(int(readings))), return_exceptions=True)
    await fetcher.close()
    assert all(isinstance(answer, FeedMalformed) for answer in answers), answers
    print((kilobytes("VmHWM") - before) * 1024)

asyncio.run(main(*sys.argv[1:]))
"""


@contextmanager
def served(app: Application) -> Iterator[str]:
    """Address of an application behind a real server."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    with in_thread(uvicorn.Server(config)) as address:
        yield f"http://{address}"


def totals(drill: Drill) -> Question:
    """What is asked about the nation's count."""
    contest = drill.contest
    if drill.election.generation == "onpe2021":
        return questions2021.results(contest, "000000")
    asked = questions2026.totals(contest, "nation")
    return Question(questions2026.BASE_PATH + asked.path, asked.params)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read where Linux tells it")
@pytest.mark.parametrize("readings", [1, 4])
def test_a_gzip_bomb_of_512_mib_takes_less_than_32_mib(drill: Drill, readings: int, tmp_path: Path) -> None:
    drill.order("gzip-bomb:1@0s")
    with served(drill.source) as url:
        question = msgspec.json.encode(totals(drill)).decode()
        command = [sys.executable, "-c", _PROGRAM, url, question, str(tmp_path / "bombs"), str(readings)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    assert 0 <= int(done.stdout) < _BAR
    attempts = Archive(tmp_path / "bombs").attempts()[1:]
    assert len(attempts) == readings
    assert all("200 times its size" in (attempt.error or "") for attempt in attempts)


def test_a_slow_drip_is_given_up_at_the_deadline_from_question_to_last_byte(drill: Drill) -> None:
    drill.order("slow-drip:1@0s")

    async def ask(url: str) -> None:
        fetcher = Fetcher(url, drill.archive, drill.budget, user_agent="drill", limits=FetchLimits(total_s=1.5))
        try:
            await fetcher(totals(drill))
        finally:
            await fetcher.close()

    with served(drill.source) as url:
        began = time.monotonic()
        with pytest.raises(FeedUnavailable, match="no whole answer within"):
            asyncio.run(ask(url))
        assert time.monotonic() - began < 4
    assert "no whole answer" in (drill.archive.attempts()[-1].error or "")


@pytest.mark.parametrize("fault", ["slow-drip:0.1", "gzip-bomb:0.1"])
def test_a_poller_gets_around_such_answers_and_reads_all_when_they_end(drill: Drill, fault: str) -> None:
    truth = drill.learn_truth()
    drill.order(f"{fault}@0s")
    with served(drill.source) as url:
        drill.address = url
        drill.poll()
        assert drill.wrong() == []
        assert [attempt for attempt in drill.archive.attempts() if attempt.error]
        drill.order()
    drill.address = IN_PROCESS
    assert_whole(drill.poll(), truth)
