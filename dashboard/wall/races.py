"""The scenes of an election with many contests: how all of them stand, then each, or those that were asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import racetable, regions
from dashboard.components.races import MOST_LISTED, Data, listed, meta_of, said_of, threshold_of
from dashboard.pages import overview
from dashboard.reading import Source, has_many
from dashboard.wall import count
from dashboard.wall.scene import Scene, Wall
from dashboard.words import Words
from tally.keys import NATION

# How many races one scene holds: of all of them, and of those that were asked for.
_OF_ALL, _OF_NAMED = 6, 1


def wall_of(source: Source, words: Words, now: datetime, named: Sequence[str]) -> Wall:
    """The wall of an election: of its one contest, of one that is named, or of many.

    Raises: LookupError: there is no such contest. ConnectionError.
    """
    meta = source.meta()
    known = {meta["contest"]["id"], *(one["id"] for one in meta.get("contests", ()))}
    if not known.issuperset(named):
        raise LookupError(",".join(named))
    if not has_many(meta):
        return count.wall_of(source, words, now)
    if len(named) == 1:
        own = source.of_contest(named[0])
        told = replace(words, contest=named[0], whole=words.of(own.meta()["contest"]["name"]))
        return count.wall_of(own, told, now)
    return _of_many(source, words, meta, named)


def _of_many(source: Source, words: Words, meta: Data, named: Sequence[str]) -> Wall:
    body = source.get("/contests")
    by_id = {race["id"]: race for race in body["rows"]}
    shown = [by_id[contest] for contest in named] if named else listed(body["rows"], NATION)[0]
    outline = source.optional(f"/api/v1/geometry/outlines/{NATION}")
    drawn = regions.layout(listed(body["rows"], NATION)[0], outline, words)
    first: list[Component | None] = [overview.counter(body["rows"], words), overview.map_of(drawn, words)]
    scenes = [Scene("all", words("races.heading"), first), *_races(shown, words, _OF_NAMED if named else _OF_ALL)]
    told = {**meta_of(meta, body["rows"]), "as_of": body["as_of"] or meta["as_of"]}
    version = body["epoch"], body["version"]
    # Of a long table only what is shown: all of it is a hundred kilobytes.
    heard = None if len(by_id) <= MOST_LISTED else [race["id"] for race in shown]
    follows = {"table": {"epoch": version[0], "version": version[1], "contests": heard}}
    return Wall(words.of(meta["name"]), told, version, scenes, follows, ("checked", "changed"))


def _races(shown: Sequence[Data], words: Words, together: int) -> Iterator[Scene]:
    names = racetable.names_of(shown, words)
    for number, start in enumerate(range(0, len(shown), together)):
        part = slice(start, start + together)
        cards = [_race(race, name, words) for race, name in zip(shown[part], names[part], strict=True)]
        yield Scene("race" if together == _OF_NAMED else "races", words("races.heading"), cards, number)


def _race(race: Data, name: str, words: Words) -> Component:
    """A race as its row of the table says it."""
    distance = racetable.distance(race, words) if threshold_of(race) else []
    return html.Article(
        [
            html.H3([name, racetable.state_mark(race["state"], words)]),
            racetable.standing(race, is_full=True),
            html.P([words("races.actas"), ": ", *racetable.counted(race, words)], className="facts"),
            html.P(distance, className="facts") if distance else None,
            html.P(said_of(race, words), className="said"),
        ],
        className="card race-card",
        **marks.data(race=race["id"]),
    )
