"""The board of the queue at the juries: how many wait, why and where, what that is against the lead, and each acta."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import panel
from dashboard.components.outcome import is_tie, margin
from dashboard.components.sheet import about
from dashboard.document import Page
from dashboard.figures import group, width
from dashboard.moments import clock, told
from dashboard.naming import name_of
from dashboard.queue import QueueChoice, read_choice
from dashboard.reading import Sheet, Visit
from dashboard.routes import parse_path, path_of
from dashboard.words import Words
from tally.keys import NATION

Data = Mapping[str, Any]
_STATE_TEXTS = {None: "queue.all", "open": "queue.state_open", "resolved": "queue.state_resolved"}
_PAGE = 50
_SHOWN = 3
# places that stand before the others fold away: on a phone the list of actas comes below them
_FIRST = 8


def page(visit: Visit) -> Page | None:
    """The page at /queue, or None for a query that names nothing."""
    choice = read_choice(visit.query)
    if choice is None or (choice.reason is not None and choice.reason not in visit.words.texts["reasons"]):
        return None
    sheet = visit.sheet(f"/queue{choice.query(limit=_PAGE)}")
    route = parse_path(path_of(choice.within))
    is_place = route is not None and route.kind == "place"
    subject = (
        {}
        if choice.within == NATION
        else visit.source.get(f"/places/{quote(route.code)}" if is_place and route else f"/areas/{choice.within}")
    )
    name = name_of(visit.words, choice.within, subject.get("name"))
    return about(sheet, layout(sheet, choice, name), "queue.title", visit.address)


def layout(sheet: Sheet, choice: QueueChoice, name: str) -> list[Component]:
    """What waits and what it weighs; then why, where, and the list."""
    words = sheet.words
    heading = words("queue.title") if choice.within == NATION else words("queue.heading_in", place=name)
    return [
        html.Div(
            [
                html.H1(heading),
                html.Section([*weight(sheet), panel.sheets(words, partial(_csv, sheet))], className="card weight"),
                _what(sheet),
                reasons(sheet, choice),
                areas(sheet, choice),
            ],
            className="lead",
        ),
        html.Div([_filters(sheet, choice, name), *_list(sheet, choice)], className="below story"),
    ]


def count_waiting(summary: Data) -> int:
    """How many wait: as the source counts them, where it does."""
    return int(summary["open"] if summary["published_open"] is None else summary["published_open"])


def weight(sheet: Sheet) -> list[Component]:
    """How many wait, as the source counts them, and the most votes they can hold against the lead."""
    words, summary = sheet.words, sheet.body["summary"]
    waiting = count_waiting(summary)
    text = words("queue.open", n=waiting) if waiting else words("queue.none")
    said: list[Component] = [html.P(html.B(text), className="figure")]
    if waiting or summary["open"]:
        said += [html.P(sentence) for sentence in _sentences(sheet, summary, waiting)]
    resolved = summary["resolved"]
    if resolved:
        told = ((f"queue_outcome.{state}", number) for state, number in resolved.items())
        parts = [words(name, n=number) for name, number in told if words.says(name)]
        said.append(html.P(words.spans("queue.resolved", n=sum(resolved.values()), parts=", ".join(parts))))
    return said


def _sentences(sheet: Sheet, summary: Data, waiting: int) -> list[list[Any]]:
    words, lists = sheet.words, sheet.meta["contest"]["lists"]
    is_behind = summary["open"] > waiting  # the source has moved on, and we have not read those actas again yet
    said: list[list[Any]] = [words.spans("queue.behind", known=summary["open"])] if is_behind else []
    if summary["margin"] is not None and summary["at_most_votes"]:
        is_bound = summary["at_most_is_bound"] or is_behind
        bound = "bound" if is_bound else "exact"
        told = {"actas": waiting, "votes": summary["at_most_votes"], "margin": summary["margin"]}
        weight, turns = words.spans(f"queue.at_most_{bound}", **told), "lead"
        if summary["deciding"] is not None and summary["deciding"]["kind"] != "first_second":
            one = summary["deciding"]
            hangs = [] if is_tie(one) else [" ", *margin(one, sheet.meta["contest"], words)]
            weight, turns = [*words.spans(f"queue.hold_{bound}", **told), *hangs], "outcome"
        verdict = words(f"queue.{'exceeds' if summary['exceeds_margin'] else 'within'}_{turns}", actas=waiting)
        said.append([*weight, " ", html.B(verdict), *_visible(summary, lists, words)])
    if 0 < summary["open"] < waiting:
        said.append(words.spans("queue.known", known=summary["open"]))
    if summary["votes"]:
        votes = ", ".join(
            f"{entry['short']} {group(own)}" for entry, own in zip(lists, summary["votes"], strict=True) if own
        )
        said.append(words.spans("queue.votes_known", n=summary["votes_of"], votes=votes))
    if summary["oldest"]:
        key = summary["oldest"]["key"]
        mesa = html.A(name_of(words, key, None), href=words.href(path_of(key)))
        at = _n(clock(summary["oldest"]["at"], sheet.now, sheet.meta["timezone"]))
        said.append(words.parts("queue.oldest", mesa=mesa, at=at))
    return said


def _visible(summary: Data, lists: Sequence[Data], words: Words) -> list[Any]:
    """What the votes that these actas already show would do to the lead; nothing where they show none."""
    leader, after = summary["visible_leader"], summary["visible_margin"]
    if after is None:
        return []
    if leader is None or leader != summary["leader"]:
        name = "queue.visible_tie" if leader is None else "queue.visible_turn"
        return [" ", *words.spans(name, leader="" if leader is None else lists[leader]["short"], n=after)]
    more = after - summary["margin"]
    kept = "more" if more > 0 else "less" if more else "same"
    return [" ", *words.spans(f"queue.visible_{kept}", n=abs(more))]


def _csv(sheet: Sheet, form: str) -> str:
    choice = QueueChoice(sheet.body["within"], sheet.body["reason"], sheet.body["state"])
    return f"{sheet.base}/queue{choice.query(format=form, at=sheet.words.at)}"


def _what(sheet: Sheet) -> Component:
    words = sheet.words
    return html.Section(
        [
            html.H2(words("queue.what")),
            html.P(" ".join(words(f"queue.{name}") for name in ("what_1", "what_2", "what_3"))),
        ],
        className="card what",
    )


def reasons(sheet: Sheet, choice: QueueChoice) -> Component | None:
    """Each reason with its number as a bar; a press narrows the list to it."""
    words, found = sheet.words, sheet.body["summary"]["reasons"]
    if not found:
        return None
    most = found[0]["actas"]
    rows = [
        _bar(
            words(f"reasons.{line['reason']}"),
            line["actas"],
            most,
            words.href(replace(choice, reason=line["reason"], before=None).path),
        )
        for line in found
    ]
    note = html.P(words("queue.reasons_note"), className="soft")
    return html.Section([html.H2(words("queue.reasons")), html.Ul(rows, className="bars"), note], className="card")


def areas(sheet: Sheet, choice: QueueChoice) -> Component | None:
    """Where they are: what the source counts there, else the actas we know of."""
    words, found = sheet.words, sheet.body["summary"]["areas"]
    if not found:
        return None
    told = [(line, line["published"] if line["published"] is not None else line["open"]) for line in found]
    most = max(number for _, number in told) or 1
    rows = [
        _bar(
            name_of(words, line["key"], line["name"]),
            number,
            most,
            words.href(replace(choice, within=line["key"], before=None).path),
        )
        for line, number in told
    ]
    first, rest = rows[:_FIRST], rows[_FIRST:]
    fold = html.Details([html.Summary(words("queue.other_areas", n=len(rest))), html.Ul(rest, className="bars")])
    bars = html.Ul(first, className="bars")
    return html.Section([html.H2(words("queue.areas")), bars, fold if rest else None], className="card")


def _bar(name: str, number: int, most: int, href: str) -> Component:
    return html.Li(
        [
            html.A(name, href=href),
            html.Span(html.I(className="fill", style={"width": width(number, most)}), className="track"),
            html.B(group(number), className="n"),
        ]
    )


def _filters(sheet: Sheet, choice: QueueChoice, name: str) -> Component:
    """The standing choice: what became of them as links, reason and place each with a way to drop it."""
    words = sheet.words
    states = [
        html.Li(
            html.A(
                words(text),
                href=words.href(replace(choice, state=state, before=None).path),
                **(marks.aria(current="true") if choice.state == state else {}),
            )
        )
        for state, text in _STATE_TEXTS.items()
    ]
    narrowed = []
    if choice.reason:
        text = f"{words('queue.reason')}: {words(f'reasons.{choice.reason}')}"
        narrowed.append((text, replace(choice, reason=None, before=None)))
    if choice.within != NATION:
        narrowed.append((f"{words('queue.place')}: {name}", replace(choice, within=NATION, before=None)))
    dropped = [html.Li(html.A(words("queue.clear", what=text), href=words.href(to.path))) for text, to in narrowed]
    return panel.choices(words("queue.state"), html.Ul(states), html.Ul(dropped) if dropped else None)


def _list(sheet: Sheet, choice: QueueChoice) -> list[Component | None]:
    words, body = sheet.words, sheet.body
    if not body["actas"]:
        summary = body["summary"]
        is_unknown = summary["published_open"] and not summary["open"] and not summary["resolved"]
        return [html.P(words("queue.no_mesas" if is_unknown else "queue.empty"), className="card")]
    names = ("queue.mesa", "queue.reason", "queue.outcome", "queue.since", "queue.registered")
    label = words("queue.list")
    rows = html.Tbody([_row(sheet, acta) for acta in body["actas"]])
    table = panel.table(map(words, names), rows, caption=label, class_name="queue")
    links = [("queue.newest", replace(choice, before=None))] if choice.before else []
    links += [("queue.older", replace(choice, before=body["next"]))] if body["next"] else []
    count = html.P(words("queue.matching", n=body["matching"]), className="soft")
    return [
        html.Section([html.H2(label), count, panel.scroller(label, table)], className="table-panel card"),
        panel.pages((words(text), words.href(to.path)) for text, to in links),
    ]


def _row(sheet: Sheet, acta: Data) -> Component:
    words = sheet.words
    since, resolved = acta["since"], acta["resolved"]
    raw = acta["observation"]
    where = [name_of(words, place["key"], place["name"]) for place in acta["where"]]
    return html.Tr(
        [
            html.Th(
                [
                    html.A(acta["mesa"], href=words.href(path_of(acta["key"]))),
                    html.Small(" · ".join(dict.fromkeys(reversed(where[:3]))), className="soft"),
                ],
                scope="row",
            ),
            html.Td(
                [
                    html.Span(", ".join(words(f"reasons.{reason}") for reason in acta["reasons"])),
                    # The source's own words, beside ours; its code is for who checks the acta.
                    html.Small(words("queue.raw", words=raw), className="soft") if raw else None,
                ]
            ),
            html.Td(_outcome(sheet, resolved)),
            html.Td(_when(sheet, since) if since else words("queue.unseen")),
            html.Td(html.Span(group(acta["registered"]), className="n")),
        ]
    )


def _when(sheet: Sheet, stamp: Data) -> list[Any]:
    """When we saw it first, and the source's own stamp where it gives one."""
    zone = sheet.meta["timezone"]
    at = told(stamp["source_at"], stamp["at"]) or stamp["at"]
    return [html.Time(clock(at, sheet.now, zone), dateTime=at, className="n")]


def _outcome(sheet: Sheet, outcome: Data | None) -> list[Any]:
    words, lists = sheet.words, sheet.meta["contest"]["lists"]
    if outcome is None:
        return [html.Span(words("queue.waiting"), className="acta-state at_jee")]
    state = html.Span(words(f"mesa_state.{outcome['state']}"), className=f"acta-state {outcome['state']}")
    votes = outcome["votes"] or []
    told = [_n(f"{entry['short']} {group(own)}") for entry, own in zip(lists, votes, strict=False) if own]
    parts = [part for one in told[:_SHOWN] for part in (" · ", one)][1:]
    figures = [html.Small(parts, className="soft")] if parts else []
    return [state, *figures, html.Small(_when(sheet, outcome), className="soft")]


def _n(text: str) -> Component:
    return html.Span(text, className="n")
