"""How the numbers of one area moved: lines over time, the moments that turned the count, and why each change came."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard import marks, turning
from dashboard.colours import texture_of, tint
from dashboard.components import chart, leadchart, panel, why
from dashboard.components.sheet import about
from dashboard.document import Page
from dashboard.figures import group, percent, ranking, shown
from dashboard.moments import clock, normal, parse, told
from dashboard.naming import name_of
from dashboard.reading import Sheet, Visit
from dashboard.routes import TIMELINE, parse_path, path_of
from dashboard.vendor import chart_url
from dashboard.vocabulary import BUCKETS
from tally.keys import NATION

Data = Mapping[str, Any]
_DRAWN, _ROWS, _STEPS = 240, 60, 10
_TURNS = {"lead": "timeline.line_lead", "decided": "timeline.line_decided"}
_SEQ = re.compile(r"[1-9][0-9]{0,11}")


def page(visit: Visit) -> Page | None:
    """The page at /timeline, or None for a query that names no area."""
    key, before = visit.query.get("key", NATION), visit.query.get("before")
    route = parse_path(path_of(key))
    if route is None or route.key != key or route.kind == "mesa" or not (before is None or _SEQ.fullmatch(before)):
        return None
    get = visit.source.get
    subject = get(f"/areas/{key}" if route.kind == "area" else f"/places/{quote(route.code)}")
    found = get(f"/timeline?key={quote(key)}&most={_DRAWN}")["points"]
    points = [{"seq": point["seq"], "at": point["at"], "count": shown(point)} for point in found]
    older = f"&before={before}" if before else ""
    body = {
        "key": key,
        "name": subject.get("name"),
        "points": [point for point in points if point["count"]],
        "moments": get(f"/moments?key={quote(key)}")["moments"],
        "why": get(f"/why?key={quote(key)}&limit={_STEPS}{older}"),
        "before": before,
        "night_tint": visit.source.presentation.night_tint,
        "drawn": visit.source.presentation.shown["timeline_lists"],
    }
    sheet = Sheet(visit.words, visit.now, visit.source.base, visit.source.meta(), body)
    return about(sheet, layout(sheet), "timeline.title", visit.address)


def layout(sheet: Sheet) -> list[Component]:
    """Charts and their table first, then the moments, then every change."""
    words, body = sheet.words, sheet.body
    name = name_of(words, body["key"], body["name"])
    return [
        html.Div(
            [
                html.H1(words("timeline.heading", place=name)),
                html.P(words("timeline.about"), className="soft"),
                html.P(html.A(words("timeline.back", place=name), href=words.href(path_of(body["key"])))),
                _moments(sheet),
            ],
            className="lead",
        ),
        html.Div([*_charts(sheet), _table(sheet), _changes(sheet)], className="below story"),
    ]


def _lists(sheet: Sheet) -> list[int]:
    """The lists that have a line: the first few of the newest count."""
    points = sheet.body["points"]
    votes = points[-1]["count"].get("votes") if points else None
    return ranking(votes)[: sheet.body["drawn"]] if votes else []


def _charts(sheet: Sheet) -> list[Component]:
    words, body, lists = sheet.words, sheet.body, sheet.meta["contest"]["lists"]
    points = body["points"]
    if len(points) < 2:
        return [html.P(words("why.none"), className="card")]
    zone, wanted = sheet.meta["timezone"], _lists(sheet)
    turns = [(_time(turn), turn["kind"]) for turn in sheet.body["moments"]]
    drawn = [
        chart.ChartLine(
            index, lists[index]["short"], lists[index]["color"], tint(lists[index]["color"], body["night_tint"])
        )
        for index in wanted
    ]
    lines = chart.shares(points, drawn, zone, turns)
    turned = {kind for _, kind in turns}
    told = [html.Li([html.I(className=f"turn-key {kind}"), words(_TURNS[kind])]) for kind in _TURNS if kind in turned]
    keys = [*map(_key, drawn), *told]
    bands = [html.Li([html.I(className=f"key {bucket}"), words(f"actas.{bucket}")]) for bucket in BUCKETS]
    shares = (words("timeline.shares"), words("timeline.chart_shares"))
    actas = (words("timeline.actas"), words("timeline.chart_actas"))
    return [
        *_leads(sheet, drawn[:2], turns, told),
        _chart("shares", shares, lines, keys, sheet.body["key"]),
        _chart("actas", actas, chart.buckets(points, zone), bands, ""),
    ]


def _leads(
    sheet: Sheet, pair: Sequence[chart.ChartLine], turns: Sequence[tuple[float, str]], told: Sequence[Component]
) -> list[Component]:
    """By how much the first of the two is ahead, over time and over counted actas; nothing where a list is alone."""
    words, points = sheet.words, sheet.body["points"]
    if len(pair) < 2:
        return []
    names = {"first": pair[0].name, "second": pair[1].name}
    keys = [
        html.Li([html.I(className="side-key", style=line.colors), words(f"timeline.{side}", name=line.name)])
        for side, line in zip(("above", "below"), pair, strict=True)
    ]
    shares = [(100 * turn["counted"] / turn["total"], turn["kind"]) for turn in sheet.body["moments"] if turn["total"]]
    charts = (
        ("lead", leadchart.over_time(points, pair, sheet.meta["timezone"], turns)),
        ("lead_counted", leadchart.over_counted(points, pair, shares)),
    )
    return [
        _chart(
            name, (words(f"timeline.{name}_votes"), words(f"timeline.chart_{name}", **names)), svg, [*keys, *told], ""
        )
        for name, svg in charts
        if svg
    ]


def _time(turn: Data) -> float:
    moment = parse(turning.stamp(turn))
    return moment.timestamp() if moment else 0.0


def _key(line: chart.ChartLine) -> Component:
    return html.Li([html.I(className=f"line-key dash-{texture_of(line.index)}", style=line.colors), line.name])


def _chart(name: str, said: tuple[str, str], svg: Markup, keys: Sequence[Component], key: str) -> Component:
    """A chart with its heading and key; the browser puts a livelier one in its place. `said`: heading and label."""
    host = html.Div(
        svg,
        className="chart",
        role="img",
        **marks.aria(label=said[1]),
        **marks.data(chart=name, chart_key=key, library=chart_url()),
    )
    return html.Section([html.H2(said[0]), html.Ul(keys, className="keys"), host], className="card chart-card")


def _moments(sheet: Sheet) -> Component:
    words, turns = sheet.words, sheet.body["moments"]
    if not turns:
        said: Component = html.P(words("timeline.no_moments"))
    else:
        said = html.Ol([_moment(sheet, *turn) for turn in turning.told(sheet, turns)], className="moments")
    return html.Section([html.H2(words("timeline.moments")), said, panel.news(words)], className="card")


def _moment(sheet: Sheet, turn: Data, sentence: list[Any]) -> Component:
    """When, what turned, and the way to the whole count of then."""
    words, zone = sheet.words, sheet.meta["timezone"]
    stamp = turning.stamp(turn)
    there = f"{words.root}{path_of(sheet.body['key'])}?at={normal(turn['at'])}"
    return html.Li(
        [
            html.P(
                [
                    html.Time(clock(stamp, sheet.now, zone), dateTime=stamp, className="n"),
                    html.Span(f" · {turning.counted(words, turn)}", className="soft"),
                ]
            ),
            html.P(sentence),
            # It names its own moment, whatever moment this page shows.
            html.P(html.A(words("timeline.see"), href=words.own(there))),
        ],
        className=f"moment-{turn['kind']}",
        **marks.data(moment=turn["kind"], at=turn["at"], source_at=told(turn["source_at"], turn["at"]) or ""),
    )


def _table(sheet: Sheet) -> Component | None:
    """The chart's figures, newest first."""
    words, points, lists = sheet.words, sheet.body["points"], sheet.meta["contest"]["lists"]
    if not points:
        return None
    turned = {turn["seq"] for turn in sheet.body["moments"]}
    rows = _spread(points, turned)
    names = [words("timeline.when"), *(words(f"actas.{bucket}") for bucket in BUCKETS)]
    names += [*(lists[index]["short"] for index in _lists(sheet)), words("timeline.margin")]
    label = words("timeline.table")
    body = html.Tbody([_row(sheet, point, is_turn=point["seq"] in turned) for point in reversed(rows)])
    table = panel.table(names, body, caption=label, class_name="twin")
    note = html.P(words("timeline.thinned", n=len(rows)), className="soft") if len(rows) < len(points) else None
    return html.Details([html.Summary(label), note, panel.scroller(label, table)], className="twin-panel card")


def _spread(points: Sequence[Data], turned: set[int]) -> list[Data]:
    """So many of the points, evenly, with the last one and those that turned."""
    step = max(1, -(-len(points) // _ROWS))
    last = len(points) - 1
    return [point for n, point in enumerate(points) if (last - n) % step == 0 or point["seq"] in turned]


def _row(sheet: Sheet, point: Data, *, is_turn: bool) -> Component:
    count = point["count"]
    votes, digits = count.get("votes") or [], chart.decimals(count)
    valid, stamp = sum(votes), told(count.get("source_at"), point["at"]) or point["at"]
    ordered = sorted(votes, reverse=True)
    cells = [group(count.get(bucket)) for bucket in BUCKETS]
    cells += [percent(votes[index] if votes else None, valid, digits) for index in _lists(sheet)]
    cells.append(group(ordered[0] - ordered[1] if len(ordered) > 1 else None))
    when = html.Time(clock(stamp, sheet.now, sheet.meta["timezone"]), dateTime=stamp)
    return html.Tr(
        [html.Th(when, scope="row"), *(html.Td(html.Span(text, className="n")) for text in cells)],
        className="turned" if is_turn else None,
    )


def _changes(sheet: Sheet) -> Component:
    """Why each change came, page by page."""
    words, body = sheet.words, sheet.body
    steps = body["why"]["steps"]
    own = "" if body["key"] == NATION else f"key={body['key']}"
    links = [("why.newest", own)] if body["before"] else []
    if body["why"]["next"]:
        links.append(("why.older", "&".join(part for part in (own, f"before={body['why']['next']}") if part)))
    pages = [(words(name), words.href(f"{TIMELINE}?{query}" if query else TIMELINE)) for name, query in links]
    return html.Section(
        [
            html.H2(words("why.heading")),
            html.P(words("why.about"), className="soft"),
            why.listed(steps, words, sheet.meta, sheet.now) if steps else html.P(words("why.none")),
            panel.pages(pages),
        ],
        className="changes",
    )
