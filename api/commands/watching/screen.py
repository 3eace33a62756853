"""An installation on a terminal: what is the matter stands in colour, and never in colour alone."""

from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.commands.watching.installation import Asked, CountLine, HoldLine, Installation
from api.commands.watching.words import DASH, room_text, seconds_text
from tally import moments
from tally.thresholds import THRESHOLDS
from texts.language import Language

_MOST_COUNTS, _MOST_HOLDS = 30, 20
_GOOD, _BAD = "green", "bold red"
_SOUND = ("ok", "final", "followed")


def draw(seen: Installation, words: Language) -> RenderableType:
    """All of it, the gravest first."""
    now = moments.read(seen.at)
    title = words("installation.title", version=seen.version, at=seen.at, database=seen.database)
    parts: list[RenderableType] = [Text(title, style="bold"), _counts(seen, words, now)]
    holds = [(count, hold) for count in seen.counts for hold in count.holds]
    if holds:
        parts.append(_holds(holds, words, now))
    if seen.replicas:
        parts.append(_replicas(seen.replicas, words))
    if seen.poller is not None:
        parts.append(_poller(seen.poller, words))
    parts.append(_clock(seen.clock_offset_s, words))
    parts += [
        Text(words("installation.disk", folder=folder, room=room_text(room))) for folder, room in seen.disks.items()
    ]
    return Group(*parts)


def _counts(seen: Installation, words: Language, now: datetime) -> RenderableType:
    if not seen.counts:
        return Text(words("installation.no_counts"))
    table = _table(words("installation.counts"), "count", "seq", "reading", "feed", "checked", words=words)
    for name in ("lease", "held", "seal", "key"):
        table.add_column(words(f"installation.{name}"))
    ordered = sorted(seen.counts, key=lambda one: (one.reading in _SOUND, one.feed_state in _SOUND))
    for one in ordered[:_MOST_COUNTS]:
        table.add_row(
            f"{one.election} {one.contest}",
            str(one.seq),
            _said(words(f"installation_reading.{one.reading}"), is_good=one.reading in _SOUND),
            _said(one.feed_reason or one.feed_state, is_good=one.feed_state in _SOUND),
            _ago(one.checked_at, now),
            seconds_text(one.lease_left_s),
            str(len(one.holds)),
            _ago(one.sealed_at, now),
            one.key or DASH,
        )
    return _with_rest(table, len(ordered) - _MOST_COUNTS, words)


def _holds(holds: list[tuple[CountLine, HoldLine]], words: Language, now: datetime) -> RenderableType:
    table = Table(title=words("installation.holds"), title_justify="left", show_header=False, box=None)
    for _, hold in sorted(holds, key=lambda one: one[1].since)[:_MOST_HOLDS]:
        table.add_row(hold.key, _ago(hold.since, now), "; ".join(hold.reasons))
        table.add_row("", "", Text(hold.release, style="bold"))
    return _with_rest(table, len(holds) - _MOST_HOLDS, words)


def _replicas(replicas: tuple[Asked, ...], words: Language) -> Table:
    table = _table(words("installation.replicas"), "address", "state", words=words)
    for one in replicas:
        answer = one.answer or {}
        said = str(answer.get("status") or answer.get("detail") or words("installation.away", reason=one.reason))
        table.add_row(one.address, _said(said, is_good=answer.get("status") == "ready"))
    return table


def _poller(poller: Asked, words: Language) -> Table:
    table = _table(words("installation.poller"), "address", "state", "answer", "next", "backlog", words=words)
    answer: dict[str, Any] = poller.answer or {}
    is_polling = bool(answer.get("is_polling"))
    away = None if poller.answer is not None else words("installation.away", reason=poller.reason)
    said = away or answer.get("reason") or words(f"installation_reading.{'followed' if is_polling else 'ended'}")
    table.add_row(
        poller.address,
        _said(str(said), is_good=is_polling),
        seconds_text(answer.get("answer_age_s")),
        seconds_text(answer.get("next_request_s")),
        str(answer.get("backlog", DASH)),
    )
    return table


def _clock(offset_s: float | None, words: Language) -> Text:
    if offset_s is None:
        return Text(words("installation.clock_own"))
    said = words("installation.clock", offset=seconds_text(offset_s))
    return _said(said, is_good=abs(offset_s) <= THRESHOLDS.clock.most_s)


def _table(title: str, *columns: str, words: Language) -> Table:
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(words(f"installation.{name}"))
    return table


def _with_rest(table: Table, rest: int, words: Language) -> RenderableType:
    return table if rest <= 0 else Group(table, Text(words("installation.more", n=rest)))


def _said(text: str, *, is_good: bool) -> Text:
    return Text(text if is_good else f"! {text}", style=_GOOD if is_good else _BAD)


def _ago(at: str | None, now: datetime) -> str:
    return seconds_text(None if at is None else (now - moments.read(at)).total_seconds())
