"""`make bench`: measure, write results.json, and write the table of README.md from it."""

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench import count

_HERE = Path(__file__).parent
_BARS = (
    ("cold_load_s_per_10k", "Cold load, CPU s per 10,000 actas (bytes → validated → stored → all levels)", "≤ 0.6"),
    ("cold_load_over_json_loads", "… times the CPU of `json.loads` alone on the same bytes", ""),
    ("cold_load_over_sqlite_insert", "… times the CPU of inserting the same bytes into a plain SQLite table", ""),
    ("batch_500_ms", "A batch of 500 changed actas, applied and committed, CPU ms", "≤ 30"),
    ("batch_500_apply_ms", "… of which board and encoding, CPU ms", ""),
    ("batch_500_over_json_loads", "… times the CPU of `json.loads` on those 500 payloads", ""),
    ("recompute_ms", "Full recompute of all levels and comparison, CPU ms", "≤ 50"),
)


def main() -> None:
    """Run every measurement and write both files."""
    figures = count.measure(lambda text: print(f"→ {text}", flush=True))
    results = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "count": figures,
    }
    (_HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (_HERE / "README.md").write_text(_page(results, figures))
    print((_HERE / "README.md").read_text())


def _page(results: dict[str, object], figures: dict[str, float]) -> str:
    rows = [f"| {label} | {figures[name]:g} | {bar} |" for name, label, bar in _BARS]
    return "\n".join(
        [
            "# Measurements",
            "",
            "Written by `make bench`; the same figures by name are in `results.json`. Medians of interleaved rounds,",
            "CPU time of the process itself, so that a shared machine disturbs them little. The payloads are those of",
            f"a seeded rehearsal of the whole country ({figures['actas']:,} actas), made by the rehearsal feed's code.",
            "",
            f"{results['date']}, commit {results['commit']}, {results['machine']}.",
            "",
            "| what | measured | bar |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, check=False, capture_output=True, text=True, cwd=_HERE).stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
