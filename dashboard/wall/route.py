"""Serves the wall: whole before any script, and again whenever its script asks what is new."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask, Response, request

from dashboard.built import File, made, style, text_of
from dashboard.markup import render
from dashboard.moments import clock
from dashboard.reading import Refused
from dashboard.routes import LANGUAGE, WALL
from dashboard.site import Site
from dashboard.wall.races import wall_of
from dashboard.wall.scene import Wall, contests_of, theme_of
from dashboard.words import Words
from texts.language import DEFAULT_LANGUAGE, sections_of

_SCRIPT, _STYLE = "wall.js", "wall"
# What its script says by itself.
_SECTIONS = ("embed_live", "wall")
# A wall that was switched on before the count is there looks again by itself.
_AGAIN_S = 10


@cache
def wall_files() -> tuple[File, File]:
    """Its script and its style."""
    return made(_SCRIPT, text_of(_SCRIPT).encode()), style(_STYLE)


def add_wall_route(server: Flask, site: Site, icon: str) -> None:
    """Serve it at /tv: 404 for a contest that there is not, 503 while there is no count."""

    def serve() -> Response:
        words = site.languages.get(request.args.get(LANGUAGE, ""), site.languages[DEFAULT_LANGUAGE])
        try:
            wall, status = wall_of(site.source, words, site.now(), contests_of(request.args)), 200
        except (LookupError, Refused):
            wall, status = None, 404
        except ConnectionError:
            wall, status = None, 503
        return Response(_document(wall, site, words, icon, status), status=status, mimetype="text/html")

    server.add_url_rule(WALL, endpoint="wall", view_func=serve)


def _document(wall: Wall | None, site: Site, words: Words, icon: str, status: int) -> str:
    script, sheet = wall_files()
    theme = theme_of(request.args)
    shared = {"words": words, "icon": icon, "sheet": sheet.url, "theme": theme}
    shared["scheme"] = "light dark" if theme == "auto" else theme
    if wall is None:
        said = words("page.missing" if status == 404 else "page.unavailable")
        return render("wall/nothing.html", said=said, again=None if status == 404 else _AGAIN_S, **shared)
    return render(
        "wall/board.html",
        wall=wall,
        script=script.url,
        config=_config(wall, site, words),
        times={name: clock(wall.meta["feed"][f"{name}_at"], site.now(), wall.meta["timezone"]) for name in wall.times},
        state=_state(wall.meta, site, words),
        **shared,
    )


def _state(meta: Mapping[str, Any], site: Site, words: Words) -> str:
    """How the source is read, as embeds say it."""
    feed = meta["feed"]
    own = f"embed_live.{feed['state']}_{feed.get('note')}"
    name = own if words.says(own) else f"embed_live.{feed['state']}"
    return words(name, at=clock(feed["checked_at"], site.now(), meta["timezone"])) if words.says(name) else ""


def _config(wall: Wall, site: Site, words: Words) -> dict[str, Any]:
    """What the script must know: what it follows, and the words it says."""
    contest = wall.follows.get("contest")
    base = (site.source if contest is None else site.source.of_contest(contest)).base
    return {
        **wall.follows,
        "base": f"{base}/contests" if "table" in wall.follows else base,
        "feed": wall.meta["feed"],
        "zone": wall.meta["timezone"],
        "scene": site.source.presentation.wall,
        "language": words.code,
        "words": sections_of(words, _SECTIONS),
    }
