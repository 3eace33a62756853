"""The ledger of corrections: every number that went down or was replaced, was held back or was released."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.components import panel
from dashboard.components.sheet import about
from dashboard.document import Page
from dashboard.ledger import EVERY_KIND, LEVELS, LedgerChoice, Move, moves, read_choice
from dashboard.moments import clock
from dashboard.naming import kind_of, name_of
from dashboard.reading import Sheet, Visit
from dashboard.routes import path_of
from dashboard.vocabulary import NOTED_KINDS
from texts.issues import sentence

_HASH_SHOWN = 12
# A version is never cut by the API; one that replaced thousands of numbers is told by its first lines and the CSV.
_MOST_LINES = 200


def page(visit: Visit) -> Page | None:
    """The page at /corrections, or None for a query that chooses nothing."""
    choice = read_choice(visit.query)
    if choice is None:
        return None
    sheet = visit.sheet(choice.resource)
    return about(sheet, layout(sheet, choice), "corrections.title", visit.address)


def layout(sheet: Sheet, choice: LedgerChoice) -> list[Component]:
    """What is listed and how to narrow it; then the lines, newest first."""
    words = sheet.words
    return [
        html.Div(
            [
                html.H1(words("corrections.title")),
                html.P(words("corrections.about"), className="soft"),
                _filter(sheet, choice, "level", (None, *LEVELS)),
                _filter(sheet, choice, "kind", (*NOTED_KINDS, EVERY_KIND)),
                panel.sheets(words, partial(choice.sheet, sheet.base)),
                panel.news(words),
            ],
            className="lead",
        ),
        html.Div([_news(choice), *_lines(sheet, choice), _pages(sheet, choice)], className="below"),
    ]


def _filter(sheet: Sheet, choice: LedgerChoice, name: str, values: tuple[str | None, ...]) -> Component:
    """One group of links; the standing one says so."""
    label = sheet.words(f"corrections.by_{name}")
    return panel.choices(label, html.Ul([html.Li(_option(sheet, choice, name, value)) for value in values]))


def _option(sheet: Sheet, choice: LedgerChoice, name: str, value: str | None) -> Component:
    shown = value or EVERY_KIND
    text = sheet.words(f"levels.{shown}" if name == "level" else f"kinds.{shown}")
    chosen = replace(choice, **{name: value, "before": None})  # type: ignore[arg-type] # its name is not known here
    standing = marks.aria(current="true") if getattr(choice, name) == value else {}
    return html.A(text, href=sheet.words.href(chosen.path), **standing)


def _news(choice: LedgerChoice) -> Component | None:
    """Where the browser offers to show what has come since; corrections alone are told live."""
    if choice.kind not in (NOTED_KINDS[0], EVERY_KIND):
        return None
    return html.P(id=ids.NEWS, role="status", hidden=True, **marks.data(level=choice.level or ""))


def _lines(sheet: Sheet, choice: LedgerChoice) -> list[Component]:
    lines, words = sheet.body["corrections"], sheet.words
    if not lines:
        is_whole = choice == LedgerChoice()
        return [html.P(words("corrections.empty" if is_whole else "corrections.empty_choice"), className="card")]
    shown: list[Component] = [html.Ol([_line(sheet, line) for line in lines[:_MOST_LINES]], className="ledger")]
    rest = len(lines) - _MOST_LINES
    return [*shown, html.P(words("corrections.rest", n=rest), className="note amber")] if rest > 0 else shown


def _pages(sheet: Sheet, choice: LedgerChoice) -> Component | None:
    links = [(replace(choice, before=None), "corrections.newest")] if choice.before else []
    if sheet.body["next"]:
        links.append((replace(choice, before=sheet.body["next"]), "corrections.older"))
    return panel.pages((sheet.words(name), sheet.words.href(to.path)) for to, name in links)


def _line(sheet: Sheet, line: Mapping[str, Any]) -> Component:
    words, key = sheet.words, line["key"]
    return html.Li(
        [
            html.H2(
                [
                    html.A(name_of(words, key, line["name"]), href=words.href(path_of(key))),
                    html.Small(kind_of(words, key), className="soft"),
                ]
            ),
            html.P(
                [
                    html.Span(words(f"kind.{line['kind']}"), className=f"kind {line['kind']}"),
                    html.Time(clock(line["at"], sheet.now, sheet.meta["timezone"]), dateTime=line["at"]),
                ]
            ),
            _moved(sheet, line),
            *_reasons(sheet, line),
            _source(sheet, line["src"]),
        ],
        className="card",
    )


def _moved(sheet: Sheet, line: Mapping[str, Any]) -> Component | None:
    """Before, after and difference of the figures that differ, ONPE's and ours apart."""
    found, words = moves(line["before"], line["after"]), sheet.words
    states = [(side or {}).get("state") for side in (line["before"], line["after"])]
    bodies = [_body(sheet, side, rows) for side, rows in found.items()]
    if states[0] != states[1] and all(states):
        texts = [html.Td(words(f"mesa_state.{state}")) for state in states]
        bodies.insert(0, html.Tbody(html.Tr([html.Th(words("table.state"), scope="row"), *texts, html.Td("")])))
    if not bodies:
        return None
    heads = [words(f"corrections.{name}") for name in ("figure", "before", "after", "difference")]
    return panel.scroller(name_of(words, line["key"], line["name"]), panel.table(heads, *bodies))


def _body(sheet: Sheet, side: str, rows: list[Move]) -> Component:
    head = [html.Tr(html.Th(sheet.words(f"comparison.{side}"), colSpan=4, scope="rowgroup"))] if side else []
    return html.Tbody(head + [_row(sheet, move) for move in rows])


def _row(sheet: Sheet, move: Move) -> Component:
    lists = sheet.meta["contest"]["lists"]
    name = lists[move.figure]["short"] if isinstance(move.figure, int) else sheet.words(f"figure.{move.figure}")
    cells = [html.Td(html.Span(text, className="n")) for text in (move.before, move.after, move.difference)]
    return html.Tr([html.Th(name, scope="row"), *cells])


def _reasons(sheet: Sheet, line: Mapping[str, Any]) -> list[Component]:
    """Why a value was held; who released it, and why."""
    words, note = sheet.words, line["note"]
    held = [sentence(words, issue) for issue in line["after"].get("held") or ()]
    said: list[Component] = (
        [html.P(words("corrections.held", why="; ".join(held)), className="note amber")] if held else []
    )
    if note:
        said.append(html.P(words("corrections.released", who=note.get("by", ""), why=note.get("reason", ""))))
    return said


def _source(sheet: Sheet, src: str | None) -> Component:
    """The short hash of each file that said so, whole in its title; our own sums have none."""
    if src is None:
        return html.P(sheet.words("corrections.computed"), className="soft")
    codes: list[Any] = []
    for one in dict.fromkeys(src.split("+")):
        codes += [" ", html.Code(one.removeprefix("sha256:")[:_HASH_SHOWN], title=one)]
    said = html.P([sheet.words("corrections.source"), *codes], className="soft")
    return html.Details([html.Summary(sheet.words("methods.title")), said])
