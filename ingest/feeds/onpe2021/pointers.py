"""Where the figures of an area or a mesa stand in an answer of the 2021 feed."""

from collections.abc import Iterable

import msgspec

from ingest.feeds import Kept
from ingest.feeds.onpe2021 import questions, words
from ingest.feeds.onpe2021.text import find, read
from ingest.feeds.pointers import FigurePlace, Pointers, field_of, places_of, votes_of
from tally.election import Contest
from tally.keys import Level, code_of, is_key

_results = msgspec.json.Decoder(words.Results)
_detail = msgspec.json.Decoder(words.Detail)

_BUCKETS = {name: name for name in ("counted", "at_jee", "pending", "total")}
_ACTA = {"registered": "registered", "state": "state"}


def locate(answer: Kept, contest: Contest, key: str) -> Pointers | None:
    """See Feed.locate. An acta names no mesa in this generation: the address does."""
    [question] = answer.questions
    if is_key(key, Level.MESA):
        if not question.path.endswith(questions.acta(code_of(key)).path):
            return None
        president = read(answer.body, _detail).processes.president
        if president is None:
            return None
        processes, presidential = field_of(words.Detail, "processes"), field_of(words.Processes, "president")
        above, head = f"/{processes}/{presidential}", f"/{field_of(words.President, 'head')}"
        figures = places_of(words.ActaGeneral, head, _ACTA)
        lines = f"/{field_of(words.President, 'lines')}"
        return Pointers(above, {}, figures | _lines(words.VoteRow, lines, president.lines, contest))
    if not question.path.endswith(questions.results(contest, questions.ubigeo_of(key)).path):
        return None
    rows = read(answer.body, _results).rows
    figures = places_of(words.Summary, f"/{field_of(words.Results, 'summary')}", _BUCKETS)
    return Pointers("", {}, figures | _lines(words.ResultRow, f"/{field_of(words.Results, 'rows')}", rows, contest))


def _lines(
    kind: type[msgspec.Struct], above: str, rows: Iterable[words.ResultRow | words.VoteRow], contest: Contest
) -> dict[str, FigurePlace]:
    """Places of the rows of lists, which their codes name, and of the sums among them, which their names do."""
    codes = {entry.code for entry in contest.lists}
    code, name, votes = (field_of(kind, one) for one in ("code", "name", "votes"))
    found = {}
    for n, row in enumerate(rows):
        if row.code is not None and row.code in codes:
            found[votes_of(row.code)] = FigurePlace(f"{above}/{n}", votes, {code: row.code})
        elif label := find(row.name, words.LABELS):
            found[words.LABELS[label]] = FigurePlace(f"{above}/{n}", votes, {name: row.name})
    return found
