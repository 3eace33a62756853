"""The files of a count: what there is, how each column is to be read, how it stood at a moment, and how to cite it."""

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.components.sheet import about
from dashboard.datasets import asof, columns, reuse, setview
from dashboard.datasets.metadata import catalog_of, dataset_of
from dashboard.datasets.sets import PACKAGE, ContestFiles, Files, read_files
from dashboard.document import Page
from dashboard.moments import full_clock
from dashboard.reading import Data, Sheet, Visit
from dashboard.routes import CONTESTS, DATA

_Part = Component | Markup | None


def page(visit: Visit) -> Page:
    """The page at /data: of one contest's files, or of the contests that have some."""
    files, words = read_files(visit.source), visit.words
    sheet = Sheet(words, visit.now, visit.source.base, visit.source.meta(), {})
    is_one = len(files.contests) == 1
    package = visit.source.optional(f"{files.contests[0].sets[0]['address']}{PACKAGE}") if is_one else None
    package = package or {"resources": [], "licenses": []}
    shown = _of_one(visit, sheet, files.contests[0], package) if is_one else [_of_many(files.contests, sheet)]
    lead = [
        html.H1(words("data.title")),
        html.P(words("data.about")),
        *_state(files, sheet),
        asof.layout(visit, sheet, files.contests[0]) if is_one else None,
    ]
    body = [html.Div(lead, className="lead prose"), html.Div([*shown, reuse.programs(words)], className="below prose")]
    told = dataset_of(sheet, visit.home, files.contests[0], package) if is_one else catalog_of(sheet, visit.home, files)
    return replace(about(sheet, body, "data.title", visit.address), dataset=None if words.at else told)


def _state(files: Files, sheet: Sheet) -> list[Component]:
    """That there are none yet, and those that are being made."""
    words, making = sheet.words, files.making
    said: list[Component] = []
    if not files.contests:
        said.append(html.P(words("data.none_then" if words.at else "data.none"), className="note"))
    if making is not None:
        at = full_clock(making["as_of"], sheet.meta["timezone"])
        said.append(html.P(words.spans("data.making", seq=str(making["seq"]), at=at), className="soft"))
    return said


def _of_one(visit: Visit, sheet: Sheet, own: ContestFiles, package: Data) -> list[_Part]:
    words, zone, newest = sheet.words, sheet.meta["timezone"], own.sets[0]
    titles = columns.titles(package, words)
    described = columns.layout(package, sheet.meta["contest"]["lists"], words)
    return [
        _card(
            words("data.newest"),
            html.P(
                [html.B(setview.label(newest, words)), ". ", *setview.dated(newest, words, zone), "."],
                id=setview.anchor(newest),
            ),
            setview.progress(newest, words),
            setview.tables(newest, titles, words),
            html.P(words("data.in_spreadsheet"), className="soft"),
            setview.whole(newest, words),
            setview.sealed(newest, words),
            setview.sums(newest, words),
        ),
        _card(
            words("data.checkpoints"),
            html.P(words("data.checkpoints_about")),
            *(setview.line(one, words, zone) for one in own.sets[1:]),
        )
        if own.sets[1:]
        else None,
        _card(words("data.columns"), html.P(words("data.columns_about")), *described) if described else None,
        _card(words("data.examples"), *reuse.examples(newest, words, visit.home)),
        _card(words("data.cite"), *reuse.citation(own, sheet, visit.home)),
        _card(words("data.sources"), *reuse.sources(sheet, package)),
    ]


def _of_many(contests: Sequence[ContestFiles], sheet: Sheet) -> _Part:
    """The contests that have files, each with its newest."""
    words, zone = sheet.words, sheet.meta["timezone"]
    rows = [
        html.Li(
            [
                html.A(words.of(one.name), href=words.front(f"{CONTESTS}/{one.contest}{DATA}")),
                ": ",
                *setview.dated(one.sets[0], words, zone),
                html.Span(f" ({setview.human(one.sets[0]['bytes'])})", className="soft n"),
            ]
        )
        for one in contests
    ]
    return html.Section(html.Ul(rows, className="marked"), className="card") if rows else None


def _card(heading: str, *children: _Part) -> Component:
    return html.Section([html.H2(heading), *children], className="card")
