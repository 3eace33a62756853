"""Where the figures of an area or a mesa stand in an answer of the 2026 feed."""

from collections.abc import Sequence

import msgspec

from ingest.feeds import Kept
from ingest.feeds.onpe2026 import questions, words
from ingest.feeds.onpe2026.parse import unwrap
from ingest.feeds.pointers import FigurePlace, Pointers, Written, field_of, places_of, votes_of
from ingest.fetch import Question
from tally.election import Contest
from tally.keys import Level, code_of, is_key

_totals = msgspec.json.Decoder(words.Envelope[words.Totals])
_participants = msgspec.json.Decoder(words.Envelope[list[words.Participant]])
_search = msgspec.json.Decoder(words.Envelope[list[words.ActaRow]])
_page = msgspec.json.Decoder(words.Envelope[words.PageOfActas])

_BUCKETS = {name: name for name in ("counted", "at_jee", "pending", "total", "cast", "valid")}
_ACTA = {"registered": "registered", "cast": "cast", "valid": "valid", "code": "state"}
_SUMS = {words.BLANK: "blank", words.NULL: "null"}
_ON_ACTAS = {**_SUMS, words.CHALLENGED: "challenged"}
_DATA = "/data"


def locate(answer: Kept, contest: Contest, key: str) -> Pointers | None:
    """See Feed.locate."""
    [question] = answer.questions
    if is_key(key, Level.MESA):
        return _locate_mesa(answer.body, question, contest, code_of(key))
    if question == questions.totals(contest, key):
        unwrap(answer.body, _totals)
        return Pointers(_DATA, {}, places_of(words.Totals, "", _BUCKETS))
    if question in questions.participants(contest, key):
        rows = unwrap(answer.body, _participants)
        lines = [(row.code, f"/{n}") for n, row in enumerate(rows)]
        return Pointers(_DATA, {}, _lines(words.Participant, lines, contest, _SUMS))
    return None


def _locate_mesa(body: bytes, question: Question, contest: Contest, mesa: str) -> Pointers | None:
    if question == questions.acta_search(mesa):
        rows, above = unwrap(body, _search), _DATA
    elif question.path == questions.ACTAS:
        rows, above = unwrap(body, _page).rows, f"{_DATA}/{field_of(words.PageOfActas, 'rows')}"
    else:
        return None
    for n, row in enumerate(rows):
        if (row.mesa, row.election) == (mesa, contest.source_id):
            named: dict[str, Written] = {
                field_of(words.ActaRow, "mesa"): mesa,
                field_of(words.ActaRow, "election"): row.election,
            }
            return Pointers(f"{above}/{n}", named, _acta(row, contest))
    return None


def _acta(row: words.ActaRow, contest: Contest) -> dict[str, FigurePlace]:
    above = f"/{field_of(words.ActaRow, 'lines')}"
    lines = [
        (line.code, f"{above}/{n}")
        for n, line in enumerate(row.lines or ())
        if line.status != words.WITHDRAWN or line.votes is not None  # it has none by law, not by that field
    ]
    return places_of(words.ActaRow, "", _ACTA) | _lines(words.DetailRow, lines, contest, _ON_ACTAS)


def _lines(
    kind: type[msgspec.Struct], lines: Sequence[tuple[int | str, str]], contest: Contest, sums: dict[str, str]
) -> dict[str, FigurePlace]:
    """Places of the rows of lists, and of the sums that stand among them under codes of their own."""
    names = {entry.code: votes_of(entry.code) for entry in contest.lists} | sums
    code, votes = field_of(kind, "code"), field_of(kind, "votes")
    return {names[str(own)]: FigurePlace(row, votes, {code: own}) for own, row in lines if str(own) in names}
