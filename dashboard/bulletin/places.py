"""What is said of Peru and of abroad: who leads in each, and how much of it is counted."""

from collections.abc import Iterator

from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Subject, name
from dashboard.bulletin.measured import Measured
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
        values = {"place": name(name_of(words, key, None))}
        if found.standing in ("leads", "tie") and len(found.order) > 1:
            shorts = [cut.lists[place]["short"] for place in found.tied or found.order]
            values |= {"leader": name(shorts[0]), "margin": found.lead(), "points": found.points()}
            values |= {"tied": name(joined(shorts, words)), "pct": found.part("counted")}
        yield Subject("scope", frozenset({found.standing, *(("has_second",) if len(found.order) > 1 else ())}), values)
