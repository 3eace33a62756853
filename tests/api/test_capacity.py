"""The page for a million viewers counts with nothing better than was measured."""

import json
import re
from pathlib import Path

from argon2.profiles import RFC_9106_LOW_MEMORY

from api.http import keeping

ROOT = Path(__file__).parents[2]


def test_the_hub_is_counted_with_at_most_the_measured_ratio() -> None:
    page = (ROOT / "docs" / "capacity.md").read_text()
    found = re.search(
        r"^\| the hub beside a raw writer.*\| ([\d.]+) \(`(\w+)` of `bench/results.json`", page, re.MULTILINE
    )
    assert found
    ratio, name = float(found[1]), found[2]
    assert 0.8 < ratio <= json.loads((ROOT / "bench" / "results.json").read_text())["hub"][name]
    assert f"(139,000 × {found[1]})" in page


def test_memory_is_counted_with_at_least_what_was_measured() -> None:
    page = (ROOT / "docs" / "capacity.md").read_text()
    measured = json.loads((ROOT / "bench" / "results.json").read_text())["questions"]
    counted = []
    for name, bar in (("replica_mb", 300), ("second_mb", 120)):
        found = re.search(rf"\| (\d+) MB[^|]*`sqlite_{name}`", page)
        assert found
        assert measured[f"sqlite_{name}"] <= int(found[1]) <= bar
        counted.append(found[1])
    limits = re.search(r"\| (\d+) MB: their limits", page)
    passwords = re.search(r"checking passwords, two at a time \| (\d+) MB", page)
    assert limits
    assert passwords
    assert keeping.TOTAL <= int(limits[1]) * 1_000_000 < keeping.TOTAL + 1_000_000
    assert 2 * RFC_9106_LOW_MEMORY.memory_cost * 1024 <= int(passwords[1]) * 1_000_000
    assert f"{counted[0]} MB + {limits[1]} MB + {passwords[1]} MB + 40,000 × 17 KB" in page
