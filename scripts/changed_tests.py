"""The test modules that `make quick` runs: those that were edited, and those that import an edited module directly.

What needs a browser, a server or the reference data is left to `make test`. Prints one path a line.
"""

import subprocess
import sys
from pathlib import Path

import grimp

_ROOMS = ("texts", "tally", "mission", "ingest", "geo", "api", "dashboard", "bench")


def main() -> int:
    """Print the modules' paths; with an argument, compare with that revision instead of the last commit."""
    edited = {path for path in _edited(sys.argv[1] if len(sys.argv) > 1 else "HEAD") if Path(path).is_file()}
    modules = {_module(path) for path in edited if path.endswith(".py")}
    graph = grimp.build_graph(*_ROOMS, "tests", cache_dir=None)
    found = {name for name in modules if name.startswith("tests.")}
    for name in modules & graph.modules:
        found |= graph.find_modules_that_directly_import(name)
    for path in sorted(_path(name) for name in found if name.rpartition(".")[2].startswith("test_")):
        sys.stdout.write(f"{path}\n")
    return 0


def _edited(since: str) -> set[str]:
    asked = (["diff", "--name-only", since], ["ls-files", "--others", "--exclude-standard"])
    return {line for words in asked for line in subprocess.check_output(["git", *words], text=True).splitlines()}  # noqa: S603, S607 - git, with words of ours


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _path(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


if __name__ == "__main__":
    sys.exit(main())
