"""The bulletins of a toy count, written by the pages' own rules from toy numbers."""

from dataclasses import asdict
from typing import Any, cast

from dashboard.bulletin.compose import bulletin_of
from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Sentence
from dashboard.bulletin.races import bulletin_of_races
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import text_of
from dashboard.words import load_words
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.toy.story import ToyStory, moment

_CHECKPOINTS = ((10, "first"), (50, "50"))


def read(count: ToyCount, story: ToyStory, resource: str, query: dict[str, list[str]]) -> dict[str, Any] | None:
    """What the API answers at /bulletin, and at /bulletins: two checkpoints; None where the question is another."""
    until = story.version(query)
    if resource == "bulletin":
        return _bulletin(count, story, until, query, None)
    if resource != "bulletins":
        return None
    told = [_bulletin(count, story, seq, query, name) for seq, name in reversed(_CHECKPOINTS) if seq <= until]
    return {"election": "toy-runoff", "epoch": count.epoch, "seq": until, "bulletins": told}


def of_races(table: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any]:
    """What it answers of all contests."""
    words, length = load_words()[query["lang"][0]], cast(Length, query["length"][0])
    return {"title": "Elecciones regionales", **_told(bulletin_of_races(table, length, words), length)}


def _bulletin(
    count: ToyCount, story: ToyStory, seq: int, query: dict[str, list[str]], checkpoint: str | None
) -> dict[str, Any]:
    words, length = load_words()[query["lang"][0]], cast(Length, query["length"][0])
    meta = {**count.meta(), "seq": seq, "as_of": moment(seq)}
    areas = {key: story.data(key, seq) for key in ("nation", "scope/domestic", "scope/abroad")}
    told = _told(bulletin_of(Cut(meta, areas), length, words), length)
    return {"checkpoint": checkpoint, "seq": seq, "as_of": moment(seq), "title": "Conteo", **told}


def _told(sentences: list[Sentence], length: Length) -> dict[str, Any]:
    return {"length": length, "text": text_of(sentences, length), "sentences": [asdict(one) for one in sentences]}
