"""What a page of the dashboard tells those who are given its address; the link it tells names its moment."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.embed.sharing import card_link, discovery_link, head_tags, moment_link
from dashboard.words import Words
from tally.keys import NATION


def tags(key: str | None, path: str, title: str, words: Words, config: Mapping[str, Any]) -> Markup:
    """Meta tags of the page at a path; `key` is what its numbers are of, None for a page about the whole count.

    `config` is the page's own; without a count there is nothing to tell.
    """
    if "as_of" not in config:
        return Markup()
    # Of all races together there is neither card nor embed.
    home, at, bare = "" if "table" in config else config.get("home", ""), config["as_of"], path.partition("?")[0]
    links = {
        "page": moment_link(home, bare, words.code, at),
        "card": card_link(home, key or NATION, words, at),
        "oembed": discovery_link(home, moment_link("", bare, words.code, at)),
    }
    return head_tags(home, title, words("page.description", place=title), links)
