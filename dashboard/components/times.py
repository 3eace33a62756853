"""A status and the times of the unit shown: when the source stamped it, when it was last read, when it last changed.

Of the whole the feed says when it was last asked. Of what lies in it the log does: its figures were read when they
last changed, and whatever was asked of the source since was not this unit.
"""

from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.figures import shown
from dashboard.moments import ago, clock, told
from dashboard.reading import PageView

# The text of the times: now, at an earlier moment, and in a copy. Of many races together no one stamp of the source is.
_LINES = ("times.line", "past.line", "copy.line")
_UNIT_LINES = ("times.unit", "past.line", "copy.unit")
OF_RACES = ("races.times", "races.past_times", "races.copy_times")


def layout(view: PageView, lines: tuple[str, str, str] = _LINES) -> Component:
    """The status word, the three times and the pause control; `browser/page/status.js` keeps them ageing."""
    words, feed = view.words, view.meta["feed"]
    # A copy is read later: whether the source answers then it cannot know.
    state = "past" if words.copied_at else feed["state"]
    own = view.route.is_whole
    stamps = [data["source_at"] for data in view.mesas.values() if data.get("source_at")]
    stamp = shown(view.data).get("source_at") or (feed["source_at"] if own else max(stamps, default=None))
    stamp = told(stamp, view.now if view.words.at is None else view.meta["as_of"])
    changed = feed["changed_at"] if own else _read_at(view)
    return html.Section(
        [
            html.P(
                [
                    html.Span(_status(view, state), id=ids.STATUS, **marks.data(state=state)),
                    html.Span(words(f"count.{view.meta['status']}"), className="soft", **marks.data(count="")),
                    None if words.at or words.copied_at else _pause(view),
                ],
                className="status-line",
            ),
            html.P(_line(view, stamp, changed, lines), className="times"),
            _note(view),
        ],
        className="freshness",
    )


def _status(view: PageView, state: str) -> str:
    """How it stands; of a source that is not read also why, where there is a word for it, and when it last was."""
    words, feed = view.words, view.meta["feed"]
    own = f"status.{state}_{feed.get('note')}"
    return words(own if words.says(own) else f"status.{state}", at=_clock(view, feed["checked_at"]))


def _note(view: PageView) -> Component:
    """Why the figures may not be the newest; hidden where there is nothing to say. `page/status.js` keeps it true."""
    words, feed = view.words, view.meta["feed"]
    name, figures = f"feed_note.{feed.get('note')}", dict(feed.get("figures") or {})
    if "at" in figures:
        figures["at"] = _clock(view, figures["at"])
    text = words(name, **figures) if words.says(name) else ""
    return html.P(text, id=ids.FEED_NOTE, className="note amber", hidden=not text)


def _read_at(view: PageView) -> str | None:
    """When something of a unit was last read: its own figures, or a mesa of a polling place."""
    read = [view.changed_at, *(mesa.get("changed_at") for mesa in view.data.get("mesas", ()))]
    return max((at for at in read if at), key=datetime.fromisoformat, default=None)


def _line(view: PageView, stamp: str | None, changed: str | None, lines: tuple[str, str, str]) -> list[Any]:
    """When the source stamped it and when it last changed; now also when we last asked."""
    words, own_unit = view.words, not view.route.is_whole
    checked_at = changed if own_unit else view.meta["feed"]["checked_at"]
    own = {"source": _time("source", stamp, _clock(view, stamp))}
    present, past, copied = _UNIT_LINES if own_unit else lines
    own["changed"] = _time("changed", changed, _clock(view, changed))
    if words.at is not None:
        return words.parts(past, **own)
    if words.copied_at is not None:
        return words.parts(copied, **own, checked=_time("checked", checked_at, _clock(view, checked_at)))
    return words.parts(
        present,
        **own,
        checked=_time("checked", checked_at, ago(checked_at, view.now, words)),
        at=_time("checked-clock", checked_at, _clock(view, checked_at)),
    )


def _clock(view: PageView, stamp: str | None) -> str:
    return clock(stamp, view.now, view.meta["timezone"])


def _pause(view: PageView) -> Component:
    return html.Button(
        view.words("pause.pause"),
        id=ids.PAUSE,
        type="button",
        className="script-only quiet",
        **marks.aria(pressed="false"),
    )


def _time(name: str, stamp: str | None, text: str) -> Component:
    return html.Time(text, className="n", dateTime=stamp, **marks.data(time=name))
