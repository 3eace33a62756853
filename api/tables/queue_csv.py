"""The queue as CSV: one line an acta, our words and the source's side by side."""

from collections.abc import Iterable, Sequence

from api.tables.queue_lines import QueuedActa, QueueMoment, Resolution
from api.tables.results_csv import SheetFormat, write_csv

_HEAD = ("mesa", "state", "reasons", "observation", "code", "department", "province", "district", "place", "registered")
_SINCE = ("since_seq", "since_at", "since_source_at")
_OUTCOME = ("resolved_seq", "resolved_at", "resolved_source_at", "resolved_state", "resolved_code", "resolved_cast")
_NUMBERS = ("registered", "cast", "since_seq", "resolved_seq", "resolved_cast")

Cell = str | int | None


def write(lines: Iterable[QueuedActa], lists: Sequence[str], form: SheetFormat = "csv", *, is_test: bool) -> bytes:
    """CSV with a header line; unknown figures are empty. `votes_…` stand on the acta while it waits."""
    return write_csv(columns(lists), (cells(line, lists, is_test=is_test) for line in lines), form)


def columns(lists: Sequence[str]) -> dict[str, type]:
    """The columns by name, each with what its cells are where they are not None."""
    waiting, settled = ([f"{name}_{one}" for one in lists] for name in ("votes", "resolved_votes"))
    own = dict.fromkeys((*_HEAD, "cast", *waiting, *_SINCE, *_OUTCOME, *settled, "is_test"), str)
    return {**own, **dict.fromkeys((*_NUMBERS, *waiting, *settled), int)}


def cells(line: QueuedActa, lists: Sequence[str], *, is_test: bool) -> list[Cell]:
    """A line's cells in the order of the columns."""
    names = [place.name for place in line.where]
    row: list[Cell] = [line.mesa, line.state, " ".join(line.reasons), line.observation, line.code]
    row += [*names, *[None] * (4 - len(names)), line.registered, line.cast]
    row += [*(line.votes or [None] * len(lists)), *_stamp(line.since), *_outcome(line.resolved, lists)]
    return [*row, "true" if is_test else "false"]


def _stamp(stamp: QueueMoment | None) -> list[Cell]:
    return [None] * len(_SINCE) if stamp is None else [stamp.seq, stamp.at, stamp.source_at]


def _outcome(outcome: Resolution | None, lists: Sequence[str]) -> list[Cell]:
    if outcome is None:
        return [None] * (len(_OUTCOME) + len(lists))
    return [*_stamp(outcome), outcome.state, outcome.code, outcome.cast, *(outcome.votes or [None] * len(lists))]
