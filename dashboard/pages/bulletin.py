"""A cut in words: the sentences of its bulletin, where their figures come from, and the bulletins of checkpoints."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.bulletin.checkpoints import name_of_checkpoint
from dashboard.components import panel
from dashboard.components.sheet import about
from dashboard.document import Page
from dashboard.moments import clock, normal
from dashboard.reading import Data, Sheet, Visit
from dashboard.routes import BULLETIN
from dashboard.words import Words, unparted, with_query

_REHEARSAL = "rehearsal"


def page(visit: Visit) -> Page:
    """The page at /bulletin of a count."""
    asked = _asked(visit.words)
    sheet = visit.sheet(f"/bulletin?{asked}&length=page")
    earlier = visit.source.get(f"/bulletins?{asked}&length=line")["bulletins"]
    body = [
        _lead(sheet, "/bulletin"),
        html.Div([*_told(sheet), _figures(sheet), _earlier(sheet, earlier)], className="below story"),
    ]
    return about(sheet, body, "bulletin.title", visit.address)


def front(visit: Visit) -> Page:
    """The page at /bulletin of an election with many contests."""
    sheet = visit.sheet(f"/contests/bulletin?{_asked(visit.words)}&length=page")
    body = [_lead(sheet, "/contests/bulletin"), html.Div([*_told(sheet), _figures(sheet)], className="below story")]
    return about(sheet, body, "bulletin.title", visit.address)


def _asked(words: Words) -> str:
    return f"lang={words.code}"


def _lead(sheet: Sheet, resource: str) -> Component:
    """What it is of, how it is written, and the ways to have it as a file."""
    words, asked = sheet.words, f"{sheet.base}{resource}?lang={sheet.words.code}&length=page"
    whole = asked if words.at is None else with_query(asked, f"at={words.at}")
    forms = [
        html.A(words("bulletin.as_text"), href=f"{whole}&format=text", target="_self"),
        html.A(words("bulletin.as_json"), href=whole, target="_self"),
    ]
    return html.Div(
        [
            html.H1([words("bulletin.title"), " ", html.Small(sheet.body["title"])]),
            html.P(words("bulletin.about"), className="soft"),
            html.P([forms[0], " · ", forms[1]]),
            panel.news(words),
        ],
        className="lead",
    )


def _told(sheet: Sheet) -> list[Component]:
    """A section for each heading; where each of many contests has its sentence, as a list."""
    sections = [(name, list(found)) for name, found in groupby(sheet.body["sentences"], itemgetter("section"))]
    return [
        html.Section(
            [
                html.H2(sheet.words(f"bulletin_section.{name}")),
                _listed(found) if name == "races" else _paragraph(found),
            ],
            className="card bulletin",
        )
        for name, found in sections
    ]


def _paragraph(sentences: Sequence[Data]) -> Component:
    """Of a rehearsal every page has a bar that says so: here that is no sentence."""
    return html.P(unparted(" ".join(one["text"] for one in sentences if one["id"] != _REHEARSAL)))


def _listed(sentences: Sequence[Data]) -> Component:
    return html.Ul([html.Li(unparted(one["text"])) for one in sentences], className="marked")


def _figures(sheet: Sheet) -> Component | None:
    """Every figure with the key and the version that have it."""
    words = sheet.words
    found = [figure for one in sheet.body["sentences"] for figure in one["figures"]]
    if not found:
        return None
    heads = [words(f"bulletin.{name}") for name in ("figure", "key", "version", "fields")]
    rows = {(one["text"], _key(one), one["version"], ", ".join(one["of"])): None for one in found}
    body = html.Tbody([_line(row, heads) for row in rows])
    label = words("bulletin.figures")
    table = panel.scroller(label, panel.table(heads, body, caption=label, class_name="twin records"))
    note = html.P(words("bulletin.figures_about"), className="soft")
    return html.Details([html.Summary(label), note, table], className="twin-panel card")


def _line(row: Sequence[str], heads: Sequence[str]) -> Component:
    """On a phone a block of its own, in which every cell is named."""
    cells = [html.Td(cell, **marks.data(head=head)) for cell, head in zip(row[1:], heads[1:], strict=True)]
    return html.Tr([html.Th(html.Span(row[0], className="n"), scope="row"), *cells])


def _key(figure: Data) -> str:
    return figure["key"] if figure["contest"] is None else f"{figure['contest']}: {figure['key']}"


def _earlier(sheet: Sheet, bulletins: Sequence[Data]) -> Component:
    """The checkpoints, each with its line and the way to its whole bulletin."""
    words = sheet.words
    told = html.Ol([_checkpoint(sheet, one) for one in bulletins], className="moments")
    said = told if bulletins else html.P(words("bulletin.none_earlier"))
    return html.Section([html.H2(words("bulletin.earlier")), said], className="card")


def _checkpoint(sheet: Sheet, one: Data) -> Component:
    words = sheet.words
    when = html.Time(clock(one["as_of"], sheet.now, sheet.meta["timezone"]), dateTime=one["as_of"], className="n")
    # It names its own moment, whatever moment this page shows.
    there = words.own(f"{words.root}{BULLETIN}?at={normal(one['as_of'])}")
    name = html.Span(f" · {name_of_checkpoint(words, one['checkpoint'])}", className="soft")
    return html.Li([html.P([html.A(when, href=there), name]), _paragraph(one["sentences"])])
