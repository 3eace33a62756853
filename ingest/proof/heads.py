"""Heads as outsiders keep them: signed notes, or nothing but a size and a root."""

import base64
import binascii
import re

import msgspec
from msgspec import Struct

from ingest.proof.notes import read_checkpoint
from tally.errors import ArchiveError, InvalidInput

_PLAIN = re.compile(r"([0-9]{1,18})[ \t,:]+([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)")


class OutsideHead(Struct, frozen=True):
    """A head that somebody else kept; `note` is None if it is only a size and a root."""

    size: int
    root: bytes
    note: str | None = None


class _HeadAnswer(Struct):
    """What /head answers, or one of what /heads answers."""

    note: str


class _Answers(Struct):
    heads: list[_HeadAnswer]


def read_heads(text: str, name: str) -> list[OutsideHead]:
    """All heads of a file: signed notes one after another, "size root" lines, or an answer of /head or /heads.

    Raises: InvalidInput: it holds something else, or nothing.
    """
    text = text.replace("\r\n", "\n")
    if text.lstrip().startswith("{"):
        text = "".join(answer.note for answer in _answers(text, name))
    heads: list[OutsideHead] = []
    lines = text.splitlines(keepends=True)
    while lines:
        plain = _PLAIN.fullmatch(lines[0].strip())
        if not lines[0].strip():
            lines = lines[1:]
        elif plain is not None:
            heads.append(OutsideHead(int(plain[1]), _root(plain[2], name)))
            lines = lines[1:]
        else:
            length = _note_length(lines)
            note = "".join(lines[:length])
            lines = lines[length:]
            heads.append(_signed(note if note.endswith("\n") else f"{note}\n", name))
    if not heads:
        raise InvalidInput(f"{name} holds no head")
    return heads


def _answers(text: str, name: str) -> list[_HeadAnswer]:
    try:
        found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        if "heads" in found:
            return msgspec.json.decode(text, type=_Answers).heads
        return [msgspec.json.decode(text, type=_HeadAnswer)]
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"{name} is JSON, but holds no head: {error}") from error


def _note_length(lines: list[str]) -> int:
    """Lines up to the end of the signatures that follow the first empty line."""
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines) - 1) + 1
    while end < len(lines) and lines[end].startswith("— "):
        end += 1
    return end


def _signed(note: str, name: str) -> OutsideHead:
    try:
        checkpoint = read_checkpoint(note)
    except ArchiveError as error:
        raise InvalidInput(f"{name}: {error} (nor a size and a root)") from error
    return OutsideHead(checkpoint.size, checkpoint.root, note)


def _root(text: str, name: str) -> bytes:
    try:
        return bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(f"{name}: {text!r} is not a root") from error
