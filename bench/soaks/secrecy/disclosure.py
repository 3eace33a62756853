"""The soak of what is public of a quick count: an attacker looks for mesas of the sample in 1,000 of them."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from unittest.mock import patch

from msgspec.structs import replace

from bench.reliability import SoakSection
from mission.quickcount.disclosure import Told, check_apart
from mission.zones import K
from tests.mission.quickcount.attacker import Exact, Telling, attack, digest_of, match, units_between
from tests.mission.quickcount.plays import Check, Play, draw_play, unchecked, units_of

NAME, TITLE = "disclosure", "What is public of a quick count: 1,000 of them, one attacker"
PLAYS, CONTROLS = 1_000, 200


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Attack them all and print what came out."""
    started, found = time.monotonic(), Counter[str]()
    for n, play in enumerate(_plays(seed, PLAYS)):
        if n % 100 == 0:
            say(f"quick count {n} of {PLAYS}")
        found["learned"] += bool(attack(play))
        pairs = list(combinations(play.published, 2))
        found["pairs"] += len(pairs)
        found["near"] += sum(0 < len(units_between(play, *pair)) < K for pair in pairs)
        found["publications"] += len(play.published)
    found["each"] = sum(bool(attack(play)) for play in _plays(seed, CONTROLS, unchecked))
    with patch("api.mission.quickcount.estimates.Told", Exact):
        found["exact"] = sum(bool(attack(play, Exact)) for play in _plays(seed, CONTROLS, unchecked))
        found["insider exact"] = sum(_is_last_learned(play, Exact) for play in _plays(seed, CONTROLS))
    found["insider"] = sum(_is_last_learned(play, Told) for play in _plays(seed, CONTROLS))
    found["digest"] = sum(_is_named(play) for play in _plays(seed, CONTROLS))
    section = SoakSection(NAME, TITLE, seed, _lines(found, time.monotonic() - started))
    say(section.text())
    return section


def _plays(seed: int, number: int, check: Check = check_apart) -> Iterator[Play]:
    return (draw_play(random.Random(f"{seed}/{n}"), check) for n in range(number))


def _is_last_learned(play: Play, telling: Callable[[int], Telling]) -> bool:
    """Whether one who has the copies of all other units learns the last of the first publication."""
    first = play.published[:1]
    units = [name for name, mesas in units_of(play).items() for one in first if mesas[0] in one.copies]
    return bool(units and match(play, units[-1], first, telling))


def _is_named(play: Play) -> bool:
    """Whether a digest without the seed names a unit of the sample."""
    named = digest_of(play.count.drawn.sample)
    told = tuple(replace(one, public=replace(one.public, sample=named)) for one in play.published)
    return bool(attack(replace(play, published=told)))


def _lines(found: Counter[str], seconds: float) -> list[str]:
    return [
        "Quick counts of countries of 40 to 600 mesas, in which 2 to 8 lists ran: of mesas or of places, simple or",
        "stratified, with copies that come in any order, are misread and put right, and are published at up to eight",
        "moments. The attacker has every publication, all actas, the frame, the design and our code, and besides all",
        "copies of every earlier publication, but not the seed. It tries each unit (mesa or place) that could be that",
        f"by which two publications differ, and the digest. A unit is learned when fewer than {K} are left.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| quick counts of which a unit is learned, of {PLAYS:,} | 0 | {found['learned']} |",
        f"| publications that differ by 1 to {K - 1} units, of {found['pairs']:,} pairs | 0 | {found['near']} |",
        f"| control: published after any copy, in coarse figures, of {CONTROLS} | some | {found['each']} |",
        f"| control: published after any copy, in exact figures, of {CONTROLS} | many | {found['exact']} |",
        f"| control: a digest without the seed, of {CONTROLS} | many | {found['digest']} |",
        f"| whoever has the copies of all other units learns the last one, of {CONTROLS} | – | {found['insider']} |",
        f"| … if figures were exact | – | {found['insider exact']} |",
        f"| publications | – | {found['publications']:,} |",
        "",
        f"{seconds:.0f} seconds.",
    ]
