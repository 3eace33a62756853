"""What each flag finds, misses and accuses where votes of two real run-offs were altered on purpose."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.figures import group
from dashboard.words import Words
from tally.keys import is_digits

FIGURES = tomllib.loads((Path(__file__).parents[2] / "planted.toml").read_text("utf-8"))
_YEARS = sorted(year for year in FIGURES if is_digits(year))
_HEADS = ("test", "found", "missed", "honest")


def layout(words: Words) -> Iterator[Component]:
    """A table for each run-off, folded; a test that neither finds nor accuses in an alteration has no row there."""
    for year in _YEARS:
        label = words("planted_table.heading", year=year)
        bodies = [
            _body(words, name, told) for name, told in FIGURES[year].items() if name in words.texts["alterations"]
        ]
        heads = [html.Th(words(f"planted_table.{name}"), scope="col") for name in _HEADS]
        table = panel.table(heads, *bodies, caption=label, class_name="planted")
        yield html.Details([html.Summary(label), panel.scroller(label, table)])


def _body(words: Words, name: str, told: Mapping[str, Any]) -> Component:
    mesas = told["mesas"]
    head = html.Th(words.spans(f"alterations.{name}", mesas=mesas), colSpan=len(_HEADS), scope="rowgroup")
    tests = {test: sight for test, sight in told.items() if test != "mesas" and (sight[0] or sight[2])}
    rows = [_row(words(f"flag_kind.{test}"), sight) for test, sight in tests.items()]
    return html.Tbody([html.Tr(head), *(rows or [_row(words("planted_table.none"), (0, mesas, 0))])])


def _row(name: str, sight: tuple[int, int, int]) -> Component:
    return html.Tr([html.Th(name, scope="row"), *(html.Td(group(number)) for number in sight)])
