"""The images of deploy/images.env: `check` demands a digest of each, `pin` asks their registry for it with docker."""

import re
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).parents[1] / "deploy" / "images.env"
_LINE = re.compile(r"^(ESCRUTINIO_\w+_IMAGE)=([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?$", re.MULTILINE)


def find_floating(text: str) -> list[str]:
    """The images that are named by a tag alone, which may be another image tomorrow."""
    return [name for _, name, digest in _LINE.findall(text) if not digest]


def pin(text: str) -> str:
    """The same lines, each with the digest that the registry has now. Raises: CalledProcessError: docker cannot say."""
    return _LINE.sub(lambda line: f"{line[1]}={line[2]}@{_digest_of(line[2])}", text)


def _digest_of(name: str) -> str:
    subprocess.run(["docker", "pull", "--quiet", name], check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    ask = ["docker", "image", "inspect", "--format", "{{index .RepoDigests 0}}", name]
    found = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    return found.rpartition("@")[2]


def main(wish: str, file: Path = FILE) -> int:
    """Do as wished. Returns: the exit status."""
    text = file.read_text()
    if wish == "pin":
        file.write_text(pin(text))
        return 0
    floating = find_floating(text)
    for name in floating:
        sys.stderr.write(f"{name} has no digest; run `make pin-images` where the registry can be reached\n")
    return 1 if floating else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
