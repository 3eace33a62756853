"""Text messages that came in: what each asked for and was answered, so that one that comes twice is one."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Engine

from mission.journal import Entry, Journals
from mission.messages.limits import load_limits
from tally import moments

TEXT_ROOM = "texts"
TAKE = "take"
LIMITS = load_limits().receiving


class TakenText(Struct, frozen=True):
    """What became of a text. `thing`: the report or response it made. `text` is kept of one that was no order."""

    kind: str
    reply: str
    thing: str | None = None
    text: str | None = None


class ReceivedText(TakenText, frozen=True, kw_only=True):
    """The same with who sent it, and when it came."""

    by: str
    at: str


class TextBook(Struct, frozen=True):
    """Texts by a keyed hash of the sender and the gateway's id. Never changes: `after` makes the next one."""

    texts: Mapping[str, ReceivedText] = {}
    recent: tuple[tuple[str, str], ...] = ()  # when, and from whom, within the window

    def after(self, entries: Iterable[Entry]) -> "TextBook":
        """The book with those entries in it."""
        texts, recent = dict(self.texts), list(self.recent)
        for entry in entries:
            taken = msgspec.json.decode(entry.data, type=TakenText)
            texts[entry.subject] = ReceivedText(**msgspec.structs.asdict(taken), by=entry.actor, at=entry.at)
            recent.append((entry.at, entry.actor))
        since = moments.write(moments.read(recent[-1][0]) - LIMITS.window) if recent else ""
        return TextBook(texts, tuple(one for one in recent if one[0] > since))

    @property
    def misread(self) -> list[ReceivedText]:
        """Those that were no order, newest first."""
        return [one for one in self.texts.values() if one.text is not None][::-1]

    def of_late(self, by: str, now: datetime) -> list[str]:
        """When somebody's texts within the window came."""
        since = moments.write(now - LIMITS.window)
        return [at for at, sender in self.recent if sender == by and at > since]


def text_journals(engine: Engine) -> Journals[TextBook]:
    """The room, of every election."""
    return Journals(engine, TEXT_ROOM, TextBook(), TextBook.after)
