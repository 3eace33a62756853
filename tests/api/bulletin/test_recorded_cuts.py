"""The bulletins of both recorded run-offs, a few cuts of each; `make soak` has all of them."""

from pathlib import Path

import pytest

from bench.bulletins.checking import faults_of, numbers_in
from bench.bulletins.series import read_series
from bench.bulletins.telling import publish, tell
from tally.storage.store import Store

_EVERY = {"2021": 12, "2026": 60, "2026, mixed": 90}


@pytest.mark.parametrize("name", _EVERY)
def test_numbers_plurals_and_sentences_of_recorded_cuts_are_right(reference: Path, store: Store, name: str) -> None:
    series = next(one for one in read_series(reference) if one.name == name)
    publish(store, series, _EVERY[name])
    numbers = versions = 0
    for data, told in tell(store, series):
        assert list(faults_of(data, told)) == []
        versions += 1
        numbers += sum(len(numbers_in(sentence.text)) for one in told for sentence in one.sentences)
    assert versions >= 6
    assert numbers > 80 * versions
