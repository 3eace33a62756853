"""The commands of a document: its fenced blocks, by the convention of docs/operate/README.md."""

import re
from pathlib import Path

from msgspec import Struct

PROJECT = Path(__file__).parents[2]
OPERATE = PROJECT / "docs" / "operate"
RUNBOOK = PROJECT / "docs" / "runbook.md"
# What a command of the program may begin with.
_BEFORE = ("escrutinio", "$AS", "until", "if", "BACKUP=$")
_FENCE = re.compile(r"^```(?P<mark>.*)\n(?P<text>(?:(?!```).*\n)*)```$", re.MULTILINE)


class Block(Struct, frozen=True):
    """A fenced block: its document's name, the line of its first command, its mark (`sh`: it is run) and its text."""

    document: str
    line: int
    mark: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.document}:{self.line}"


def blocks_of(path: Path) -> list[Block]:
    """A document's blocks, in order."""
    text = path.read_text("utf-8")
    return [
        Block(path.name, text.count("\n", 0, found.start()) + 2, found["mark"].strip(), found["text"])
        for found in _FENCE.finditer(text)
    ]


def run_blocks(path: Path) -> list[Block]:
    """Those that are run."""
    return [block for block in blocks_of(path) if block.mark == "sh"]


def calls_of(path: Path) -> list[list[str]]:
    """The words behind the program's name wherever a document calls it, in its blocks and within its sentences."""
    whole = path.read_text("utf-8")
    texts = [block.text for block in blocks_of(path)] + re.findall(r"`(escrutinio [^`\n]+)`", _FENCE.sub("", whole))
    found = []
    for line in "\n".join(texts).replace("\\\n", " ").splitlines():
        # What is quoted is one word of which nothing is looked at.
        for part in re.split(r"[;|&()]+", re.sub(r"\"[^\"]*\"|'[^']*'", "QUOTED", line).partition(" #")[0]):
            words = part.split()
            calls = [n for n, word in enumerate(words) if word == "escrutinio" and words[0] in _BEFORE]
            found += [words[n + 1 :] for n in calls[:1]]
    return found
