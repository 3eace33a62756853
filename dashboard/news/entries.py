"""The news of one count: what turned it, what was corrected, held or released, and the bulletins of its checkpoints."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as xml

from msgspec import Struct

from dashboard import turning
from dashboard.bulletin.checkpoints import is_milestone, name_of_checkpoint
from dashboard.ledger import LedgerChoice, told_moves
from dashboard.markup import html_of
from dashboard.moments import full_clock, normal
from dashboard.naming import name_of
from dashboard.reading import Data, Sheet
from dashboard.routes import BULLETIN, path_of
from tally.keys import NATION


class News(Struct, frozen=True):
    """One entry: the version that brought it, our time of it, and what it says in plain text.

    mark: names it for good, the same in every answer, from every replica and at every address.
    """

    seq: int
    at: str
    kind: str
    title: str
    text: str
    path: str
    mark: str


def news_of(sheet: Sheet) -> list[News]:
    """All entries of a count, newest first."""
    found = [*_turns(sheet), *_ledger(sheet), *_checkpoints(sheet)]
    return sorted(found, key=lambda news: news.seq, reverse=True)


def mark_of(sheet: Sheet) -> str:
    """Names a count, whatever becomes of its history."""
    meta = sheet.meta
    return f"{meta['id']}/{meta['contest']['id']}"


def _turns(sheet: Sheet) -> Iterator[News]:
    words = sheet.words
    body: Data = sheet.body["moments"]
    for turn, sentence in turning.told(sheet, body["moments"]):
        path = words.own(f"{words.root}{path_of(body['key'])}?at={normal(turn['at'])}")
        said = _plain(sentence)
        text = words("news_feed.turned", said=said, counted=turning.counted(words, turn))
        yield _news(sheet, (turn["seq"], turn["at"], turn["kind"], body["key"]), said, text, path)


def _ledger(sheet: Sheet) -> Iterator[News]:
    words = sheet.words
    for line in sheet.body["ledger"]["corrections"]:
        name = name_of(words, line["key"], line["name"])
        title = words("news_feed.noted", kind=words(f"kind.{line['kind']}"), place=name)
        moved = told_moves(line, sheet.meta["contest"]["lists"], words)
        text = "; ".join([title, *(text for text, _ in moved)])
        path = words.href(LedgerChoice(kind=line["kind"], before=line["seq"] + 1).path)
        yield _news(sheet, (line["seq"], line["at"], line["kind"], line["key"]), title, text, path)


def _checkpoints(sheet: Sheet) -> Iterator[News]:
    """Each with its bulletin's paragraph."""
    words = sheet.words
    for one in sheet.body["bulletins"]["bulletins"]:
        name = one["checkpoint"]
        kind = "milestone" if is_milestone(name) else "checkpoint"
        title = words("news_feed.checkpoint", name=name_of_checkpoint(words, name))
        path = words.own(f"{words.root}{BULLETIN}?at={normal(one['as_of'])}")
        yield _news(sheet, (one["seq"], one["as_of"], kind, f"{NATION}/{name}"), title, one["text"], path)


def _news(sheet: Sheet, about: tuple[int, str, str, str], title: str, text: str, path: str) -> News:
    seq, at, kind, key = about
    dated = sheet.words("news_feed.dated", at=full_clock(at, sheet.meta["timezone"]), said=text)
    # By our time, not by its epoch: what a restore left of a history is no news, and what it took back was at another.
    mark = f"{mark_of(sheet)}/{seq}/{at}/{kind}/{key}/{sheet.words.code}"
    return News(seq, at, kind, title, dated, path, mark)


def _plain(sentence: list[Any]) -> str:
    return "".join(xml.fromstring(f"<p>{html_of(sentence)}</p>").itertext())  # noqa: S314 - our own HTML
