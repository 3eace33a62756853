"""A cut as a bulletin: a pure function from what is known to sentences."""

from collections.abc import Iterator

from dashboard.bulletin import changes, jury, places, whole
from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Sentence, Subject
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import write
from dashboard.words import Words


def bulletin_of(cut: Cut, length: Length, words: Words) -> list[Sentence]:
    """Its sentences, in their order; all that they say follows from the figures that they name."""
    return write(list(_subjects(cut, words)), length, words)


def _subjects(cut: Cut, words: Words) -> Iterator[Subject]:
    yield whole.subject_of(cut, words)
    for one in whole.told_margins(cut):
        yield Subject("margin", frozenset(), {"said": whole.margin_of(one, cut, words)})
    yield from changes.subjects_of(cut, words)
    found = jury.subject_of(cut)
    if found is not None:
        yield found
    yield from places.subjects_of(cut, words)
