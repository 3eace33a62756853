"""Known weaknesses in what is locked, for Python and Node: fails on any; says so when a database is out of reach."""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

_PROJECT = Path(__file__).parents[1]
LOCKS = ("requirements-test.lock", "requirements-build.lock", "requirements-supply.lock")


class Finding(NamedTuple):
    """What one tool says: weaknesses in words, how much it looked up, and what it could not."""

    weak: list[str]
    looked_up: int
    unknown: int


def read_pip_audit(answer: Any) -> Finding:
    """Its JSON. A package that the database says nothing of, or that could not be asked for, is unknown."""
    weak, known = [], [one for one in answer["dependencies"] if "vulns" in one]
    for one in known:
        weak += [f"{one['name']} {one['version']}: {found['id']}" for found in one["vulns"]]
    return Finding(weak, len(known), len(answer["dependencies"]) - len(known))


def read_npm_audit(answer: Any) -> Finding:
    """Its JSON; without a report the database was not reached."""
    if "auditReportVersion" not in answer:
        return Finding([], 0, 1)
    weak = [f"{name}: {found['severity']}" for name, found in answer["vulnerabilities"].items()]
    return Finding(weak, answer["metadata"]["dependencies"]["total"], 0)


def say(what: str, finding: Finding) -> int:
    """Print it. Returns: how many weaknesses."""
    for line in finding.weak:
        print(f"{what}: KNOWN WEAKNESS: {line}")  # noqa: T201
    if not finding.looked_up:
        print(f"{what}: NOT AUDITED: the database of weaknesses is out of reach")  # noqa: T201
    else:
        rest = f"; {finding.unknown} could not be looked up" if finding.unknown else ""
        print(f"{what}: {finding.looked_up} packages looked up, {len(finding.weak)} weaknesses{rest}")  # noqa: T201
    return len(finding.weak)


def _run(command: list[str]) -> Any:
    """Its JSON; {} if it printed none and says that it could not connect. Raises: SystemExit: it failed otherwise."""
    done = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return json.loads(done.stdout)
    except ValueError:
        if any(sign in done.stderr for sign in ("ConnectionError", "Connection error", "ServiceError", "timed out")):
            return {}
        raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}") from None


def main() -> int:
    """Audit every lock. Returns: the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, required=True, help="folder of pip-audit")
    tools, weak = parser.parse_args().tools, 0
    for lock in LOCKS:
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        answer = _run([str(tools / "pip-audit"), *options, "--requirement", lock])
        weak += say(lock, read_pip_audit(answer or {"dependencies": []}))
    if shutil.which("npm"):
        weak += say("package-lock.json", read_npm_audit(_run(["npm", "audit", "--json", "--package-lock-only"])))
    else:
        print("package-lock.json: NOT AUDITED: there is no npm")  # noqa: T201
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
