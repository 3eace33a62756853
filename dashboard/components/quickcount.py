"""The observation mission's quick count, below the official count and never in its place: what two people published."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.figures import percent
from dashboard.moments import clock
from dashboard.reading import Data, PageView
from dashboard.words import Words

_PARTS = 1_000_000
_DECIMALS = 2


def layout(view: PageView) -> Component | None:
    """Folded, under its own name; nothing while nothing is public, and that it was taken back where it was."""
    found, words = view.quick_count, view.words
    if found is None:
        return None
    heading = html.H2(words("quick_count.heading"))
    if found["figures"] is None:
        at = clock(found["taken_back_at"], view.now, view.meta["timezone"])
        gone = html.P(words("quick_count.taken_back", at=at, reason=found["reason"]), className="soft")
        return html.Section([heading, gone], className="quick-count card")
    told = [
        html.P(words("quick_count.not_official"), className="soft"),
        html.P(_lead(found, view)),
        html.P(_sample(found["figures"], words)),
        *_frame(found["figures"]["frame"], view),
        html.P(_times(found, view), className="soft"),
        panel.scroller(words("quick_count.heading"), _table(found["figures"]["shares"], view)),
    ]
    return html.Section([heading, *told], className="quick-count card")


def _lead(found: Data, view: PageView) -> list[Any]:
    """Who leads, or that the quick count does not tell."""
    lead = found["figures"]["lead"]
    if lead is None:
        return []
    name = "quick_count.leads" if found["is_lead_told"] else "quick_count.no_lead"
    ends = {part: 100 * lead[part] for part in ("lead", "low", "high")}
    return view.words.spans(name, first=view.shorts[lead["first"]], second=view.shorts[lead["second"]], **ends)


def _table(shares: list[Data], view: PageView) -> Component:
    heads = map(view.words, ("quick_count.list", "quick_count.share", "quick_count.interval"))
    ranked = sorted(shares, key=lambda one: -one["share"])
    rows = [
        html.Tr(
            [
                html.Th(view.shorts[one["list"]], scope="row"),
                html.Td(_percent(one["share"])),
                html.Td(html.Span(f"{_percent(one['low'])} – {_percent(one['high'])}", className="n")),
            ]
        )
        for one in ranked
    ]
    return panel.table(heads, html.Tbody(rows), caption=view.words("quick_count.heading"))


def _sample(figures: Data, words: Words) -> list[Any]:
    parts = {name: figures[name] for name in ("reported", "mesas", "response")}
    return words.spans("quick_count.sample", level=100 * figures["level"], **parts)


def _frame(frame: Data | None, view: PageView) -> list[Component]:
    """From which list of mesas it was drawn, and of how many that says otherwise than the count did then."""
    words = view.words
    if frame is None:
        return []
    origin = frame["origin"]
    drawn = words(f"quick_count_frame.{origin}", mesas=frame["mesas"], other=frame["other"])
    said: list[Any] = [
        drawn,
        " ",
        words("quick_count_frame.digest"),
        " ",
        html.Code(frame["digest"], className="digest"),
    ]
    if frame["apart"] is not None:
        name = "quick_count_frame.apart" if frame["apart"] else "quick_count_frame.same"
        as_of = clock(frame["as_of"], view.now, view.meta["timezone"])
        said += [" ", words(name, apart=frame["apart"], as_of=as_of)]
    if frame["is_whole"] is False:
        said += [" ", words("quick_count_frame.partly")]
    return [html.P(said, className="soft")]


def _times(found: Data, view: PageView) -> str:
    figures, zone = found["figures"], view.meta["timezone"]
    as_of, published = (clock(stamp, view.now, zone) for stamp in (figures["as_of"], found["published_at"]))
    return view.words("quick_count.as_of", name=figures["name"], as_of=as_of, published=published)


def _percent(share: float) -> str:
    return percent(round(share * _PARTS), _PARTS, _DECIMALS)
