"""How a count is checked: what is compared, refused and looked at again, and what the sealed archive proves."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.components import official, panel
from dashboard.components.methods import flags, quickcount
from dashboard.components.sheet import about
from dashboard.document import Page
from dashboard.figures import group
from dashboard.moments import clock
from dashboard.naming import kind_of, name_of
from dashboard.reading import Data, Sheet, Visit
from dashboard.routes import path_of
from dashboard.vocabulary import GATE
from dashboard.words import Words
from texts.issues import sentence


def page(visit: Visit) -> Page:
    """The page at /methods."""
    sheet = visit.sheet("/reconciliation")
    return about(sheet, layout(sheet, visit.source.program()), "methods.title", visit.address)


def layout(sheet: Sheet, program: Data) -> list[Component]:
    """Numbers of now first, then the rules and their reasons, then the archive."""
    words = sheet.words
    return [
        html.Div([html.H1(words("methods.title")), html.P(words("methods.about"), className="soft")], className="lead"),
        html.Div(
            [
                _section(words("methods.compared_heading"), _compared(sheet)),
                _section(words("methods.held_heading"), [html.P(words("methods.held")), _rules(sheet)]),
                _section(
                    words("methods.looks_heading"),
                    [
                        html.P(words("methods.decrease", looks=str(GATE["lower_looks"]))),
                        html.P(words("methods.older", looks=str(GATE["older_looks"]))),
                        html.P(words("methods.looks_why")),
                    ],
                ),
                _section(words("methods.never_heading"), [html.P(words("methods.never"))]),
                _section(words("flag_tests.heading"), flags.layout(words)),
                _section(words("quick_count_methods.heading"), quickcount.layout(words)),
                *(
                    [_section(words("official.heading"), official.layout(sheet))]
                    if sheet.meta["official_final"]
                    else []
                ),
                _section(words("archive.heading"), _archive(sheet), ids.ARCHIVE),
                _section(words("program.heading"), _program(sheet.words, program)),
            ],
            className="below prose",
        ),
    ]


def _section(heading: str, children: Sequence[Component | None], anchor: str | None = None) -> Component:
    body = [html.H2(heading), *children]
    return html.Section(body, className="card", id=anchor) if anchor else html.Section(body, className="card")


def _compared(sheet: Sheet) -> list[Component | None]:
    """How many areas agree now, and every one that does not."""
    words, body = sheet.words, sheet.body
    differences = body["differences"]
    figures = (
        ("methods.compared", body["compared"]),
        ("methods.differences", len(differences)),
        ("methods.other_cuts", body["at_other_cuts"]),
    )
    return [
        html.P(words("methods.compared_about")),
        panel.facts((words(name), html.B(group(number), className="n")) for name, number in figures),
        html.Ul([_difference(sheet, area) for area in differences], className="marked") if differences else None,
    ]


def _difference(sheet: Sheet, area: Mapping[str, Any]) -> Component:
    words = sheet.words
    name = html.A(name_of(words, area["key"], area["name"]), href=words.href(path_of(area["key"])))
    level = html.Span(kind_of(words, area["key"]), className="soft")
    return html.Li([name, " ", level, ": ", "; ".join(sentence(words, flag) for flag in area["flags"]), "."])


def _rules(sheet: Sheet) -> Component:
    """What holds a value, as one sentence in a list."""
    *rest, last = (sheet.words(f"rules.{rule}") for rule in sheet.words.texts["rules"])
    return html.Ul([*(html.Li(f"{rule};") for rule in rest), html.Li(f"{last}.")], className="marked")


def _archive(sheet: Sheet) -> list[Component | None]:
    """What is kept, what its seal proves and what it does not, and the newest seal in full."""
    words, head = sheet.words, sheet.meta["archive"]
    said: list[Component | None] = [html.P(words(f"archive.{name}")) for name in ("kept", "proves", "not_proves")]
    if head is None:
        return [*said, html.P(words("archive.none"))]
    at = clock(head["at"], sheet.now, sheet.meta["timezone"])
    return [
        *said,
        html.P(words.spans("archive.newest", size=head["size"], at=at)),
        html.P(html.Code(head["root"], className="whole")),
        html.P(html.A(words("archive.download"), href=f"{sheet.base}/head")),
    ]


def _program(words: Words, program: Data) -> list[Component]:
    """Which version made this page, and of which commit it is, where that is known."""
    facts: list[tuple[str, Component]] = [(words("program.version"), html.B(program["version"]))]
    if program["commit"] is not None:
        facts.append((words("program.commit"), html.Code(program["commit"], className="whole")))
    return [html.P(words("program.about")), panel.facts(facts)]
