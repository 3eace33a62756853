"""What a page of the dashboard tells those who are given its address; the link it tells names its moment."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.embed.sharing import OVERVIEW, card_link, discovery_link, head_tags, moment_link
from dashboard.words import Words
from tally.keys import NATION


def tags(
    key: str | None, path: str, title: str, words: Words, config: Mapping[str, Any], about: str | None = None
) -> Markup:
    """Meta tags of the page at a path; `key` is what its numbers are of, None for a page about the whole count.

    `config` is the page's own; without a count there is nothing to tell. `about`: its numbers in a sentence.
    What embeds it follows the count, unless it shows a moment.
    """
    if "as_of" not in config:
        return Markup()
    # Of all races together there is a card and an embed, of those of an area or a ballot there are none.
    at, bare, is_of_races = config["as_of"], path.partition("?")[0], "table" in config
    home = "" if is_of_races and bare != "/" else config.get("home", "")
    links = {
        "page": moment_link(home, bare, words.code, at),
        "card": card_link(home, OVERVIEW if is_of_races else key or NATION, words, at),
        "oembed": discovery_link(home, words.front(bare)),
    }
    return head_tags(home, title, about or words("page.description", place=title), links)
