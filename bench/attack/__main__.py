"""All attacks at once on a port of this machine, until it is ended: `python -m bench.attack PORT BASE SEED`.

A line on stdin is answered with what came of each, as JSON behind "= ".
"""

import asyncio
import json
import random
import sys

import uvloop

from bench.attack.kinds import KINDS
from bench.attack.wire import Tally, Target


async def main() -> None:
    """Attack, and tell once."""
    target, seed, tally = Target(int(sys.argv[1]), sys.argv[2]), sys.argv[3], Tally()
    attackers = [
        asyncio.create_task(_attack(name, target, n, random.Random(f"{seed}/{name}/{n}"), tally))
        for name, kind in KINDS.items()
        for n in range(kind.attackers)
    ]
    await asyncio.to_thread(sys.stdin.readline)
    print(f"= {json.dumps(tally.counts)}", flush=True)
    await asyncio.gather(*attackers)  # until whoever started this ends it


async def _attack(name: str, target: Target, number: int, rng: random.Random, tally: Tally) -> None:
    kind, row = KINDS[name], 2 + list(KINDS).index(name)
    await asyncio.sleep(rng.random())
    while True:
        source = f"127.0.{row}.{1 + rng.randrange(kind.addresses)}"
        try:
            tally.add(name, await kind.visit(target, source, rng))
        except (OSError, TimeoutError, ValueError) as error:
            tally.add(name, type(error).__name__)
        await asyncio.sleep(kind.rest_s)


if __name__ == "__main__":
    uvloop.run(main())
