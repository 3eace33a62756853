"""oEmbed: which frame shows an address of ours. Only addresses below our own are known, whatever is asked."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from api.embed.choice import EmbedChoice, read_choice, widest_view
from api.http.errors import UnknownChoice
from dashboard.embed.scene import Scene
from dashboard.embed.sharing import CARD_SIZE, OVERVIEW, card_link
from dashboard.embed.snippet import HEIGHTS, snippet
from dashboard.routes import split_path
from tally.errors import NotFound
from tally.keys import NATION, is_digits, is_key
from texts.language import DEFAULT_LANGUAGE

_EMBED = "/embed/v1/"
_WIDTH = 640
_NARROWEST = 240
_CACHE_S = 3600


def choice_of(url: str, home: str, *, has_many: bool) -> EmbedChoice:
    """The embed of an address: an embed's own, or that of a page's area; `has_many`: the front page is of all contests.

    Raises: NotFound: the address is not ours, or nothing that can be embedded.
    """
    if not home or not url.startswith(f"{home}/"):
        raise NotFound("this address is not ours, or this server does not know its own (setting public_url)")
    try:
        parts = urlsplit(url[len(home) :])
        if parts.path.startswith(_EMBED):
            return read_choice(parts.path.removeprefix(_EMBED), parts.query.encode())
        return _of_page(parts.path, parse_qs(parts.query), has_many=has_many)
    except (UnknownChoice, ValueError) as error:
        raise NotFound("there is nothing to embed at that address") from error


class OEmbed(Struct, frozen=True):
    """How to show an address of ours (oembed.com): a frame of type "rich", and a picture of it."""

    version: str
    type: str
    title: str
    provider_name: str
    provider_url: str
    cache_age: int
    width: int
    height: int
    html: str
    thumbnail_url: str
    thumbnail_width: int
    thumbnail_height: int


def describe(scene: Scene, choice: EmbedChoice, asked: Mapping[str, str]) -> OEmbed:
    """The answer of type "rich". asked: maxwidth and maxheight, as far as they were given."""
    width = max(_NARROWEST, min(_WIDTH, _limit(asked.get("maxwidth"))))
    height = min(HEIGHTS[choice.view], _limit(asked.get("maxheight")))
    key = OVERVIEW if choice.view == OVERVIEW else scene.key
    card = card_link(scene.home, key, scene.words, scene.at or scene.meta["as_of"])
    return OEmbed(
        version="1.0",
        type="rich",
        title=scene.title,
        provider_name="Escrutinio",
        provider_url=scene.home,
        cache_age=_CACHE_S,
        width=width,
        height=height,
        html=snippet(scene.home, choice.address, scene.title, height),
        thumbnail_url=card,
        thumbnail_width=int(CARD_SIZE[0]),
        thumbnail_height=int(CARD_SIZE[1]),
    )


def _of_page(path: str, query: Mapping[str, list[str]], *, has_many: bool) -> EmbedChoice:
    contest, own = split_path(path)
    key = NATION if own in ("", "/") else own.removeprefix("/area/").removeprefix("/")
    if not is_key(key):
        raise UnknownChoice("")
    language = query.get("lang", [DEFAULT_LANGUAGE])[0]
    moment = f"&at={query['at'][0]}" if "at" in query else ""
    of_contest = f"&contest={contest}" if contest else ""
    if has_many and contest is None and key == NATION:
        return read_choice(OVERVIEW, f"lang={language}{moment}".encode())
    return read_choice(widest_view(key), f"area={key}&lang={language}{moment}{of_contest}".encode())


def _limit(text: str | None) -> int:
    return int(text) if text is not None and is_digits(text) and len(text) < 6 else 100_000
