"""A recorded count published by the store's own writer, and the bulletins of each of its cuts."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from api.bulletin.cuts import Moment, gather, take_moment
from api.http.workers import Workers
from api.live.count import LiveCount, load
from api.live.outlook import assess
from api.options import ServeOptions
from api.story.past import Past
from bench.bulletins.series import Series
from dashboard.bulletin.compose import bulletin_of
from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Figure, Sentence
from dashboard.bulletin.rules import LENGTHS, Length
from dashboard.words import load_words
from tally import moments
from tally.board import Board
from tally.storage.store import Store
from tally.storage.writer import Writer

_FOR_GOOD_S = 1e6


class Told(Struct, frozen=True):
    """A bulletin: its language and length, and the cut that it is of."""

    language: str
    length: Length
    sentences: Sequence[Sentence]


class Data:
    """The values of a count at its versions, read from the store by themselves."""

    def __init__(self, store: Store, live: LiveCount, moment: Moment, cut: Cut) -> None:
        self._store, self._live, self.cut = store, live, cut
        self._read: dict[tuple[str, int], Any] = {}
        self._whole: dict[str, Any] = {
            "outlook": msgspec.to_builtins(assess(moment.view, live.election)),
            "queue": {"summary": cut.queue},
            "contest": {"rule": msgspec.to_builtins(live.contest.rule)},
            "as_of": moment.version.at,
        }

    def field(self, figure: Figure, path: str, version: int) -> Any:
        """What stands in a field of the figure's key at a version; None where nothing does."""
        head, _, rest = path.partition(".")
        value: Any
        if head in self._whole and version == self.cut.seq:
            value = self._whole[head]
        elif head == "as_of":
            return self._store.version(self._live.info.id, seq=version)[1]  # type: ignore[index] # it is one of its own
        else:
            value = self._stated(figure.key, version).get(head)
        for part in filter(None, rest.split(".")):
            value = None if value is None else value[int(part)] if part.isdigit() else value[part]
        return value

    def _stated(self, key: str, version: int) -> Any:
        """A key's value at a version, from the log."""
        if (key, version) not in self._read:
            entries = self._store.latest_of(self._live.info.id, [key], version)
            self._read[key, version] = msgspec.json.decode(entries[0].change.data) if entries else {}
        return self._read[key, version]


def publish(store: Store, series: Series, every: int = 1) -> None:
    """Append every so-manieth cut of a recording, each at its own moment."""
    election, contest = series.election, series.election.contest()
    board = Board(len(contest.lists), contest.scope, election.largest)
    writer = Writer.acquire(store, election.id, contest.id, is_test=False, at=series.cuts[0][0])
    writer.lease_s = _FOR_GOOD_S
    for at, facts in series.cuts[::every]:
        changes = board.apply(facts)
        if changes:
            writer.append(changes, moments.write(moments.read(at)))


def tell(store: Store, series: Series) -> Iterator[tuple[Data, list[Told]]]:
    """The bulletins of every version, in every language and length, with what they must agree with."""
    info = store.info(series.election.id)
    live = LiveCount(series.election, load(store, info), ServeOptions())
    past = Past(store, Workers(1))
    words = load_words()
    for seq in range(1, live.seq + 1):
        moment = asyncio.run(_moment(past, live, seq))
        cut = gather(past, store, moment)
        told = [Told(code, length, bulletin_of(cut, length, own)) for code, own in words.items() for length in LENGTHS]
        yield Data(store, live, moment, cut), told


async def _moment(past: Past, live: LiveCount, seq: int) -> Moment:
    return await take_moment(past, live, await past.at_version(live, seq))
