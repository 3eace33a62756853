"""The soak of findings: an attacker with all rows of a statement looks for people in 20,000 of them."""

import random
import time
from collections import Counter
from collections.abc import Callable

from bench.reliability import SoakSection
from mission.findings.table import FindingGroup, find_for_statement
from mission.zones import K
from tests.mission.findings.attacker import attack, leave_out, told_of, who
from tests.mission.findings.grounds import OPENED, WAIT, draw_ground, form_of

NAME, TITLE = "findings", "Findings that leave the house: 20,000 statements, one attacker"
STATEMENTS = 20_000


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Attack them all and print what came out."""
    started, found, controls, thin = time.monotonic(), 0, 0, 0
    rows: Counter[FindingGroup] = Counter()
    form = form_of(OPENED, WAIT)
    for n in range(STATEMENTS):
        if n % 2000 == 0:
            say(f"statement {n} of {STATEMENTS}")
        ground = draw_ground(random.Random(f"{seed}/{n}"))
        observers = who(ground)
        told, asked = find_for_statement([form], ground, K)
        known = told_of(told.rows, observers, ground.named)
        known += told_of(asked.rows, observers, ground.named, who(ground, WAIT.id))
        found += bool(attack(known, observers))
        controls += bool(attack(leave_out(observers), observers))
        thin += sum(row.observers is not None and 0 < row.observers < K for row in (*told.rows, *asked.rows))
        rows.update(row.group for row in told.rows if row.figures is not None)
    section = SoakSection(NAME, TITLE, seed, _lines(found, thin, controls, rows, time.monotonic() - started))
    say(section.text())
    return section


def _lines(found: int, thin: int, controls: int, rows: Counter[FindingGroup], seconds: float) -> list[str]:
    regions, others = rows[FindingGroup.REGION], rows[FindingGroup.OTHER_REGIONS]
    settings, mixed = rows[FindingGroup.SETTING], rows[FindingGroup.OTHER_SETTINGS]
    return [
        "Statements of up to 60 places in up to four regions, urban, rural and not told, looked at by up to nine",
        "observers a region, some of whom go elsewhere. The attacker has all rows with figures, knows which places",
        "each is of and who looked there, and adds and subtracts rows as it likes, of a question and of another that",
        "only those are asked who answered it in one way. Somebody is found when the total of 1 to",
        f"{K - 1} observers follows.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| statements in which somebody is found, of {STATEMENTS:,} | 0 | {found} |",
        f"| rows told of 1 to {K - 1} observers | 0 | {thin} |",
        f"| control: the same attacker where rows of few are only left out, of {STATEMENTS:,} | many | {controls:,} |",
        f"| regions told by themselves, and rows of several regions | – | {regions:,}, {others:,} |",
        f"| settings told by themselves, and rows of several settings | – | {settings:,}, {mixed:,} |",
        "",
        f"{seconds:.0f} seconds.",
    ]
