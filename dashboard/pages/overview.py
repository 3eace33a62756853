"""Election day's own page: all races of an election, as a map, as a table, and how many stand how."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard import marks
from dashboard.components import footer, racetable, regions, times
from dashboard.components.headline import title_of
from dashboard.components.races import Data, Group, counts_of, listed, meta_of
from dashboard.document import Page
from dashboard.needs import RACES
from dashboard.reading import PageView, Visit
from dashboard.routes import BALLOT, Route
from dashboard.words import Words
from tally.keys import NATION, UBIGEO_LEVELS, is_key
from texts.spelling import proper_name


def page(visit: Visit) -> Page | None:
    """The page at / and at /contests, or None for an area that cannot be."""
    within = visit.query.get("within", NATION)
    if within != NATION and not is_key(within, *UBIGEO_LEVELS):
        return None
    source, words = visit.source, visit.words
    meta = source.meta()
    body = source.get("/contests" if within == NATION else f"/contests?within={within}")
    outline = source.optional(f"/api/v1/geometry/outlines/{within}") if within == NATION else None
    told, (shown, behind) = meta_of(meta, body["rows"]), listed(body["rows"], within)
    view = PageView(Route(NATION), words, visit.now, source.presentation, told, {}, "", outline=outline)
    title = words.of(meta["name"])
    return Page(
        _layout(view, shown, behind, body["rows"], within),
        title,
        visit.address,
        footer=footer.layout(meta, words),
        base=f"{source.base}/contests",
        more={
            "table": {"epoch": body["epoch"], "version": body["version"], "contests": _followed(shown, behind, within)},
            "feed": told["feed"],
            "within": within,
            "as_of": body["as_of"] or meta["as_of"],
            "looks": {**regions.LOOKS, "": regions.BARE},
        },
        own_needs=RACES,
    )


def _followed(shown: Sequence[Data], behind: Sequence[Group], within: str) -> list[str] | None:
    """Of which races the page hears: of all, or of those that it lists."""
    is_part = bool(behind) or within != NATION
    return [race["id"] for race in shown] if is_part and shown else None


def _layout(
    view: PageView, shown: Sequence[Data], behind: Sequence[Group], races: Sequence[Data], within: str
) -> list[Component | None]:
    """How they stand and the way to one's own ballot; then map and table."""
    words = view.words
    names = {race["whole"]: race["place"] for race in races}
    name = None if within == NATION else proper_name(names.get(within, within))
    return [
        html.Div(
            [
                html.H1(title_of(view) if name is None else words("races.within", place=name)),
                counter(races, words),
                html.P(html.A(words("ballot.title"), href=words.front(BALLOT), className="button")),
                times.layout(view, times.OF_RACES),
                map_of(regions.layout(shown, view.outline, words), words),
            ],
            className="lead",
        ),
        html.Div(
            [
                _table(shown, words),
                racetable.groups(behind, names, words),
                None if races else html.P(words("races.none")),
            ],
            className="below",
        ),
    ]


def counter(races: Sequence[Data], words: Words) -> Component:
    """How many races stand how, each state with the pattern that the map has for it."""
    rows = [
        html.Li([html.I(className=f"race-key {state}"), html.Span(words.parts(f"race_count.{state}", html.B, n=n))])
        for state, n in counts_of(races).items()
    ]
    heading = html.H2(words("races.total", n=len(races)))
    return html.Section([heading, html.Ul(rows, className="states", **marks.data(states=""))], className="card")


def map_of(drawn: Markup | None, words: Words) -> Component | None:
    """The map of all races with its legend, where there is one."""
    if drawn is None:
        return None
    legend = html.P(words("races.map_legend"), className="soft")
    return html.Section([drawn, legend], className="regions-panel card", **marks.aria(label=words("map.map")))


def _table(shown: Sequence[Data], words: Words) -> Component | None:
    return html.Section(racetable.layout(shown, words), className="races-panel card") if shown else None
