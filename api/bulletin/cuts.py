"""What a bulletin of a version rests on, gathered from the log: the loop takes what moves, a worker reads the rest."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import msgspec
from msgspec import Struct

from api.http.workers import check_wanted
from api.live.count import LiveCount
from api.live.outlook import assess
from api.story.past import Past, Version, source_time
from api.story.queue_board import QueueQuestion, summarise
from api.story.trails import LogExtent, Point, history_of, steps
from api.story.turning_points import lead_turns
from dashboard.bulletin.compose import bulletin_of
from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Sentence
from dashboard.bulletin.places import PLACES
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import text_of
from dashboard.naming import title_of
from dashboard.words import Words, load_words
from tally.changes import Kind
from tally.errors import InvalidInput
from tally.keys import NATION, Level, level_of
from tally.ledger import LedgerEntry, read_ledger
from tally.storage.store import Store
from tally.view import View
from texts.language import LANGUAGES

# Below them every acta's correction would be news.
_LEVELS = (Level.NATION, Level.SCOPE, Level.DEPARTMENT)
_NOTED = (Kind.CORRECTION, Kind.HOLD, Kind.RELEASE)
_MOST_NOTED = 50


class Bulletin(Struct, frozen=True, kw_only=True):
    """A version of a count in words: `text` is its sentences, each of which names the figures that it states.

    as_of: our clock, when it was published; source_at: the source's, of its own figures of the whole.
    checkpoint: which one it is of, where it is of one: a share of the actas counted ("50"), "first" or "none_pending".
    """

    election: str
    contest: str
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    is_test: bool
    lang: str
    length: Length
    checkpoint: str | None
    title: str
    text: str
    sentences: list[Sentence]


class Moment(Struct, frozen=True):
    """A version of a count with all that a worker needs to write of it."""

    live: LiveCount
    history: LogExtent
    version: Version
    view: View


async def take_moment(past: Past, live: LiveCount, version: Version) -> Moment:
    """The values of the large areas at a version.

    Raises: StoreUnavailable. AtCapacity.
    """
    keys = [key for key in live.view.keys([NATION, *PLACES]) if level_of(key) in _LEVELS]
    view = await past.view_of(live, version, keys)
    if view is live.view:  # which moves on; of a whole country it has 100,000 keys more
        view = View.of_entries(live.info, (version.seq, version.at), [view.entries[key] for key in keys])
    return Moment(live, history_of(live), version, view)


def chosen_words(lang: str) -> Words:
    """The words of a language.

    Raises: InvalidInput: we speak no such language.
    """
    if lang not in LANGUAGES:
        raise InvalidInput(f"lang={lang[:20]!r} is none of {', '.join(LANGUAGES)}")
    return _languages()[lang]


@cache  # they stay as they are while the program runs
def _languages() -> dict[str, Words]:
    return load_words()


def words_of(lang: str, live: LiveCount) -> Words:
    """The words of a count's bulletin; all of it is called by its name, if it is not the country's.

    Raises: InvalidInput: we speak no such language.
    """
    words, contest = chosen_words(lang), live.contest
    return words if contest.whole == NATION else replace(words, whole=words.of(contest.name))


def write_bulletin(
    past: Past, store: Store, moment: Moment, length: Length, words: Words, checkpoint: str | None = None
) -> Bulletin:
    """The bulletin of a version; for a worker.

    Raises: StoreUnavailable.
    """
    cut = gather(past, store, moment)
    sentences = bulletin_of(cut, length, words)
    live, version = moment.live, moment.version
    return Bulletin(
        election=live.election.id,
        contest=live.contest.id,
        epoch=moment.history.epoch,
        seq=version.seq,
        as_of=version.at,
        source_at=source_time(moment.view.entries.get(NATION)),
        is_test=live.info.is_test,
        lang=words.code,
        length=length,
        checkpoint=checkpoint,
        title=title_of(words, cut.meta, NATION, None, is_whole=True),
        text=text_of(sentences, length),
        sentences=sentences,
    )


def gather(past: Past, store: Store, moment: Moment) -> Cut:
    """All that is known of a version of a count.

    Raises: StoreUnavailable.
    """
    live, view, seq = moment.live, moment.view, moment.version.seq
    trail = past.trails.of(moment.history, [NATION], seq)[NATION] if seq else None
    points = steps(trail.points) if trail is not None else []
    before = points[-2] if len(points) > 1 else None
    check_wanted()
    shown = (NATION,) if live.contest.scope else (NATION, *PLACES)
    return Cut(
        meta=_describe(moment),
        areas={key: msgspec.json.decode(view.entries[key].change.data) for key in shown if key in view.entries},
        before=None if before is None else _told(before),
        queue=_queue(past, moment),
        leads=[msgspec.to_builtins(turn) for turn in lead_turns(points)],
        noted=[] if before is None else _noted(store, live, before.seq, seq),
        held=_held(view),
    )


def _describe(moment: Moment) -> dict[str, Any]:
    """The election as its address tells it, as far as it is said."""
    election, contest = moment.live.election, moment.live.contest
    return {
        "name": election.name,
        "short": election.short,
        "timezone": election.timezone,
        "is_test": moment.live.info.is_test,
        "seq": moment.version.seq,
        "as_of": moment.version.at,
        "contest": {
            name: msgspec.to_builtins(getattr(contest, name)) for name in ("id", "name", "lists", "rule", "scope")
        },
        "outlook": msgspec.to_builtins(assess(moment.view, election)),
    }


def _told(point: Point) -> dict[str, Any]:
    side = "published" if point.is_published else "computed"
    data = {side: msgspec.to_builtins(point.count)}
    return {"seq": point.seq, "at": point.at, "source_at": point.count.source_at, "data": data}


def _queue(past: Past, moment: Moment) -> dict[str, Any]:
    stays = past.queues.stays(moment.history, moment.version.seq)
    found: dict[str, Any] = msgspec.to_builtins(
        summarise(stays, moment.view, moment.live.election, QueueQuestion(NATION))
    )
    return found


def _noted(store: Store, live: LiveCount, after: int, seq: int) -> list[dict[str, Any]]:
    """What the ledger has of large areas since the cut before, newest first."""
    read = partial(read_ledger, store, live.info.id, _NOTED, levels=_LEVELS, before_seq=seq + 1, limit=_MOST_NOTED)
    return [_line(line, live.names.names) for line in read() if line.seq > after]


def _line(line: LedgerEntry, names: dict[str, str]) -> dict[str, Any]:
    before = None if line.before is None else msgspec.json.decode(line.before)
    about = {"seq": line.seq, "kind": line.kind.value, "key": line.key, "name": names.get(line.key)}
    return {**about, "before": before, "after": msgspec.json.decode(line.after)}


def _held(view: View) -> dict[str, str | None]:
    """Large areas of which a newer value is held."""
    found: Sequence[tuple[str, Any]] = [
        (key, msgspec.json.decode(entry.change.data))
        for key, entry in sorted(view.entries.items())
        if level_of(key) in _LEVELS
    ]
    return {key: data["name"] for key, data in found if data.get("held")}
