"""Many who ask for the past at once, each for ever other moments: `python -m bench.fanout.flood PORT BASE NUMBER`.

Says how many ask once they do; a command ends it, and is answered with how many answers, refusals (503) and failures
there were. Each comes from an address of its own.
"""

import asyncio
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count

import httpx

_FIRST = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)
_TIMEOUT_S, _REFUSED_S = 30, 0.5


async def _ask(address: str, base: str, moments: "count[int]", told: Counter[str]) -> None:
    transport = httpx.AsyncHTTPTransport(verify=False, local_address=address)
    async with httpx.AsyncClient(transport=transport, base_url=base, timeout=_TIMEOUT_S) as client:
        while True:
            at = (_FIRST + timedelta(seconds=7 * next(moments))).strftime("%Y-%m-%dT%H:%M:%SZ")
            try:
                answer = await client.get(f"/state?topic=districts&topic=provinces&at={at}")
            except httpx.HTTPError:
                told["failed"] += 1
                continue
            if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                told["refused"] += 1
                await asyncio.sleep(_REFUSED_S)
            else:
                told["answers" if answer.status_code == HTTPStatus.OK else "failed"] += 1


async def _main(port: str, path: str, number: str) -> None:
    told, moments = Counter[str](answers=0, refused=0, failed=0), count()
    base = f"http://127.0.0.1:{port}{path}"
    tasks = [asyncio.ensure_future(_ask(f"127.0.0.{n + 2}", base, moments, told)) for n in range(int(number))]
    sys.stdout.write(f"= {len(tasks)}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    sys.stdout.write(f"= {json.dumps(told)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
