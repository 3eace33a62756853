"""The generations of the source that a feed can speak for: one line each, under the name that elections give them.

A generation's own room holds its contract, its cadence and its shapes; nothing else has to know that it exists.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.faults.shapes import Shapes
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2021.contract import CADENCE as CADENCE_2021
from ingest.rehearsal.onpe2021.contract import Contract2021
from ingest.rehearsal.onpe2021.shapes import Shapes2021
from ingest.rehearsal.onpe2026.contract import CADENCE as CADENCE_2026
from ingest.rehearsal.onpe2026.races import contract_of
from ingest.rehearsal.onpe2026.shapes import Shapes2026
from tally.errors import InvalidInput


class Contract(Protocol):
    """A question-and-answer function over a feed."""

    def answer(self, path: str, question: Question) -> Response:
        """The answer to a GET."""
        ...


class Generation(Struct, frozen=True):
    """One generation: what it answers, when it publishes, and where things stand in its answers."""

    contract: Callable[[RehearsalFeed], Contract]
    cadence: Cadence
    shapes: Shapes


GENERATIONS = {
    "onpe2021": Generation(Contract2021, CADENCE_2021, Shapes2021()),
    "onpe2026": Generation(contract_of, CADENCE_2026, Shapes2026()),
}


def generation_of(name: str) -> Generation:
    """The generation of that name.

    Raises: InvalidInput: there is none.
    """
    if name not in GENERATIONS:
        raise InvalidInput(f"unknown generation {name!r} of the feed; known: {', '.join(GENERATIONS)}")
    return GENERATIONS[name]


def find_generation(text: str) -> str | None:
    """The name that a person means: the whole of it, or an ending that only one has ("2021"); None if there is none."""
    meant = [name for name in GENERATIONS if name.endswith(text)] if text else []
    return text if text in meant else meant[0] if len(meant) == 1 else None
