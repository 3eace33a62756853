"""The races on one ballot: those in which a district, or a mesa of it, votes. The choice stands in the address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard import marks
from dashboard.components import footer, panel, racetable, times
from dashboard.components.outcome import part_of
from dashboard.components.races import Data, meta_of, said_of, threshold_of
from dashboard.document import Page
from dashboard.figures import group
from dashboard.markup import element
from dashboard.needs import ONE_BALLOT
from dashboard.reading import PageView, Refused, Source, Visit
from dashboard.routes import BALLOT, MOMENT, Route, path_of, root_of
from dashboard.words import Words
from tally.keys import NATION, Level, area_key, code_of, is_district
from texts.language import DEFAULT_LANGUAGE
from texts.spelling import proper_name

_FOUND_AT = (Level.DISTRICT, Level.MESA)
_MOST_HITS = 20
_FIELD = "ballot-place"


def page(visit: Visit) -> Page | None:
    """The page at /mi-cedula: of a place, of what was found by a name, or the question alone."""
    source, words = visit.source, visit.words
    where = visit.query.get("where", "")
    meta, query = source.meta(), visit.query.get("q", "").strip()
    races = _races(source, where)
    told = meta_of(meta, races)
    view = PageView(Route(NATION), words, visit.now, source.presentation, told, {}, "")
    hits = _hits(source, query or where) if query or where else []
    name = _place(where, hits, words)
    title = words("ballot.heading", place=name) if races else words("ballot.title")
    lead = [html.H1(title), _said(where, query, words, is_known=bool(races)), _form(query, words, is_open=not races)]
    cards: list[Component | None] = [_card(race, where, name, words) for race in races]
    body = [
        html.Div([*lead, times.layout(view, times.OF_RACES) if races else None], className="lead"),
        html.Div(cards or _choice(hits, query, words), className="below ballot"),
    ]
    return Page(
        body,
        f"{title} · {words.of(meta['name'])}",
        visit.address,
        footer=footer.layout(meta, words),
        base=f"{source.base}/contests",
        more={"feed": told["feed"], "table": {"contests": [race["id"] for race in races], "ballot": where}},
        own_needs=ONE_BALLOT,
    )


def _races(source: Source, where: str) -> Sequence[Data]:
    """None where it is no place: whatever stands in an address, the page asks again."""
    try:
        rows: Sequence[Data] = source.get(f"/contests?ballot={quote(where)}")["rows"] if where else ()
    except (LookupError, Refused):
        return ()
    return rows


def _hits(source: Source, query: str) -> list[Data]:
    now = replace(source, at=None)  # names are of no moment
    found: list[Data] = now.get(f"/search?q={quote(query)}&limit={_MOST_HITS}")["hits"]
    return [hit for hit in found if hit["level"] in _FOUND_AT]


def _place(where: str, hits: Sequence[Data], words: Words) -> str:
    """What the place of a ballot is called; its number where nothing is known of it."""
    own = next((hit for hit in hits if code_of(hit["key"]) == where), None)
    if own is None:
        return where
    return words("area.mesa", number=where) if own["level"] == Level.MESA else proper_name(own["name"])


def _said(where: str, query: str, words: Words, *, is_known: bool) -> Component:
    if where and not is_known:
        return html.P(words("ballot.unknown", where=where), className="note amber", role="alert")
    return html.P(words("ballot.keep" if is_known else "ballot.about"), className="soft")


def _form(query: str, words: Words, *, is_open: bool) -> Component | Markup:
    """The question; folded away once it is answered. It works without a script."""
    chosen = {"lang": None if words.code == DEFAULT_LANGUAGE else words.code, MOMENT: words.at}
    kept = [element("input", type="hidden", name=name, value=value) for name, value in chosen.items() if value]
    label = html.Label(words("ballot.label"), htmlFor=_FIELD)
    field = element("input", type="search", name="q", id=_FIELD, value=query or None, required=True)
    asked = html.Div([field, html.Button(words("ballot.find"), className="quiet")])
    form = element("form", [label, asked, *kept], action=BALLOT, className="ballot-form card")
    return form if is_open else html.Details([html.Summary(words("ballot.change")), form])


def _choice(hits: Sequence[Data], query: str, words: Words) -> Component | None:
    """What was found, each a link to its own ballot."""
    if not query:
        return None
    if not hits:
        return html.P(words("ballot.none", query=query), className="note", role="alert")
    return html.Section([html.H2(words("ballot.found")), html.Ul([_hit(hit, words) for hit in hits])], className="card")


def _hit(hit: Data, words: Words) -> Component:
    code = code_of(hit["key"])
    name = words("area.mesa", number=code) if hit["level"] == Level.MESA else proper_name(hit["name"])
    around = " · ".join(proper_name(part) for part in hit["context"].split(" · "))
    return html.Li(
        [html.A(name, href=words.front(f"{BALLOT}?where={code}")), " ", html.Small(around, className="soft")]
    )


def _card(race: Data, where: str, name: str, words: Words) -> Component:
    """One race: what is certain, its first lists, how much is counted, and the ways on."""
    root, part = root_of(race["id"]), threshold_of(race)
    return html.Article(
        [
            html.H2(html.A(racetable.name_of(race, words), href=words.front(f"{root}/"))),
            racetable.state_mark(race["state"], words),
            html.P(said_of(race, words), **marks.data(r="said")),
            racetable.standing(race, is_full=True),
            None
            if part is None
            else html.P(words("races.threshold", part=part_of(race["rule"])), className="threshold soft"),
            panel.facts(_facts(race, words)),
            html.P(_ways(root, where, name, words)),
        ],
        className="race-card card",
        **marks.data(race=race["id"], state=race["state"]),
    )


def _facts(race: Data, words: Words) -> list[tuple[str, Any]]:
    """Actas, and the votes that are not valid: blank and null apart only where the source tells them apart."""
    said = [(words("races.actas"), html.Span(racetable.counted(race, words), className="counted-of"))]
    if race["blank"] is not None and race["null"] is not None:
        parts = [("blank", race["blank"]), ("null", race["null"])]
    else:
        parts = [("blank_null", race["blank_null_together"])]
    known = [(name, votes) for name, votes in parts if votes is not None]
    return [*said, *((words(f"races.{name}"), html.Span(group(votes), **marks.data(r=name))) for name, votes in known)]


def _ways(root: str, where: str, name: str, words: Words) -> list[Component]:
    """To the race's own count, and to how this district voted in it."""
    ways: list[Component] = [html.A(words("races.board"), href=words.front(f"{root}/"))]
    if is_district(where):
        here = words.front(f"{root}{path_of(area_key(where))}")
        ways.append(html.A(words("races.here", place=name), href=here))
    return ways
