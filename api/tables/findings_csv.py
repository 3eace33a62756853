"""Findings that leave the house as CSV: a line for each answer of each row, or one for a row of numbers and times."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from api.tables.results_csv import write_csv
from mission.findings.figures import FindingFigures
from mission.findings.sampled import SampleFindings
from mission.findings.table import FindingGroup, FindingRow, QuestionFindings
from tally.keys import area_key

_COLUMNS = (
    *("form", "question", "question_text", "group", "region", "region_name", "regions", "setting"),
    *("assigned", "visited", "observers", "answers", "not_applicable", "undecided", "doubtful"),
    *("answer", "n", "share", "quartile_1", "median", "quartile_3"),
    *("sample_drawn", "sample_answered", "sample_share", "sample_low", "sample_high", "is_test"),
)


def write_findings(findings: Iterable[QuestionFindings], name: Callable[[str], str | None], *, is_test: bool) -> bytes:
    """CSV with a header line; `name` gives the name of an area by its key. What is kept in the house is empty."""
    return write_csv(_COLUMNS, _lines(findings, name, is_test))


def _lines(
    findings: Iterable[QuestionFindings], name: Callable[[str], str | None], is_test: bool
) -> Iterator[list[Any]]:
    for one in findings:
        for row in one.rows:
            head = [one.form, one.question.id, one.question.label["es"], *_row(row, name)]
            sampled = one.sampled if row.group is FindingGroup.ALL else None
            for answer in _answers(row.figures):
                yield [*head, *answer, *_sampled(sampled, answer[0]), "true" if is_test else "false"]


def _row(row: FindingRow, name: Callable[[str], str | None]) -> list[Any]:
    figures, region = row.figures, row.region or None
    counts = (figures.base, figures.not_applicable, figures.conflicting, figures.doubtful) if figures else (None,) * 4
    return [
        row.group.value,
        region,
        None if region is None else name(area_key(region)),
        row.regions,
        row.setting,
        row.assigned,
        row.visited,
        row.observers,
        *counts,
    ]


def _answers(figures: FindingFigures | None) -> Iterator[tuple[Any, ...]]:
    nothing = (None,) * 3
    if figures is not None and figures.answers:
        yield from ((one.answer, one.n, _rounded(one.share), *nothing) for one in figures.answers)
    elif figures is not None and figures.quartiles is not None:
        found = figures.quartiles
        yield (*nothing, found.low, found.median, found.high)
    else:
        yield (*nothing, *nothing)


def _sampled(sampled: SampleFindings | None, answer: str | None) -> tuple[Any, ...]:
    """Of a random sample, beside the row of everything."""
    if sampled is None:
        return (None,) * 5
    share = sampled.shares.get(answer or "")
    told = (None,) * 3 if share is None else tuple(map(_rounded, (share.share, share.low, share.high)))
    return (sampled.drawn, sampled.answered, *told)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
