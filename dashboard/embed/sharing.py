"""What a page tells those who are given its address: Open Graph, cards and oEmbed, with whole addresses or none.

A shared link names its moment, so that it still shows the same numbers when others open it later.
"""

from html import escape
from urllib.parse import quote, urlencode

from texts.language import DEFAULT_LANGUAGE

CARD_SIZE = ("1200", "630")


def moment_link(home: str, path: str, language: str, at: str) -> str:
    """The address of a page as it stands at a moment."""
    query = ({} if language == DEFAULT_LANGUAGE else {"lang": language}) | {"at": at}
    return f"{home}{path}{'&' if '?' in path else '?'}{urlencode(query, safe='/:')}"


def card_link(home: str, key: str, language: str, at: str) -> str:
    """The address of the card of an area as it stands at a moment."""
    return moment_link(home, f"/cards/{key}.png", language, at)


def discovery_link(home: str, address: str) -> str:
    """Where an embedding site finds out how to show that address."""
    return f"{home}/oembed?format=json&url={quote(home + address, safe='')}"


def head_tags(home: str, title: str, description: str, links: dict[str, str]) -> str:
    """Meta tags. links: "page", "card", "oembed" by whole address; only titles where we do not know our own."""
    told = [
        ("og:type", "website"),
        ("og:site_name", "Escrutinio"),
        ("og:title", title),
        ("og:description", description),
    ]
    if home:
        told += [("og:url", links["page"]), ("og:image", links["card"]), ("og:image:type", "image/png")]
        told += [("og:image:width", CARD_SIZE[0]), ("og:image:height", CARD_SIZE[1]), ("og:image:alt", description)]
    card = "summary_large_image" if home else "summary"
    tags = [f'<meta property="{name}" content="{escape(value, quote=True)}">' for name, value in told]
    tags.append(f'<meta name="twitter:card" content="{card}">')
    if home:
        href, label = escape(links["oembed"], quote=True), escape(title, quote=True)
        tags.append(f'<link rel="alternate" type="application/json+oembed" href="{href}" title="{label}">')
    return "".join(tags)
