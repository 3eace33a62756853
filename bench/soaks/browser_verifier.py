"""The browser's verifier of proofs, run by Node: the same modules, WebCrypto included."""

import base64
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

Steps = list[tuple[str, bool]]
_PROGRAM = Path(__file__).with_name("check_bundles.mjs")


def browser_steps(node: str, texts: Iterable[bytes]) -> list[Steps]:
    """The steps of each bundle's check, with whether each holds; the first that does not is the last."""
    given = b"".join(base64.b64encode(text) + b"\n" for text in texts)
    done = subprocess.run([node, _PROGRAM], input=given, capture_output=True, check=True)
    return [[(step, held) for step, held in json.loads(line)] for line in done.stdout.splitlines()]


def holds(steps: Steps) -> bool:
    """Whether every step does, the signature included."""
    return all(held is True for _, held in steps)
