"""ONPE's aggregate beside our own sum of actas, where that they differ means something.

Sums of other actas than ONPE's differ as a matter of course: how many areas are at other cuts, the methods page says.
"""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.figures import group
from dashboard.reading import PageView
from dashboard.vocabulary import BUCKETS

_COMPARED = (*BUCKETS, "cast", "valid")


def layout(view: PageView) -> Component | None:
    """Both truths side by side; nothing when they agree, are of other actas, or while no acta below has been read."""
    published, computed = view.data.get("published"), view.data.get("computed")
    if not published or not computed or not computed["counted"]:
        return None
    if not _is_same_cut(published, computed):
        return None
    rows = [(view.words(f"comparison.{name}"), published.get(name), computed.get(name)) for name in _COMPARED]
    rows += [
        (entry["short"], ours, theirs)
        for entry, ours, theirs in zip(view.lists, published["votes"], computed["votes"], strict=True)
    ]
    differing = [row for row in rows if row[1] != row[2]]
    if not differing:
        return None
    said = view.words("comparison.same_cut")
    table = panel.scroller(said, _table(differing, view))
    return html.Details([html.Summary(said), table], className="comparison card amber", open=True)


def _is_same_cut(published: Mapping[str, Any], computed: Mapping[str, Any]) -> bool:
    """Whether both are of as many actas, or nothing is left to count on either side: else we are still reading."""
    if (published["counted"], published["total"]) == (computed["counted"], computed["total"]):
        return True
    return all(side["counted"] == side["total"] for side in (published, computed))


def _table(rows: list[tuple[str, Any, Any]], view: PageView) -> Component:
    heads = ("comparison.figure", "comparison.published", "comparison.computed")
    body = [html.Tr([html.Th(name, scope="row"), *(html.Td(group(side)) for side in sides)]) for name, *sides in rows]
    return panel.table(map(view.words, heads), html.Tbody(body))
