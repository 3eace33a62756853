"""Logs of format 1, whose issues were sentences in two languages. What was published so is compared by its rules.

An issue of format 1 has its sentences, one of format 2 its figures. What was held in a log of format 1 and is said
again by a writer of format 2 has neither, because that writer read it there.
"""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, Raw, Struct

from tally.board import Board
from tally.changes import Change, encode
from tally.rules.issues import Issue

# The format of the log whose issues are sentences.
SENTENCES = 1
_SIDES = ("flags", "held")


class _Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """An issue as format 1 wrote it."""

    en: str
    es: str
    rule: str


class _Spoken(Struct):
    """The issues of a value of format 1; the rest is skipped."""

    flags: tuple[_Sentences, ...] = ()
    held: tuple[_Sentences, ...] = ()


def with_sentences(made: Change, published: Change) -> Change:
    """A change as a writer of format 1 would have published it: with the published sentences of the same rules."""
    spoken = _spoken(published.data)
    if spoken is None:
        return made
    parts = msgspec.json.decode(made.data, type=dict[str, Raw])
    for side in _SIDES:
        said, issues = getattr(spoken, side), msgspec.json.decode(parts.get(side, b"[]"), type=list[Issue])
        if said and [one.rule for one in said] == [one.rule for one in issues]:
            parts[side] = Raw(encode(said))
    return msgspec.structs.replace(made, data=encode(parts))


def forget_figures(board: Board) -> None:
    """Leave of what is held what a board has that was restored from a log of format 1: rules without figures."""
    board.held = {key: _bare(issues) for key, issues in board.held.items()}
    for key, acta in board.actas.items():
        if acta.held is not UNSET:
            board.actas[key] = msgspec.structs.replace(acta, held=_bare(acta.held))


def _bare(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(Issue(rule=issue.rule) for issue in issues)


def _spoken(data: bytes) -> _Spoken | None:
    """The sentences of a value all of whose issues have them."""
    try:
        return msgspec.json.decode(data, type=_Spoken)
    except msgspec.ValidationError:
        return None
