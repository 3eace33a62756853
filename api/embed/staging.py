"""From a count in service to what is drawn of one area of it. Collecting is for the loop's thread, decoding for any."""

from typing import Any

import msgspec
from msgspec import Struct

from api.archive import describe_head
from api.feed import describe_feed
from api.live import LiveCount
from api.outlook import status_of
from api.rows import parents_of
from dashboard.embed.document import topic_of
from dashboard.embed.scene import BAR, CARD, MAP
from tally import moments
from tally.model import ABROAD, DOMESTIC, NATION, scope_key
from tally.tree import is_area
from tally.view import View

_BELOW = {"nation": "department", "scope": "department", "department": "province", "province": "district"}


class Stage(Struct, frozen=True):
    """One area of one version, undecoded: values by key, names above, and the election around it."""

    key: str
    data: bytes
    rows: dict[str, bytes]
    parents: tuple[tuple[str, bytes], ...]
    meta: dict[str, Any]


def level_below(view: str, key: str) -> str | None:
    """The level an embed shows below its area: a department's map has districts, its table provinces."""
    level, _, code = key.partition("/")
    if view in (BAR, CARD):
        return None
    if view == MAP and level == "department" and code < "90":
        return "district"
    return _BELOW.get(level)


def keys_of(live: LiveCount, view: str, key: str) -> list[str]:
    """Every key that an embed of that area needs: itself, those above, those below."""
    if key not in live.view.entries:
        return [key]
    level = level_below(view, key)
    members = live.view.keys([topic_of(key)]) if level is not None else set()
    below = [one for one in members if one.startswith(f"{level}/") and _lies_in(one, key)]
    return [key, *parents_of(live.view, key), *sorted(below)]


def stage(live: LiveCount, keys: list[str], view: View, *, is_past: bool) -> Stage:
    """What those keys say in a view; the first is the area, the rest stand above and below it."""
    key, *others = keys
    values = {one: view.entries[one].change.data for one in others if one in view.entries}
    above = parents_of(live.view, key) if key in live.view.entries else []
    entry = view.entries.get(key)
    meta = _describe(live, view, is_past=is_past)
    changed = meta["feed"]["changed_at"] if key == NATION and meta["feed"] else entry and entry.at
    return Stage(
        key,
        b"{}" if entry is None else entry.change.data,
        {one: data for one, data in values.items() if one not in above},
        tuple((one, values[one]) for one in above if one in values and is_area(one)),
        {**meta, "changed_at": changed},
    )


def freshness(live: LiveCount) -> tuple[object, ...]:
    """All that an embed of the present shows beside the numbers; times in minutes, as they are shown."""
    feed = describe_feed(live, moments.utc_now())
    head = None if live.info.head is None else live.info.head.root
    return (live.etag, live.info.is_test, head, feed.state, (feed.checked_at or "")[:16], (feed.changed_at or "")[:16])


def _describe(live: LiveCount, view: View, *, is_past: bool) -> dict[str, Any]:
    """The election as the API describes it, as far as it is drawn."""
    election, head = live.election, live.info.head
    return {
        "name": election.name,
        "timezone": election.timezone,
        "credit": election.credit,
        "is_test": live.info.is_test,
        "status": status_of(view),
        "epoch": view.epoch,
        "seq": view.seq,
        "as_of": view.as_of,
        "contest": {"lists": msgspec.to_builtins(live.contest.lists)},
        "feed": None if is_past else msgspec.to_builtins(describe_feed(live, moments.utc_now())),
        "archive": None if head is None or is_past else describe_head(head),
    }


def _lies_in(key: str, area: str) -> bool:
    level, _, code = area.partition("/")
    own = key.partition("/")[2]
    if area in (DOMESTIC, ABROAD):
        return scope_key(own) == area
    return level == "nation" or own.startswith(code)
