"""How a count stood at a moment: the files of its last version that has some, and the addresses that say the rest."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.datasets import setview
from dashboard.datasets.sets import ContestFiles
from dashboard.markup import element
from dashboard.moments import full_clock
from dashboard.reading import Sheet, Visit
from dashboard.routes import DATA, LANGUAGE, MOMENT
from texts.language import DEFAULT_LANGUAGE

# A query's own name: `at` is the moment of the whole page.
AS_OF = "moment"


def layout(visit: Visit, sheet: Sheet, files: ContestFiles) -> Component:
    """The question, and its answer where one was asked. It works without a script."""
    words = sheet.words
    given = visit.query.get(AS_OF, "").strip()[:40]
    kept = {LANGUAGE: None if words.code == DEFAULT_LANGUAGE else words.code, MOMENT: words.at}
    hidden = [element("input", type="hidden", name=name, value=value) for name, value in kept.items() if value]
    label = html.Label(words("data.as_of_label"), htmlFor="as-of")
    field = element(
        "input", type="datetime-local", name=AS_OF, id="as-of", step="1", required=True, value=given or None
    )
    button = html.Button(words("data.as_of_find"), className="quiet")
    form = element("form", [label, field, button, *hidden], action=f"{words.root}{DATA}", className="search-form")
    said: list[Any] = [html.H2(words("data.as_of")), html.P(words("data.as_of_about")), form]
    return html.Section([*said, *(_answer(given, sheet, files) if given else ())], className="card")


def _answer(given: str, sheet: Sheet, files: ContestFiles) -> list[Component]:
    words, zone = sheet.words, sheet.meta["timezone"]
    moment = read_moment(given, zone)
    if moment is None:
        return [html.P(words("data.as_of_wrong", given=given), className="note", role="alert")]
    found = files.before(moment)
    links = [
        html.A(words("data.as_of_page"), href=words.own(f"{words.root}/?{MOMENT}={moment}"), target="_self"),
        html.A(words("data.as_of_api"), href=f"{sheet.base}/results?level=department&format=csv&{MOMENT}={moment}"),
    ]
    first = (
        html.P(words("data.none_then"))
        if found is None
        else html.P(
            [
                html.A(setview.label(found, words), href=f"#{setview.anchor(found)}"),
                ". ",
                *setview.dated(found, words, zone),
                ": ",
                html.Code(found["address"], className="whole"),
            ]
        )
    )
    heading = html.P(html.B(words("data.as_of_found", at=full_clock(moment, zone))))
    return [heading, first, html.Ul([html.Li(link) for link in links], className="marked")]


def read_moment(given: str, zone: str) -> str | None:
    """What somebody wrote, as the API writes a moment; without an offset it is the election's own time."""
    try:
        moment = datetime.fromisoformat(given)
        whole = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{whole:%Y-%m-%dT%H:%M:%S}Z" if whole.year > 999 else None
