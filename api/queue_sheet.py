"""The queue as CSV: one line an acta, our words and the source's side by side."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.sheets import MEDIA_TYPE, safe

__all__ = ["MEDIA_TYPE", "write"]
_HEAD = ("mesa", "state", "reasons", "observation", "code", "department", "province", "district", "place", "registered")
_SINCE = ("since_seq", "since_at", "since_source_at")
_OUTCOME = ("resolved_seq", "resolved_at", "resolved_source_at", "resolved_state", "resolved_code", "resolved_cast")


def write(lines: Iterable[Mapping[str, Any]], lists: Sequence[str], *, is_test: bool) -> bytes:
    """CSV with a header line; unknown figures are empty. `votes_…` stand on the acta while it waits."""
    target = io.StringIO()
    writer = csv.writer(target)
    waiting, settled = ([f"{name}_{one}" for one in lists] for name in ("votes", "resolved_votes"))
    writer.writerow([*_HEAD, "cast", *waiting, *_SINCE, *_OUTCOME, *settled, "is_test"])
    for line in lines:
        names = [place["name"] for place in line["where"]]
        row = [line["mesa"], line["state"], " ".join(line["reasons"]), line["observation"], line["code"]]
        row += [*names, *[None] * (4 - len(names)), line["registered"], line["cast"]]
        row += [*(line["votes"] or [None] * len(lists)), *_stamp(line["since"]), *_outcome(line["resolved"], lists)]
        writer.writerow([safe(cell) for cell in [*row, "true" if is_test else "false"]])
    return target.getvalue().encode()


def _stamp(stamp: Mapping[str, Any] | None) -> list[Any]:
    return [(stamp or {}).get(name) for name in ("seq", "at", "source_at")]


def _outcome(outcome: Mapping[str, Any] | None, lists: Sequence[str]) -> list[Any]:
    found = outcome or {}
    figures = [found.get(name) for name in ("state", "code", "cast")]
    return [*_stamp(outcome), *figures, *(found.get("votes") or [None] * len(lists))]
