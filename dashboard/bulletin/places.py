"""What is said of Peru and of abroad: who leads in each, and how much of it is counted."""

from collections.abc import Iterator

from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Subject, Value, name, together
from dashboard.bulletin.measured import Measured
from dashboard.bulletin.whole import measured_of, moment
from dashboard.components.outcome import joined
from dashboard.naming import name_of
from dashboard.words import Words
from tally.keys import ABROAD, DOMESTIC

PLACES = (DOMESTIC, ABROAD)


def subjects_of(cut: Cut, words: Words) -> Iterator[Subject]:
    """Both, where the source tells them apart."""
    if not all(key in cut.areas for key in PLACES):
        return
    for key in PLACES:
        found = Measured(key, cut.seq, cut.areas[key], cut.lists)
        values = {"place": _dated(found, cut, words)}
        if found.standing in ("leads", "tie") and len(found.order) > 1:
            shorts = [cut.lists[place]["short"] for place in found.tied or found.order]
            values |= {"leader": name(shorts[0]), "margin": found.lead(), "points": found.points()}
            values |= {"tied": name(joined(shorts, words)), "pct": found.part("counted")}
        yield Subject("scope", frozenset({found.standing, *(("has_second",) if len(found.order) > 1 else ())}), values)


def _dated(found: Measured, cut: Cut, words: Words) -> Value:
    """Its name; with the time of its figures where those of the whole are of another, or are not the source's."""
    place, whole = name_of(words, found.key, None), measured_of(cut)
    stamp = found.count.get("source_at")
    if found.standing == "not_read" or (found.side, stamp) == (whole.side, whole.count.get("source_at")):
        return name(place)
    if found.side == "computed":
        return name(words("bulletin.place_summed", place=place))
    at = moment(cut, stamp, cut.meta["as_of"], cut.seq, found.key)
    return together(words("bulletin.place_at", place=place, at=at.shown), at)
