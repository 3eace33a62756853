"""The contracts a feed can speak, by the generation of the source that they belong to."""

from collections.abc import Callable
from typing import Protocol

from ingest.rehearsal.answers import Response
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2021.contract import Contract2021
from ingest.rehearsal.onpe2026.contract import Contract2026
from ingest.rehearsal.onpe2026.filters import Question
from tally.errors import InvalidInput


class Contract(Protocol):
    """A question-and-answer function over a feed."""

    def answer(self, path: str, question: Question) -> Response:
        """The answer to a GET."""
        ...


_CONTRACTS: dict[str, Callable[[RehearsalFeed], Contract]] = {"onpe2021": Contract2021, "onpe2026": Contract2026}
GENERATIONS = tuple(_CONTRACTS)


def make_contract(feed: RehearsalFeed, generation: str) -> Contract:
    """The contract of that generation.

    Raises: InvalidInput: there is none of that name.
    """
    if generation not in _CONTRACTS:
        raise InvalidInput(f"unknown generation {generation!r} of the feed; known: {', '.join(_CONTRACTS)}")
    return _CONTRACTS[generation](feed)
