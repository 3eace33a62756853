"""The soak of bulletins: every cut of both recorded run-offs, each number read back and looked up in the data."""

import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from bench.bulletins.checking import faults_of, numbers_in
from bench.bulletins.series import Series, read_series
from bench.bulletins.telling import publish, tell
from bench.reliability import SoakSection
from bench.runoff import REFERENCE
from tally.storage.store import Store
from tests.databases import sqlite_in

NAME, TITLE = "bulletins", "Bulletins: every cut of both recorded run-offs in words"


class Outcome(Struct):
    """What the bulletins of a recording came to."""

    cuts: int = 0
    bulletins: int = 0
    sentences: int = 0
    numbers: int = 0
    seconds: float = 0.0
    faults: list[str] = []
    rules: Counter[str] = Counter()


def main(seed: int) -> SoakSection:
    """Run it over each recording; the seed plays no part."""
    found = {series.name: try_series(series) for series in read_series(REFERENCE)}
    lines = [
        "Every cut that was recorded, published by the store's own writer; of each version bulletins at three lengths",
        "in two languages. Numbers are read back out of the text and worked out anew from the log at that version;",
        "units and verbs go with their number; no two sentences contradict; one fact has one number. Bar: no fault.",
        "",
        "| recording | cuts | bulletins | sentences | numbers | rules used | faults | s |",
        "|---|---|---|---|---|---|---|---|",
        *(_line(name, outcome) for name, outcome in found.items()),
    ]
    faults = [fault for outcome in found.values() for fault in outcome.faults]
    return SoakSection(NAME, TITLE, seed, [*lines, *(f"- {fault}" for fault in faults[:20])])


def try_series(series: Series) -> Outcome:
    """All bulletins of a recording, checked."""
    outcome, started = Outcome(), perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(sqlite_in(Path(folder)))
        publish(store, series)
        for data, told in tell(store, series):
            sentences = [sentence for one in told for sentence in one.sentences]
            outcome.cuts += 1
            outcome.bulletins += len(told)
            outcome.sentences += len(sentences)
            outcome.numbers += sum(len(numbers_in(sentence.text)) for sentence in sentences)
            outcome.rules.update(sentence.id for sentence in sentences)
            outcome.faults += [f"{series.name}: {fault}" for fault in faults_of(data, told)]
        store.close()
    outcome.seconds = perf_counter() - started
    return outcome


def _line(name: str, found: Outcome) -> str:
    figures = (found.cuts, found.bulletins, found.sentences, found.numbers, len(found.rules), len(found.faults))
    return f"| {name} | {' | '.join(map(str, figures))} | {found.seconds:.0f} |"
