"""`make bench`: measure, write results.json, and write the tables of README.md from it.

`python -m bench [SECTION …]` measures only the sections named; the others keep their figures.
"""

import argparse
import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.sections import SECTIONS

_HERE = Path(__file__).parent


def main() -> None:
    """Measure the sections that were named, or all, and write both files."""
    parser = argparse.ArgumentParser(description="Measurements of Escrutinio.")
    parser.add_argument("sections", nargs="*", help=f"all if none is named: {', '.join(SECTIONS)}")
    chosen = parser.parse_args().sections or list(SECTIONS)
    if unknown := set(chosen) - SECTIONS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    file = _HERE / "results.json"
    for name in chosen:
        figures = SECTIONS[name].measure(lambda text: print(f"→ {text}", flush=True))
        results: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        results[name] = figures
        results.setdefault("measured", {})[name] = f"{datetime.now(UTC).date().isoformat()}, commit {_commit()}"
        results["machine"] = f"{platform.machine()}, Python {platform.python_version()}"
        file.write_text(json.dumps(results, indent=1) + "\n")
        (_HERE / "README.md").write_text(_page(results))
    print((_HERE / "README.md").read_text())


def _page(results: dict[str, Any]) -> str:
    head = ["# Measurements", "", "Written by `make bench`; the same figures by name are in `results.json`. Medians of"]
    head += [
        "interleaved rounds, so that a shared machine disturbs the ratios little.",
        "",
        f"{results['machine']}.",
        "",
    ]
    return "\n".join([*head, *(line for name in SECTIONS if name in results for line in _table(name, results))])


def _table(name: str, results: dict[str, Any]) -> list[str]:
    section, figures = SECTIONS[name], results[name]
    rows = [
        f"| {label} | {figures[figure]:g} | {bar} | {reference} |"
        for figure, label, bar, reference in section.bars
        if figure in figures
    ]
    head = ["| what | measured | bar | reference |", "|---|---|---|---|"]
    return [f"## {section.title}", "", section.text, f"Measured {results['measured'][name]}.", "", *head, *rows, ""]


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, check=False, capture_output=True, text=True, cwd=_HERE).stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
