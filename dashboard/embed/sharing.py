"""What a page tells those who are given its address: Open Graph, cards and oEmbed, with whole addresses or none.

A shared link names its moment, so that it still shows the same numbers when others open it later.
"""

from urllib.parse import quote, urlencode

from markupsafe import Markup

from dashboard.markup import render
from dashboard.words import Words
from texts.language import DEFAULT_LANGUAGE

CARD_SIZE = ("1200", "630")
# What the embed and the card of all contests of an election are called in their addresses.
OVERVIEW = "overview"


def moment_link(home: str, path: str, language: str, at: str) -> str:
    """The address of a page as it stands at a moment."""
    query = ({} if language == DEFAULT_LANGUAGE else {"lang": language}) | {"at": at}
    return f"{home}{path}{'&' if '?' in path else '?'}{urlencode(query, safe='/:')}"


def card_link(home: str, key: str, words: Words, at: str) -> str:
    """The address of the card of an area, or OVERVIEW, as it stands at a moment in the contest of these pages."""
    contest = "" if words.contest is None else f"?contest={words.contest}"
    return moment_link(home, f"/cards/{key}.png{contest}", words.code, at)


def discovery_link(home: str, address: str) -> str:
    """Where an embedding site finds out how to show that address."""
    return f"{home}/oembed?format=json&url={quote(home + address, safe='')}"


def head_tags(home: str, title: str, description: str, links: dict[str, str]) -> Markup:
    """Meta tags. links: "page", "card", "oembed" by whole address; only titles where we do not know our own."""
    return render("sharing.html", home=home, title=title, description=description, links=links, card_size=CARD_SIZE)
