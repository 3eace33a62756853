"""From a count in service to what is drawn of one area of it. Collecting is for the loop's thread, decoding for any."""

from typing import Any

import msgspec
from msgspec import Struct

from api.live.count import LiveCount
from api.live.feed import describe_feed, times_of
from api.live.outlook import assess, status_of
from api.tables.archive import describe_head
from api.tables.rows import parents_of
from dashboard.embed.document import topic_of
from dashboard.embed.scene import BAR, CARD, MAP
from tally import moments
from tally.keys import ABROAD, CHILD_LEVEL, NATION, UBIGEO_LEVELS, Level, is_abroad, is_area, is_within, level_of
from tally.view import View


class EmbedScene(Struct, frozen=True):
    """One area of one version, undecoded: values by key, names above, and the election around it."""

    key: str
    data: bytes
    rows: dict[str, bytes]
    parents: tuple[tuple[str, bytes], ...]
    meta: dict[str, Any]


def level_below(view: str, key: str) -> Level | None:
    """The level an embed shows below its area: a department's map has districts, its table provinces."""
    if view in (BAR, CARD):
        return None
    level = level_of(key)
    if view == MAP and level is Level.DEPARTMENT and not is_abroad(key):
        return Level.DISTRICT
    below = CHILD_LEVEL.get(level)
    return below if below in UBIGEO_LEVELS else None


def keys_of(live: LiveCount, view: str, key: str) -> list[str]:
    """Every key that an embed of that area needs: itself, those above, those below."""
    if key not in live.view.entries:
        return [key]
    level = level_below(view, key)
    members = live.view.keys([topic_of(key)]) if level is not None else set()
    below = [one for one in members if level_of(one) is level and is_within(one, key)]
    return [key, *parents_of(live.view, key), *sorted(below)]


def judged(keys: list[str]) -> list[str]:
    """What the outcome beside those keys rests on: of the whole, also what is abroad."""
    return [*keys, ABROAD] if keys[0] == NATION else keys


def stage(live: LiveCount, keys: list[str], view: View, *, is_past: bool) -> EmbedScene:
    """What those keys say in a view; the first is the area, the rest stand above and below it."""
    key, *others = keys
    values = {one: view.entries[one].change.data for one in others if one in view.entries}
    above = parents_of(live.view, key) if key in live.view.entries else []
    entry = view.entries.get(key)
    meta = _describe(live, view, keys, is_past=is_past)
    times = None if is_past else times_of(live, key, moments.utc_now())
    own = {"checked_at": None, "changed_at": entry and entry.at} if times is None else msgspec.structs.asdict(times)
    return EmbedScene(
        key,
        b"{}" if entry is None else entry.change.data,
        {one: data for one, data in values.items() if one not in above},
        tuple((one, values[one]) for one in above if one in values and is_area(one)),
        {**meta, **own},
    )


def freshness(live: LiveCount, keys: list[str]) -> tuple[object, ...]:
    """All that an embed of those keys shows now; times in minutes, as they are shown.

    The version is the newest of what is shown: a change elsewhere in the country makes no new page.
    """
    feed = describe_feed(live, moments.utc_now())
    head = None if live.info.head is None else live.info.head.root
    source = feed.state, feed.note, (feed.checked_at or "")[:16]
    about = (live.epoch, live.info.is_test, head, status_of(live.view), *source)
    times = times_of(live, keys[0], moments.utc_now())
    told = () if times is None else tuple(at[:16] for at in msgspec.structs.astuple(times) if at is not None)
    return (*about, *told, *(_newest(live, live.view, shown)[0] for shown in (keys, judged(keys))))


def _newest(live: LiveCount, view: View, keys: list[str]) -> tuple[int, str]:
    """Version and moment of the newest value shown; of the areas above only names are."""
    above = set(parents_of(live.view, keys[0])) if keys[0] in live.view.entries else set()
    shown = [view.entries[key] for key in keys if key in view.entries and key not in above]
    newest = max(shown, key=lambda entry: entry.seq, default=None)
    return (view.seq, view.as_of) if newest is None else (newest.seq, newest.at)


def _describe(live: LiveCount, view: View, keys: list[str], *, is_past: bool) -> dict[str, Any]:
    """The election as the API describes it, as far as it is drawn."""
    election, head = live.election, live.info.head
    seq, at = _newest(live, view, keys)
    return {
        "name": election.name,
        "short": election.short,
        "timezone": election.timezone,
        "credit": election.credit,
        "is_test": live.info.is_test,
        "status": status_of(view),
        "epoch": view.epoch,
        "seq": seq,
        "as_of": at,
        "contest": {name: msgspec.to_builtins(getattr(live.contest, name)) for name in ("lists", "rule", "scope")},
        "outlook": msgspec.to_builtins(assess(view, election)) if keys[0] in (NATION, live.contest.whole) else None,
        "feed": None if is_past else msgspec.to_builtins(describe_feed(live, moments.utc_now())),
        "archive": None if head is None or is_past else msgspec.to_builtins(describe_head(head)),
    }
