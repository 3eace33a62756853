"""Feeds: one package per generation of the source. A feed turns questions into facts; it never stores anything."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from ingest.feeds.pointers import Pointers
from ingest.fetch import Ask, Question
from tally.board import Fact
from tally.model import Acta, ActaState, AreaCount

# A list may rightly be a little ahead of the totals.
SPARE = 100


class ActaHead(Struct, frozen=True):
    """One row of a list of actas: enough to see whether the acta itself must be read again.

    `facts` is what the row alone already says in full (a pending acta, its polling place), `place` the code of that
    place, which the acta itself may not name; `src` is the list that says so, where only a list does. `state` is None
    where the source's lists do not tell it.
    """

    mesa: str
    ubigeo: str
    code: str
    state: ActaState | None
    cast: int | None
    valid: int | None
    facts: tuple[Fact, ...]
    place: str | None = None
    src: str | None = None


class Kept(Struct, frozen=True):
    """One answer as the archive keeps it, with every question that it was ever the answer to."""

    src: str
    questions: tuple[Question, ...]
    body: bytes


class Feed(Protocol):
    """One source. Every method asks through `ask`, so that what it was told is archived and counted.

    Raises: FeedUnavailable, FeedRefused, FeedMalformed, FeedEmpty from any of them.
    """

    base_path: str
    guarded: str | None  # see Fetcher

    async def identify(self, ask: Ask) -> bool:
        """Check that this source answers about our election; returns whether it says that it is a rehearsal.

        Raises: WrongElection.
        """
        ...

    async def catalogue(self, ask: Ask) -> list[Fact]:
        """Names of all areas."""
        ...

    async def moved(self, ask: Ask) -> dict[str, int] | None:
        """The cheap change detector: counted actas by key, of every area that has any; None if the source has none."""
        ...

    async def area(self, ask: Ask, key: str, before: AreaCount | None) -> AreaCount | Fact:
        """What the source publishes for one area. `before` is returned as it is if its stamp has not moved."""
        ...

    async def acta_list(self, ask: Ask, district: str, most: int | None = None) -> list[ActaHead]:
        """Every acta of one district (key). `most`: as many as the source states there or around it, if it is known.

        Raises: FeedMalformed: also, at once, when the list is longer by more than `SPARE`: to follow it would take the
            questions of all other areas.
        """
        ...

    async def acta(self, ask: Ask, head: ActaHead) -> Fact:
        """One acta in full."""
        ...

    def reread(self, answers: Sequence[Kept], known: Mapping[str, Acta]) -> list[Fact]:
        """Every fact that those answers, in the order of one fact's `src`, gave or would give. Nothing is asked.

        `known` are the actas by key as they stood before: an acta read a second time may owe its place to them.
        An answer that was no usable one to some question says nothing about it.
        """
        ...

    def locate(self, answer: Kept, key: str) -> Pointers | None:
        """Where the figures of an area or a mesa stand in an answer to one question; None: it says nothing of them.

        Raises: FeedMalformed: it was no usable answer.
        """
        ...


__all__ = ["ActaHead", "Ask", "Feed", "Kept", "Question"]
