"""Soak of the live protocol: seeded walks through everything that may go wrong between log, server and clients."""

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.reliability import Section
from tests.api.world import World

NAME = "transports"
STEPS, SEEDS = 20_000, 50
_FAULTS = ("none", "none", "lose", "double", "turn")
_STEPS = {"publish": 30, "deliver": 40, "stall": 6, "drop": 6, "restart": 2, "back_up": 2, "restore": 1, "check": 5}


def walk(seed: int, steps: int) -> Counter[str]:
    """That many steps with a comparison now and then; raises where client, server and log differ."""
    chosen, done = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), seed)
        for name in chosen.choices(list(_STEPS), list(_STEPS.values()), k=steps):
            done[name] += 1
            if name == "publish":
                world.publish(chosen.randrange(1, 12))
            elif name == "deliver":
                world.deliver(chosen.choice(_FAULTS))
            else:
                getattr(world, name)()
        world.check()
        done["comparisons"] = world.compared
        world.close()
    return done


def main(seed: int) -> Section:
    """Every seed to its end: the first divergence stops the soak."""
    total, began = Counter[str](), time.monotonic()
    for number in range(SEEDS):
        total += walk(seed + number, STEPS)
        print(f"→ seed {seed + number}: no divergence ({time.monotonic() - began:.0f} s)", flush=True)
    steps = ", ".join(f"{name.replace('_', ' ')} {total[name]:,}" for name in _STEPS)
    return Section(
        NAME,
        "Client, server and log agree, whatever happens between them",
        seed,
        [
            f"{STEPS:,} steps of {SEEDS} seeds over socket, server-sent events and polling: {steps}.",
            "On the way to a client messages are lost, doubled and turned round; the ring holds 60 changes.",
            f"After {total['comparisons']:,} of them every client == the server == the fold of the log: 0 divergences "
            "(bar: 0).",
        ],
    )
