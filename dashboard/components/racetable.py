"""The table of an election's races: each row a way to its own count. `browser/page/races.js` repaints a row."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components.binding import colour
from dashboard.components.outcome import part_of
from dashboard.components.races import (
    Data,
    Group,
    distance_of,
    said_of,
    share_of,
    threshold_of,
    uncounted_of,
    valid_of,
)
from dashboard.figures import group, percent, plain, width
from dashboard.routes import CONTESTS, root_of
from dashboard.words import Words
from texts.spelling import candidacy_of, proper_name

_ACTA_DECIMALS = 2


def layout(races: Sequence[Data], words: Words) -> Component:
    """One row a race; on a phone each is a block."""
    has_threshold = any(threshold_of(race) for race in races)
    names = ["contest", "first", "actas", *(["distance"] if has_threshold else []), "open"]
    heads = [html.Th(words(f"races.{name}"), scope="col") for name in names]
    rows = [_row(race, name, words, has_threshold) for race, name in zip(races, names_of(races, words), strict=True)]
    return html.Table(
        [
            html.Caption(words("races.heading"), className="visually-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody(rows),
        ],
        className="races",
    )


def _row(race: Data, said: str, words: Words, has_threshold: bool) -> Component:
    name = html.A(said, href=words.front(f"{root_of(race['id'])}/"))
    cells = [
        html.Th([name, state_mark(race["state"], words)], scope="row"),
        html.Td(standing(race)),
        html.Td(counted(race, words)),
    ]
    if has_threshold:
        cells.append(html.Td(distance(race, words)))
    cells.append(html.Td(html.P(said_of(race, words), **marks.data(r="said"))))
    return html.Tr(cells, **marks.data(race=race["id"], state=race["state"]))


def names_of(races: Sequence[Data], words: Words) -> list[str]:
    """What each is called in a list of them: its area alone, where no other race has the same."""
    places = [race["place"] for race in races]
    told = [_place_in if places.count(race["place"]) == 1 else name_of for race in races]
    return [say(race, words) for race, say in zip(races, told, strict=True)]


def name_of(race: Data, words: Words) -> str:
    """What a race is called."""
    return words.of(race["name"])


def _place_in(race: Data, words: Words) -> str:
    """Its area alone, as its name writes it: "Áncash" of "Gobierno Regional de Áncash", not the source's ANCASH."""
    name, place = name_of(race, words), race["place"]
    at = plain(name).upper().find(plain(place).upper()) if place else -1
    return name if at < 0 else name[at : at + len(place)]


def state_mark(state: str, words: Words) -> Component:
    """The state in a word, with the pattern that the map has for it."""
    return html.Span([html.I(), words(f"race_state.{state}")], className=f"race-state {state}", **marks.data(r="state"))


def standing(race: Data, *, is_full: bool = False) -> Component:
    """The first lists with share and votes, a bar under each, and over the bars where the threshold is.

    is_full: with candidate and party.
    """
    part = threshold_of(race)
    at = {"--threshold": f"{float(100 * part):g}%"} if part else None
    entries = [_entry(race, entry, is_full=is_full) for entry in race["lists"]]
    return html.Ol(entries, className="trio full" if is_full else "trio", style=at, **marks.data(r="lists"))


def _entry(race: Data, entry: Data, *, is_full: bool) -> Component:
    valid = valid_of(race)
    return html.Li(
        [
            html.B(entry["short"]),
            html.Span(share_of(race, entry)),
            html.Small(group(entry["votes"])),
            html.Em(candidacy_of(entry)) if is_full else None,
            html.I(style={"width": width(entry["votes"], valid)}),
        ],
        **colour(entry["color"], entry["index"]),
    )


def counted(race: Data, words: Words) -> list[Component]:
    """How many of its actas are in the figures, and how many are out."""
    actas, missing = race["actas"], uncounted_of(race)
    share = counted_share(race)
    out = words("races.missing", n=missing) if missing else words("races.complete")
    return [
        html.Span(share, **marks.data(r="counted")),
        html.Small(out if actas["total"] else "", **marks.data(r="missing")),
    ]


def counted_share(race: Data) -> str:
    """How much of its actas are in the figures."""
    return percent(race["actas"]["counted"], race["actas"]["total"], _ACTA_DECIMALS)


def distance(race: Data, words: Words) -> list[Component]:
    """How far its first list is from the threshold, in votes."""
    part = threshold_of(race) and part_of(race["rule"])
    return [
        html.Span(distance_of(race), **marks.data(r="distance")),
        html.Small(words("races.distance_votes", part=part)) if part else html.Small(""),
    ]


def groups(found: Sequence[Group], names: Mapping[str, str], words: Words) -> Component | None:
    """Areas with too many races to list here: how many of each state, and the way to them."""
    if not found:
        return None
    rows = [
        html.Li(
            [
                html.A(proper_name(names.get(one.key, one.key)), href=words.front(f"{CONTESTS}?within={one.key}")),
                html.Span(told(one.counts, words), className="soft"),
            ]
        )
        for one in found
    ]
    return html.Section([html.H2(words("races.groups")), html.Ul(rows, className="behind")], className="card")


def told(counts: Mapping[str, int], words: Words) -> str:
    """How many of each state, in a row."""
    return ", ".join(words(f"race_count.{state}", n=n) for state, n in counts.items())
