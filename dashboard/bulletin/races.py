"""An election with many contests in words: how many stand how, and each of them in a sentence or two."""

import re
from collections.abc import Iterator

from dashboard.bulletin.figure import Figure, Sentence, Subject, Value, name, together
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import write
from dashboard.components.outcome import part_of
from dashboard.components.races import Data, counts_of, is_settled, said_of, threshold_of, uncounted_of
from dashboard.figures import group
from dashboard.words import Words
from tally.keys import NATION

_CONTESTS = "contests"
_NUMBER = re.compile(r"[0-9]+(?: [0-9]{3})*(?:\.[0-9]+)?(?: %)?|[0-9]+/[0-9]+")


def bulletin_of_races(table: Data, length: Length, words: Words) -> list[Sentence]:
    """The bulletin of the API's table of contests."""
    whole = Subject("whole", frozenset({"is_test"} if table["is_test"] else ()))
    rows = table["rows"]
    subjects = [whole, _all(table, words), *(_one(row, words) for row in rows)]
    return write(subjects, length, words)


def _all(table: Data, words: Words) -> Subject:
    rows, version = table["rows"], table["version"]
    states = {
        state: Value(words(f"race_count.{state}", n=n), _number(n, version, f"counts.{state}").figures)
        for state, n in counts_of(rows).items()
    }
    decided = sum(map(_is_decided, rows))
    values = {
        "n": _number(len(rows), version, "rows"),
        "total": _number(len(rows), version, "rows"),
        "decided": _number(decided, version, "rows.outcome"),
        "states": together(", ".join(value.shown for value in states.values()), *states.values()),
    }
    return Subject("races", frozenset({"some_decided" if decided else "none_decided"}), values)


def _is_decided(row: Data) -> bool:
    return row["outcome"] is not None and is_settled(row["outcome"])


def _number(n: int, version: int, field: str) -> Value:
    return Value(n, (Figure(group(n), n, _CONTESTS, version, (field,), "number"),))


def _one(row: Data, words: Words) -> Subject:
    """A contest: what is certain of it and what is open."""
    said = said_of(row, words).replace("\u00a0", " ")
    stated = _NUMBER.findall(said)
    figures = tuple(figure for figure in _figures(row) if figure.text in stated)
    return Subject(
        "race", frozenset({row["state"]}), {"place": name(words.of(row["name"])), "said": Value(said, figures)}
    )


def _figures(row: Data) -> Iterator[Figure]:
    """Every figure that a sentence about it may state."""

    def figure(text: str, value: int | str, *fields: str) -> Figure:
        of = tuple(f"row.{field}" for field in fields)
        return Figure(text, value, NATION, row["seq"] or 0, of, "sum" if len(of) > 1 else "value", contest=row["id"])

    out = uncounted_of(row)
    yield figure(group(out), out, *(f"actas.{bucket}" for bucket in ("challenged", "pending")))
    for place, margin in enumerate((row["outcome"] or {}).get("margins", ())):
        votes = abs(margin["votes"])
        yield figure(group(votes), votes, f"outcome.margins.{place}.votes")
    if threshold_of(row) is not None:
        yield figure(part_of(row["rule"]).replace("\u00a0", " "), row["rule"]["threshold"], "rule.threshold")
