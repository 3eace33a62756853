"""The page of a polling place: its sum, its mesas, where it lies, and its neighbours."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import actas, breadcrumb, headline, mesas, times
from dashboard.fragments import previous
from dashboard.markup import element
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import path_of
from tally.keys import Level, level_of

# Others of a district that stand before the rest fold away.
_FIRST = 12


def layout(view: PageView) -> list[Component | None]:
    """The place's numbers, then every mesa with its votes and its state in a word; then what lies around it."""
    populated = view.data.get("populated_place")
    return [
        breadcrumb.layout(view),
        html.Div(
            [
                html.H1(headline.title_of(view)),
                html.P(view.words("place.populated", name=populated), className="soft") if populated else None,
                headline.layout(view),
                times.layout(view),
                actas.layout(view),
                previous.layout(view),
                _where(view),
            ],
            className="lead",
        ),
        html.Div([mesas.layout(view), _neighbours(view)], className="below"),
    ]


def _named(view: PageView, level: Level) -> tuple[str, str] | None:
    """Key and name of the area of a level in which the place lies."""
    found = next(((key, name) for key, name in view.parents if level_of(key) is level), None)
    return None if found is None else (found[0], name_of(view.words, *found))


def _where(view: PageView) -> Component | None:
    """Its district within the province, and how exactly one knows where it lies."""
    district, province, outline = _named(view, Level.DISTRICT), _named(view, Level.PROVINCE), view.outline
    if district is None or province is None or outline is None or district[0] not in outline["paths"]:
        return None
    told = {"place": district[1], "province": province[1]}
    paths = [
        element("path", d=path, className="here" if key == district[0] else None)
        for key, path in outline["paths"].items()
    ]
    box = f"0 0 {outline['width']} {outline['height']}"
    label = {"aria-label": view.words("place.map", **told)}
    drawn = element("svg", paths, viewBox=box, role="img", **label, xmlns="http://www.w3.org/2000/svg")
    link = html.A(view.words("place.where", **told), href=view.href(path_of(district[0])))
    return html.Section([drawn, html.P(link), html.P(_worth(view), className="soft")], className="where card")


def _worth(view: PageView) -> str:
    """What is known of where it is."""
    position = view.data.get("position")
    if position is not None and position["precision"] == "exact":
        return view.words("place.exact")
    known = "" if position is None else f"{view.words('place.approximate')} "
    return f"{known}{view.words('place.no_address')}"


def _neighbours(view: PageView) -> Component | None:
    """The ways to the other places of its district."""
    district = _named(view, Level.DISTRICT)
    if district is None or not view.neighbours:
        return None
    rows = [
        html.Li(html.A(name_of(view.words, key, data.get("name")), href=view.href(path_of(key))))
        for key, data in view.neighbours.items()
    ]
    first, rest = rows[:_FIRST], rows[_FIRST:]
    fold = html.Details([html.Summary(view.words("queue.other_areas", n=len(rest))), html.Ul(rest, className="found")])
    heading = html.H2(view.words("place.neighbours", place=district[1]))
    return html.Section([heading, html.Ul(first, className="found"), fold if rest else None], className="card")
