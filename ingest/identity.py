"""Whether the source is still the one that the count was begun with: asked again while the count goes on.

A host may turn to its next election, or be exchanged for a rehearsal, under one address. Every answer is looked at for
the rehearsal's mark, and the process is asked for again every few minutes; a difference is believed at a second look.
"""

import asyncio
from contextlib import suppress

from ingest.containment import contained
from ingest.feeds import Feed
from ingest.fetch import Answer, Ask, Question, is_rehearsal
from tally.errors import FeedError, FeedMalformed, SourceChanged, Unforeseen, WrongElection

_AGAIN_S = 1.0


class Identity:
    """Asks on, as `Ask` does; an answer of another kind of source is none. `is_test`: what the source was."""

    def __init__(self, feed: Feed, ask: Ask, *, is_test: bool, every_s: float) -> None:
        self._feed, self._ask, self._is_test, self._every_s = feed, ask, is_test, every_s
        self._doubt = asyncio.Event()

    async def __call__(self, question: Question) -> Answer:
        """See Ask.

        Raises: FeedMalformed: its mark is another than the source's was.
        """
        answer = await self._ask(question)
        if is_rehearsal(answer) != self._is_test:
            self._doubt.set()
            raise FeedMalformed(f"{answer.url}: {_marked(is_test=not self._is_test)}")
        return answer

    async def watch(self) -> None:
        """Look again and again, until cancelled.

        Raises: SourceChanged: it is another one, at two looks in a row.
        """
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), self._every_s)
            self._doubt.clear()
            if await self._difference() is not None:
                await asyncio.sleep(_AGAIN_S)
                difference = await self._difference()
                if difference is not None:
                    raise SourceChanged(difference)

    async def _difference(self) -> str | None:
        """What is different; None: nothing, or nobody can tell just now."""
        try:
            is_test = await contained(self._feed.identify(self._ask), lambda: "the source's identity")
        except WrongElection as error:
            return str(error)
        except (FeedError, Unforeseen):  # readings fail too then, and say so
            return None
        return None if is_test == self._is_test else _marked(is_test=is_test)


def check_kind(*, was_test: bool, is_test: bool) -> None:
    """Return if a count may go on with that source.

    Raises: SourceChanged: it holds a rehearsal and the source is none, or the other way round.
    """
    if was_test != is_test:
        held = "a rehearsal" if was_test else "a real count"
        raise SourceChanged(f"{_marked(is_test=is_test)}, and the database holds {held} of it; use another --database")


def _marked(*, is_test: bool) -> str:
    return "the source is a rehearsal" if is_test else "the source is no rehearsal"
