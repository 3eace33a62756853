"""An audit of actas as CSV, one line a draw: with the seed anyone can draw it again and reckon it from the readings."""

import csv
import io

from api.tables.results_csv import MEDIA_TYPE
from mission.audit.audits import Audit
from mission.audit.reading import Reading
from mission.audit.standing import AuditStanding, DrawStep
from tally.model import NOT_VALID

__all__ = ["MEDIA_TYPE", "write_audit"]
_ABOUT = ("audit", "epoch", "seq", "seed", "risk_limit", "bound")


def write_audit(audit: Audit, standing: AuditStanding, *, is_test: bool) -> bytes:
    """CSV with a header line. What is not settled yet stays blind here, too: its cells are empty."""
    lists = len(standing.steps[0].drawn.reported.votes or ())
    sides = [
        f"{side}_{name}"
        for side in ("reported", "read")
        for name in (*(f"list_{n + 1}" for n in range(lists)), *NOT_VALID)
    ]
    about = [audit.id, audit.origin.epoch, audit.origin.seq, audit.seed, audit.risk_limit, repr(audit.bound)]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*_ABOUT, "draw", "mesa", "cast", *sides, "entries", "is_settled", "taint", "p_value", "is_test"])
    for step in standing.steps:
        writer.writerow([*about, *_cells(step, lists), int(is_test)])
    return target.getvalue().encode()


def _cells(step: DrawStep, lists: int) -> list[object]:
    is_settled = step.read is not None
    shown = step.drawn if is_settled else None
    return [
        step.drawn.n,
        step.drawn.mesa,
        None if shown is None else shown.cast,
        *_figures(None if shown is None else shown.reported, lists),
        *_figures(step.read, lists),
        step.entries,
        int(is_settled),
        step.taint,
        step.p,
    ]


def _figures(reading: Reading | None, lists: int) -> list[int | None]:
    if reading is None:
        return [None] * (lists + len(NOT_VALID))
    return [*(reading.votes or [None] * lists), reading.blank, reading.null, reading.challenged]
