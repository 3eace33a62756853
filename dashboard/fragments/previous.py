"""An area or place beside the election before: turnout, the lists that the file declares, voters, or why not."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import panel
from dashboard.figures import DASH, change, group, percent
from dashboard.naming import name_of
from dashboard.reading import Data, PageView
from dashboard.words import Words
from texts.spelling import proper_name

_DECIMALS = 2


def layout(view: PageView) -> Component | None:
    """Folded; nothing where the election names none before it, or that is not here."""
    return None if view.previous is None else said(view.previous, view.words)


def said(answer: Data, words: Words) -> Component | None:
    """The line and, below it, all figures; the browser asks for it again when the count moves."""
    if not answer["rows"]:
        return None
    row, before = answer["rows"][0], answer["previous"]
    year = before["date"][:4]
    told = _figures(row, answer, words) if row["then"] else _apart(row, answer, words)
    ended = words("previous.ended", election=words.of(before["name"]), source=words.of(before["source"]))
    summary = html.Summary([html.B(words("previous.heading", year=year)), " ", *_line(row, before, words)])
    return html.Details(
        [summary, *told, html.P(ended, className="soft")], className="previous card", **marks.data(said="previous")
    )


def _line(row: Data, before: Data, words: Words) -> list[Any]:
    """What changed, in a line: turnout, then each list."""
    now, then = row["now"], row["then"]
    if not then:
        return [words(f"previous_short.{row['match']}")]
    if now["valid"] is None:
        return [words("previous.not_begun")]
    moved = [(words("previous.turnout"), change(now["cast"], now["roll"], then["cast"], then["roll"]))]
    moved += [
        (one["short"], change(now["votes"][place], now["valid"], then["votes"][place], then["valid"]))
        for place, one in enumerate(before["lists"])
    ]
    spans = [words.spans("previous.moved", name=name, points=points) for name, points in moved]
    return [part for place, span in enumerate(spans) for part in ([" · "] if place else []) + span]


def _figures(row: Data, answer: Data, words: Words) -> list[Component]:
    """The table, what it was called then, and what is not in it yet."""
    notes = [words("previous.former_name", name=proper_name(row["former_name"]))] if row["former_name"] else []
    return [_table(row["now"], row["then"], answer["previous"], words), *map(html.P, [*notes, *_notes(answer, words)])]


def _apart(row: Data, answer: Data, words: Words) -> list[Component]:
    """Why it is not compared by itself, and with what it is compared together."""
    reason: list[Component] = [html.P(words(f"previous_why.{row['match']}"))]
    found = [group for group in answer["groups"] if group["number"] == row["group"]]
    if not found:
        return reason
    together = found[0]
    reason.append(html.P(words.of(together["why"])))
    if not together["now"] or not together["then"]:
        return reason
    names = {side: _names(together[f"{side}_areas"], words) for side in ("then", "now")}
    heading = html.P(words("previous.together", **names))
    table = _table(together["now"], together["then"], answer["previous"], words)
    return [*reason, heading, table, *map(html.P, _notes(answer, words))]


def _names(areas: Sequence[Data], words: Words) -> str:
    return ", ".join(name_of(words, one["key"], one["name"]) for one in areas)


def _notes(answer: Data, words: Words) -> list[str]:
    before = answer["previous"]
    partial = before["counted"] is not None and before["counted"] < before["total"]
    told = [words("previous.partial", counted=before["counted"], total=before["total"])] if partial else []
    return [words("previous.so_far"), *told]


def _table(now: Data, then: Data, before: Data, words: Words) -> Component:
    heads = [words("previous.figure"), before["date"][:4], words("previous.now"), words("previous.change")]
    rows = [_row(words("previous.turnout"), now["cast"], now["roll"], then["cast"], then["roll"])]
    for place, one in enumerate(before["lists"]):
        name = one["short"] if one["short"] == one["then_short"] else f"{one['then_short']} → {one['short']}"
        rows.append(_row(name, now["votes"][place], now["valid"], then["votes"][place], then["valid"]))
    voters = (group(then["registered"]), group(now["registered"]), _growth(now["registered"], then["registered"]))
    rows.append(_cells(words("previous.registered"), voters))
    return panel.scroller(words("previous.figure"), panel.table(heads, html.Tbody(rows)))


def _row(name: str, part: int | None, whole: int | None, before: int | None, of_before: int | None) -> Component:
    sides = percent(before, of_before, _DECIMALS), percent(part, whole, _DECIMALS)
    return _cells(name, (*sides, change(part, whole, before, of_before)))


def _cells(name: str, cells: Sequence[str]) -> Component:
    return html.Tr([html.Th(name, scope="row"), *map(html.Td, cells)])


def _growth(now: int | None, then: int | None) -> str:
    """By how much there are more, or fewer, in percent of then."""
    return DASH if now is None or not then else f"{change(now, then, 1, 1)} %"
