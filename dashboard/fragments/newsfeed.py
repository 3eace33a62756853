"""The news of a count as an Atom feed (RFC 4287): what turned it, and what was corrected, held or released.

An entry's id is made of the version that brought it, so that it is the same in every answer, from every replica and at
every address. Links are whole where our own address is known; what a visitor calls us stands in no answer for others.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from xml.etree import ElementTree as xml

from flask import Flask, Response, abort, request
from msgspec import Struct

from dashboard import turning
from dashboard.ledger import LedgerChoice, moves
from dashboard.markup import html_of
from dashboard.moments import full_clock, normal
from dashboard.naming import name_of
from dashboard.reading import Data, Refused, Sheet
from dashboard.routes import CONTESTS, NEWS, TIMELINE, path_of
from dashboard.site import Site

_MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_CACHE = {"Cache-Control": "public, max-age=30"}
_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 100


class _News(Struct, frozen=True):
    """One entry: the version that brought it, our time of it, and what it says in plain text."""

    seq: int
    at: str
    kind: str
    key: str
    title: str
    text: str
    path: str


def add_news_route(server: Flask, site: Site, home_of: Callable[[str], str]) -> None:
    """Serve it for the election and for each of its contests; 404 where there is no count, 503 until it is read."""

    def serve(contest: str | None = None) -> Response:
        home = home_of(request.host_url.rstrip("/"))
        try:
            body = _feed(site.news(request.args.get("lang", ""), contest), home)
        except (LookupError, Refused):
            abort(404)
        except ConnectionError:
            abort(503)
        return Response(body, content_type=_MEDIA_TYPE, headers=_CACHE)

    server.add_url_rule(NEWS, endpoint="news", view_func=serve)
    server.add_url_rule(f"{CONTESTS}/<contest>{NEWS}", endpoint="contest-news", view_func=serve)


def _feed(sheet: Sheet, home: str) -> bytes:
    words, meta = sheet.words, sheet.meta
    found = sorted((*_turns(sheet), *_ledger(sheet)), key=attrgetter("seq"), reverse=True)[:_MOST]
    title = words("news_feed.title", count=words.of(meta["contest"]["name"]), election=words.of(meta["name"]))
    root = xml.Element("feed", {"xmlns": _ATOM, "xml:lang": words.code})
    mark = f"{meta['id']}/{meta['contest']['id']}/{meta['epoch']}"
    _add(root, "id", _name(f"{mark}/{words.code}"))
    _add(root, "title", title)
    _add(root, "subtitle", words("news_feed.about"))
    _add(root, "updated", found[0].at if found else meta["as_of"])
    _link(root, "self", f"{home}{words.href(NEWS)}", "application/atom+xml")
    _link(root, "alternate", f"{home}{words.href(TIMELINE)}", "text/html")
    _add(xml.SubElement(root, "author"), "name", words("page.brand"))
    for news in found:
        _entry(root, news, f"{mark}/{news.seq}/{news.kind}/{news.key}/{words.code}", home)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: xml.Element, news: _News, mark: str, home: str) -> None:
    entry = xml.SubElement(root, "entry")
    _add(entry, "id", _name(mark))
    _add(entry, "title", news.title)
    for name in ("published", "updated"):
        _add(entry, name, news.at)
    xml.SubElement(entry, "category", {"term": news.kind})
    _link(entry, "alternate", f"{home}{news.path}", "text/html")
    _add(entry, "content", news.text)


def _turns(sheet: Sheet) -> Iterator[_News]:
    words = sheet.words
    body: Data = sheet.body["moments"]
    for turn, sentence in turning.told(sheet, body["moments"]):
        path = words.own(f"{words.root}{path_of(body['key'])}?at={normal(turn['at'])}")
        said = _plain(sentence)
        text = words("news_feed.turned", said=said, counted=turning.counted(words, turn))
        yield _News(turn["seq"], turn["at"], turn["kind"], body["key"], said, _dated(sheet, turn["at"], text), path)


def _ledger(sheet: Sheet) -> Iterator[_News]:
    words = sheet.words
    for line in sheet.body["ledger"]["corrections"]:
        name = name_of(words, line["key"], line["name"])
        title = words("news_feed.noted", kind=words(f"kind.{line['kind']}"), place=name)
        text = "; ".join([title, *_moves(sheet, line)])
        path = words.href(LedgerChoice(kind=line["kind"], before=line["seq"] + 1).path)
        yield _News(line["seq"], line["at"], line["kind"], line["key"], title, _dated(sheet, line["at"], text), path)


def _moves(sheet: Sheet, line: Data) -> Iterator[str]:
    """Each figure that moved, with whose it is."""
    words, lists = sheet.words, sheet.meta["contest"]["lists"]
    for side, found in moves(line["before"], line["after"]).items():
        whose = words(f"comparison.{side}")
        for move in found:
            figure = lists[move.figure]["short"] if isinstance(move.figure, int) else words(f"figure.{move.figure}")
            yield words("news_feed.moved", whose=whose, figure=figure, before=move.before, after=move.after)


def _dated(sheet: Sheet, at: str, text: str) -> str:
    return sheet.words("news_feed.dated", at=full_clock(at, sheet.meta["timezone"]), said=text)


def _plain(sentence: list[Any]) -> str:
    return "".join(xml.fromstring(f"<p>{html_of(sentence)}</p>").itertext())  # noqa: S314 - our own HTML


def _name(mark: str) -> str:
    return uuid5(NAMESPACE_OID, mark).urn


def _add(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, name).text = text


def _link(parent: xml.Element, rel: str, href: str, media_type: str) -> None:
    xml.SubElement(parent, "link", {"rel": rel, "href": href, "type": media_type})
