"""Why a number changed, in sentences and as a table: what came, from where, and what it did to the lead."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.components import panel
from dashboard.figures import DASH, group, ranking
from dashboard.ledger import signed
from dashboard.moments import clock, told
from dashboard.naming import name_of
from dashboard.reading import PageView
from dashboard.routes import TIMELINE, path_of
from dashboard.words import Words

Data = Mapping[str, Any]
_PLACES = 3
_GROUPS = {"rest": "why.rest", "abroad": "why.abroad"}


def layout(view: PageView) -> Component | None:
    """The last change of the page's area, and the way to all of them."""
    if view.last_step is None:
        return None
    query = "" if view.route.is_whole else f"?key={view.route.key}"
    return html.Section(
        [
            html.H2(view.words("why.heading")),
            last(view.last_step, view.words, view.meta, view.now),
            html.P(html.A(view.words("why.all"), href=view.href(f"{TIMELINE}{query}"))),
        ],
        className="why card",
    )


def last(step: Data, words: Words, meta: Data, now: datetime) -> Component:
    """The last change in sentences; the browser asks for it again when there is a newer one."""
    at = clock(_at(step), now, meta["timezone"])
    shorts = [entry["short"] for entry in meta["contest"]["lists"]]
    said = [html.P(sentence) for sentence in sentences(step, words, shorts)]
    return html.Div(
        [html.P(words.parts("why.last", at=html.Time(at, dateTime=_at(step), className="n")), className="soft"), *said],
        id=ids.WHY,
        # Of which version this is, and with it all that is said beside it: browser/count/said.js.
        **marks.data(said="why", of=f"{meta['epoch']}.{meta['seq']}"),
    )


def _at(step: Data) -> str:
    """When it changed: the source's own stamp, where that can be."""
    return told(step["source_at"], step["at"]) or step["at"]


def sentences(step: Data, words: Words, shorts: Sequence[str]) -> list[list[Any]]:
    """What came, where from, and the lead: three sentences at most, each a list of children; no part that is zero."""
    found = [said for said in (_came(step, words), _from(step, words), _lead(step, words, shorts)) if said]
    return found or [[words("why.lead_same")]]


def _came(step: Data, words: Words) -> list[Any]:
    moved = step["moved"]
    said: list[Any] = [words("why.first"), ". "] if step["is_first"] else []
    if moved["counted"]:
        names = [name for name in ("from_pending", "from_jee") if moved[name]]
        parts = [words.parts(f"why.{name}", n=_n(signed(moved[name]))) for name in names]
        said += [*words.parts("why.actas", n=_n(signed(moved["counted"]))), "; ", *_joined(parts), "."]
    if moved["at_jee"] > 0:
        said += [" "] if said else []
        said += words.spans("why.sent", n=moved["at_jee"])
    return said


def _from(step: Data, words: Words) -> list[Any]:
    """Valid votes by group of areas; below the nation by the areas that moved most."""
    told = [(_group_name(one, words), one["moved"]["valid"]) for one in step["groups"]]
    if not told:
        parts, others = step["parts"], step["others"]
        told = [(name_of(words, one["key"], one["name"]), one["moved"]["valid"]) for one in parts[:_PLACES]]
        rest = sum(one["moved"]["valid"] for one in parts[_PLACES:]) + others["moved"]["valid"]
        number = len(parts[_PLACES:]) + others["areas"]
        told += [(words("why.others", n=number), rest)] if number else []
    told = [(name, valid) for name, valid in told if valid]
    if not step["moved"]["valid"]:
        return []
    total = [*words.parts("why.votes", n=_n(signed(step["moved"]["valid"]))), "."]
    if not told:
        return total  # nothing of it has detail: to say so of all of it says nothing
    rest = step["unexplained"]["valid"]
    told += [(words("why.unexplained"), rest)] if rest else []
    places = _joined([[f"{name} ", _n(signed(valid))] for name, valid in told])
    return [*total, " ", *_flat(words.parts("why.from", places=places))]


def _group_name(group_of: Data, words: Words) -> str:
    key, text = group_of["key"], _GROUPS.get(group_of["id"])
    return words(text) if text else name_of(words, key or "", group_of["name"])


def _lead(step: Data, words: Words, shorts: Sequence[str]) -> list[Any]:
    leader, earlier = step["leader"], step["leader_before"]
    if leader is None:
        return [words("why.lead_tie")] if any(step["after"]) else []
    if earlier == leader and step["margin_before"] == step["margin"]:
        return []
    name = "why.lead_first" if earlier is None else "why.lead_turned" if earlier != leader else "why.lead_kept"
    return words.spans(name, leader=shorts[leader], before=step["margin_before"], after=step["margin"])


def _n(text: str) -> Component:
    return html.Span(text, className="n")


def _joined(parts: Sequence[Sequence[Any]]) -> list[Any]:
    """Parts of a list, each some children, with commas between them."""
    return [child for part in parts for child in (", ", *part)][1:]


def _flat(parts: list[Any]) -> list[Any]:
    return [child for part in parts for child in (part if isinstance(part, list) else [part])]


def table(step: Data, words: Words, lists: Sequence[Data], label: str) -> Component:
    """The parts of one change; they and what has no detail add up to the last line."""
    votes = step["after"]
    columns = ranking(votes)[:2] if len(votes) > 2 else list(range(len(votes)))
    heads = [words("why.area"), words("why.added"), words("why.jee"), *(lists[index]["short"] for index in columns)]
    rows = [_row(_linked(one, words), one["moved"], columns, _own(one, words, lists)) for one in step["parts"]]
    others, rest = step["others"], step["unexplained"]
    if others["areas"]:
        rows.append(_row(words("why.others", n=others["areas"]), others["moved"], columns, None))
    if any((rest["valid"], rest["counted"], rest["at_jee"], rest["pending"])):
        rows.append(_row(words("why.unexplained"), rest, columns, None))
    bodies = html.Tbody(rows), html.Tfoot(_row(words("why.total"), step["moved"], columns, None))
    heads.append(words("why.own"))
    return panel.scroller(label, panel.table(heads, *bodies, caption=label, class_name="split"))


def _linked(part: Data, words: Words) -> Component:
    return html.A(name_of(words, part["key"], part["name"]), href=words.href(path_of(part["key"])))


def _row(name: Any, moved: Data, columns: Sequence[int], own: str | None) -> Component:
    figures = [moved["counted"], moved["from_jee"], *(moved["votes"][index] for index in columns)]
    cells = [html.Td(html.Span(signed(figure), className="n")) for figure in figures]
    return html.Tr([html.Th(name, scope="row"), *cells, html.Td(own or DASH)])


def _own(part: Data, words: Words, lists: Sequence[Data]) -> str:
    """How the same area moved: its leader and lead in votes, before and after."""
    return " → ".join(_standing(votes, words, lists) for votes in (part["before"], part["after"]))


def _standing(votes: Sequence[int], words: Words, lists: Sequence[Data]) -> str:
    order = ranking(votes)
    margin = votes[order[0]] - votes[order[1]] if len(order) > 1 else votes[order[0]]
    if not sum(votes):
        return DASH
    return f"{lists[order[0]]['short']} +{group(margin)}" if margin else words("standing.tie")


def listed(steps: Sequence[Data], words: Words, meta: Data, now: datetime) -> Component:
    """Changes, newest first: sentences, and the table one press away."""
    lists, zone = meta["contest"]["lists"], meta["timezone"]
    shorts = [entry["short"] for entry in lists]
    entries = []
    for step in steps:
        at = clock(_at(step), now, zone)
        label = words("why.table", at=at)
        detail = html.Details([html.Summary(words("why.detail")), table(step, words, lists, label)])
        parts = [detail] if step["parts"] else []  # without them the whole is all there is to tell
        said = [html.P(sentence) for sentence in sentences(step, words, shorts)]
        head = html.H3(html.Time(at, dateTime=_at(step), className="n"))
        turned = step["leader_before"] is not None and step["leader"] not in (None, step["leader_before"])
        entries.append(html.Li([head, *said, *parts], className="card turned" if turned else "card"))
    return html.Ol(entries, className="ledger steps", **marks.data(steps=str(len(entries))))
