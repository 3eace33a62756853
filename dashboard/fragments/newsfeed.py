"""The news of a count, or of all contests of an election, as an Atom feed."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from flask import Flask, Response, abort, request
from msgspec.structs import replace

from dashboard.news.atom import MEDIA_TYPE, FeedHead, write_feed
from dashboard.news.entries import News, mark_of, news_of
from dashboard.news.room import Newsroom
from dashboard.reading import Refused, Sheet
from dashboard.routes import CONTESTS, NEWS, TIMELINE
from dashboard.site import Site
from dashboard.words import Words

_CACHE = {"Cache-Control": "public, max-age=30"}
_MOST = 100


def add_news_route(server: Flask, site: Site, home_of: Callable[[str], str], hub: str | None = None) -> None:
    """Serve it for the election and for each of its contests; 404 where there is no count, 503 until it is read.

    hub: address of a WebSub hub that tells readers of new entries.
    """

    def serve(contest: str | None = None) -> Response:
        home = home_of(request.host_url.rstrip("/"))
        try:
            body = _feed(site.news(request.args.get("lang", ""), contest), home, hub)
        except (LookupError, Refused):
            abort(404)
        except ConnectionError:
            abort(503)
        return Response(body, content_type=MEDIA_TYPE, headers=_CACHE)

    server.add_url_rule(NEWS, endpoint="news", view_func=serve)
    server.add_url_rule(f"{CONTESTS}/<contest>{NEWS}", endpoint="contest-news", view_func=serve)


def _feed(room: Newsroom, home: str, hub: str | None) -> bytes:
    sheet, words = room.front, room.front.words
    meta, election = sheet.meta, words.of(sheet.meta["name"])
    is_of_many = room.counts is not None
    about = "news_feed.about_all" if is_of_many else "news_feed.about"
    title = words("news_feed.title", count=words.of(meta["contest"]["name"]), election=election)
    head = FeedHead(
        mark=f"{meta['id'] if is_of_many else mark_of(sheet)}/{words.code}",
        language=words.code,
        title=words("news_feed.title_all", election=election) if is_of_many else title,
        about=words(about),
        author=words("page.brand"),
        updated=meta["as_of"],
        path=words.href(NEWS),
        page=words.href("/" if is_of_many else TIMELINE),
        hub=hub,
    )
    found = news_of(sheet)[:_MOST] if room.counts is None else _newest(room.counts)
    if meta["is_test"]:
        head, found = replace(head, title=_rehearsed(words, head.title)), [_marked(words, one) for one in found]
    return write_feed(head, found, home)


def _marked(words: Words, news: News) -> News:
    """An entry of a rehearsal, which says so wherever it is read: in a list of titles or by itself."""
    text = news.text if words("page.rehearsal_note") in news.text else _rehearsed(words, news.text)  # a bulletin has it
    return replace(news, title=_rehearsed(words, news.title), text=text)


def _rehearsed(words: Words, said: str) -> str:
    return words("news_feed.rehearsed", said=said)


def _newest(counts: Iterable[tuple[str, Callable[[], Sheet]]]) -> list[News]:
    """The newest entries of many counts, which come with the newest moment of each, newest first.

    A count whose last change is older than all that there is room for is not asked any more.
    """
    found: list[News] = []
    for as_of, read in counts:
        if len(found) >= _MOST and found[_MOST - 1].at > as_of:
            break
        found = sorted((*found, *_of_many(read())), key=attrgetter("at"), reverse=True)[:_MOST]
    return found


def _of_many(sheet: Sheet) -> list[News]:
    """A count's entries as they stand among those of others: under its name, and under ids of their own."""
    words, contest = sheet.words, sheet.words.of(sheet.meta["contest"]["name"])
    return [
        replace(news, title=words("news_feed.of", contest=contest, said=news.title), mark=f"{news.mark}/all")
        for news in news_of(sheet)[:_MOST]
    ]
