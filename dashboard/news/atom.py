"""News as an Atom feed (RFC 4287).

Links are whole where our own address is known; what a visitor calls us stands in no answer for others. Ids are made of
an entry's mark and never of an address.
"""

from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_OID, uuid5
from xml.etree import ElementTree as xml

from msgspec import Struct

from dashboard.news.entries import News

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"


class FeedHead(Struct, frozen=True):
    """What stands above the entries. `updated`: if there are none. hub: who tells readers of new ones, if anybody."""

    mark: str
    language: str
    title: str
    about: str
    author: str
    updated: str
    path: str
    page: str
    hub: str | None = None


def write_feed(head: FeedHead, entries: Sequence[News], home: str) -> bytes:
    """The document. `home`: our own address, "" if it is not known."""
    root = xml.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": head.language})
    _add(root, "id", _name(head.mark))
    _add(root, "title", head.title)
    _add(root, "subtitle", head.about)
    _add(root, "updated", max((one.at for one in entries), default=head.updated))
    _link(root, "self", f"{home}{head.path}", "application/atom+xml")
    _link(root, "alternate", f"{home}{head.page}", "text/html")
    if head.hub is not None:
        xml.SubElement(root, "link", {"rel": "hub", "href": head.hub})
    _add(xml.SubElement(root, "author"), "name", head.author)
    _add_entries(root, entries, home)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entries(root: xml.Element, entries: Iterable[News], home: str) -> None:
    for news in entries:
        entry = xml.SubElement(root, "entry")
        _add(entry, "id", _name(news.mark))
        _add(entry, "title", news.title)
        for name in ("published", "updated"):
            _add(entry, name, news.at)
        xml.SubElement(entry, "category", {"term": news.kind})
        _link(entry, "alternate", f"{home}{news.path}", "text/html")
        _add(entry, "content", news.text)


def _name(mark: str) -> str:
    return uuid5(NAMESPACE_OID, mark).urn


def _add(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, name).text = text


def _link(parent: xml.Element, rel: str, href: str, media_type: str) -> None:
    xml.SubElement(parent, "link", {"rel": rel, "href": href, "type": media_type})
