"""The columns of a set's tables, with type, unit and meaning, as its data package has them."""

from collections.abc import Iterable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import panel
from dashboard.datasets.sets import tables_of
from dashboard.reading import Data
from dashboard.words import Words

# Of a list's votes there is a column for each list; of more than these the first stands for all.
_MOST_LISTS = 3


def layout(package: Data, lists: Sequence[Data], words: Words) -> list[Component]:
    """A table for each table, folded."""
    return [_table(one, lists, words) for one in tables_of(package).values()]


def titles(package: Data, words: Words) -> dict[str, str]:
    """What each table is called."""
    return {name: words.of(one["titles"]) for name, one in tables_of(package).items()}


def _table(described: Data, lists: Sequence[Data], words: Words) -> Component:
    title, fields = words.of(described["titles"]), described["schema"]["fields"]
    rows = [_row(field, others, words) for field, others in _gathered(fields, [one["id"] for one in lists])]
    heads = [words(f"data.{name}") for name in ("column", "type", "unit", "meaning")]
    table = panel.table(heads, html.Tbody(rows), caption=title, class_name="data-columns")
    return html.Details(
        [
            html.Summary([title, " ", html.Code(described["path"].partition(".")[0])]),
            html.P(words.of(described["descriptions"])),
            panel.scroller(title, table),
        ],
        className="data-set",
    )


def _row(field: Data, others: int, words: Words) -> Component:
    meaning = words.of(field["descriptions"])
    if others:
        meaning = f"{meaning} ({words('data.of_lists', n=others)})"
    return html.Tr(
        [
            html.Th(html.Code(field["name"]), scope="row"),
            html.Td(words(f"data_type.{field['type']}"), **marks.data(head=words("data.type"))),
            html.Td(words.of(field.get("units")) or "—", **marks.data(head=words("data.unit"))),
            html.Td(meaning, **marks.data(head=words("data.meaning"))),
        ]
    )


def _gathered(fields: Iterable[Data], lists: Sequence[str]) -> list[tuple[Data, int]]:
    """Each column, and of how many more lists it stands for theirs."""
    if len(lists) <= _MOST_LISTS:
        return [(field, 0) for field in fields]
    found, firsts = list[tuple[Data, int]](), set[str]()
    for field in fields:
        own = next((one for one in lists if field["name"].endswith(f"_{one}") or field["name"] == one), None)
        side = None if own is None else field["name"].removesuffix(own)
        if side is None:
            found.append((field, 0))
        elif side not in firsts:
            firsts.add(side)
            found.append((field, len(lists) - 1))
    return found
