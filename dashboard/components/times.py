"""A status and the times of the unit shown: when the source stamped it, when it was last read, when it last changed.

Of the whole the feed says both. Of what lies in it the source's own answer about it does: whatever was asked of the
source since was not this unit.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids, marks
from dashboard.figures import shown
from dashboard.moments import ago, clock, told
from dashboard.reading import Data, PageView

# The text of the times: now, at an earlier moment, and in a copy. Of many races together no one stamp of the source is.
_LINES = ("times.line", "past.line", "copy.line")
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
    times = feed if own else view.answer or {"checked_at": None, "changed_at": view.changed_at}
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
            html.P(_line(view, stamp, times, lines), className="times"),
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


def _line(view: PageView, stamp: str | None, times: Data, lines: tuple[str, str, str]) -> list[Any]:
    """When the source stamped it and when it last changed; now also when it was last read."""
    words, checked_at, changed = view.words, times["checked_at"], times["changed_at"]
    own = {"source": _time("source", stamp, _clock(view, stamp))}
    present, past, copied = lines
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
