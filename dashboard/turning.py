"""The moments that turned a count, in words: for its story and for its news."""

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.components.outcome import conclusion, has_threshold
from dashboard.figures import percent
from dashboard.moments import told as told_of
from dashboard.reading import Data, Sheet
from dashboard.words import Words


def told(sheet: Sheet, turns: Sequence[Data]) -> Iterator[tuple[Data, list[Any]]]:
    """Each turn of the API's /moments, oldest first, with its sentence."""
    was_decided = False
    for turn in turns:
        yield turn, _sentence(sheet, turn, is_again=was_decided)
        was_decided = was_decided or turn["kind"] == "decided"


def stamp(turn: Data) -> str:
    """When it turned: by the source's figures, or by our own clock where those have no time that can be told."""
    return told_of(turn["source_at"], turn["at"]) or turn["at"]


def counted(words: Words, turn: Data) -> str:
    """How much was counted by then."""
    return words("timeline.at_counted", pct=percent(turn["counted"], turn["total"], 2))


def _sentence(sheet: Sheet, turn: Data, *, is_again: bool) -> list[Any]:
    words, lists = sheet.words, sheet.meta["contest"]["lists"]
    if turn["kind"] == "lead":
        names = {"leader": lists[turn["leader"]]["short"], "before": lists[turn["before"]]["short"]}
        return words.spans("timeline.lead", margin=turn["margin"], **names)
    if has_threshold(turn.get("outcome")):
        said = conclusion(turn["outcome"], sheet.meta["contest"], words)
        if turn["kind"] == "decided" and not is_again:
            return [said]
        return [words("timeline.turned_open" if turn["kind"] == "undecided" else "timeline.turned_again", said=said)]
    bound = "outlook.voters_bound" if turn["uncounted_registered_is_bound"] else "outlook.voters_exact"
    voters = words.spans(bound, n=turn["uncounted_registered"])
    name = "timeline.undecided"
    if turn["kind"] == "decided":
        name = "timeline.decided_again" if is_again else "timeline.decided"
    return words.spans(name, actas=turn["uncounted_actas"], voters=voters, margin=turn["margin"])
