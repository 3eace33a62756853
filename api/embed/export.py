"""The whole set of embeds as files that any web server can give away when everything else is down.

Every file is put in its place by a rename, the index last: nobody ever reads half of one, and the index names only what
is there. Pages of areas that did not change keep their version; from time to time all are written with newer times.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
from anyio import to_thread
from msgspec import Struct, structs

from api.embed.choice import EmbedChoice
from api.embed.files import write_answer, write_file
from api.embed.material import HEIGHT_SCRIPT
from api.embed.overviews import EmbedOverviews
from api.embed.pages import EmbedPages, Prepared, digest
from api.embed.raster import FINE, Rasterizer
from api.http.answers import Representation
from api.live.count import LiveCount
from api.serving.access import Services
from dashboard.embed.document import render_body
from dashboard.embed.overview_card import draw_overview
from dashboard.embed.poster import draw_poster
from dashboard.embed.scene import THEMES, VIEWS, Scene
from dashboard.embed.sharing import OVERVIEW
from tally import moments
from tally.keys import ABROAD, DOMESTIC, NATION, Level, is_within, level_of
from texts.language import LANGUAGES

INDEX = "index.json"
_ROOT = Path("embed/v1")
# All pages say a newer "checked" at least so often.
_AGAIN_S = 300.0
# A picture cannot ask its reader: one in light colours, for newsletters and AMP.
_PICTURED = "light"


class Written(Struct, frozen=True):
    """What one round did."""

    seq: int
    pages: int
    pictures: int
    seconds: float


class _Named(Struct):
    """Of an area above only the name is shown."""

    name: str | None = None


class Exporter:
    """Writes a folder, round by round. `home`: our public address, "" if it is not known."""

    def __init__(
        self, services: Services, pages: EmbedPages, overviews: EmbedOverviews, folder: Path, home: str
    ) -> None:
        self._services, self._pages, self._folder, self._home = services, pages, folder, home
        self._overviews = overviews
        self._rasterizer = Rasterizer()
        self._known: dict[EmbedChoice, object] = {}
        self._reached: dict[str | None, object] = {}
        self._entries: dict[EmbedChoice, dict[str, str]] = {}
        self._all_at = 0.0

    def close(self) -> None:
        """End the drawing process."""
        self._rasterizer.close()

    async def write(self, *, with_provinces: bool = False, with_pictures: bool = True) -> Written:
        """Write what changed since the last round, everything in the first one and every few minutes."""
        started = time.monotonic()
        live = self._pages.live(self._services)
        if not self._known or started - self._all_at > _AGAIN_S:
            self._known, self._reached, self._all_at = {}, {}, started
            await to_thread.run_sync(self._write_material)
        drawn: list[tuple[EmbedChoice, Callable[[], str]]] = []
        for contest in self._moved(live):
            own = self._pages.live(self._services, contest)
            for choice in _choices(own, contest, with_provinces=with_provinces):
                drawn += await self._write_choice(choice)
        if drawn and self._pages.has_many(self._services):
            for language in LANGUAGES:
                drawn.append(await self._write_overview(EmbedChoice(OVERVIEW, language=language)))
        pages = len(drawn) * len(THEMES)
        if pages:
            await to_thread.run_sync(self._write_index, live)
        seconds = time.monotonic() - started
        if with_pictures and drawn:
            await to_thread.run_sync(self._write_pictures, drawn)
            await to_thread.run_sync(self._write_index, live)
        return Written(live.seq, pages, len(drawn) if with_pictures else 0, seconds)

    def _moved(self, live: LiveCount) -> list[str | None]:
        """The contests whose counts moved since the last round; None is the only one of its election."""
        lives: dict[str | None, LiveCount] = {None: live}
        if self._pages.has_many(self._services):
            lives = dict(self._services.counts.contests(live.election.id).items())
        reached = {name: (one.epoch, one.seq, one.info.feed.state) for name, one in lives.items()}
        moved = [name for name in lives if self._reached.get(name) != reached[name]]
        self._reached = dict(reached)
        return moved

    async def _write_choice(self, choice: EmbedChoice) -> list[tuple[EmbedChoice, Callable[[], str]]]:
        """The pages of a choice where they say something new; how its picture is drawn."""
        prepared = await self._pages.prepare(self._services, choice)
        said = _said(prepared)
        if self._known.get(choice) == said:
            return []
        scene = await to_thread.run_sync(self._write_pages, choice, prepared)
        self._known[choice] = said
        return [(choice, lambda: draw_poster(scene, choice.view))]

    async def _write_overview(self, choice: EmbedChoice) -> tuple[EmbedChoice, Callable[[], str]]:
        """The pages of all contests together."""
        prepared = await self._overviews.prepare(self._services, choice)
        scene = await to_thread.run_sync(self._overviews.scene, self._services, prepared, self._home)
        entry = self._entries.setdefault(choice, {})
        for theme in THEMES:
            themed = structs.replace(choice, theme=theme)
            page = self._overviews.document(replace(scene, theme=theme), themed, is_live=False)
            entry[theme] = self._put(_path(choice, theme, "html"), page)
        svg = draw_overview(scene).encode()
        entry["svg"] = self._put(_path(choice, _PICTURED, "svg"), Representation(svg, None, digest(svg)))
        return choice, lambda: draw_overview(scene)

    def _write_material(self) -> None:
        """Style and scripts first: no page is ever without."""
        material = self._pages.material
        for name, answer in material.files.items():
            write_answer(self._folder / _ROOT / "assets" / name, answer)
        write_answer(self._folder / _ROOT / HEIGHT_SCRIPT, material.height)

    def _write_pages(self, choice: EmbedChoice, prepared: Prepared) -> Scene:
        """One area and view in one language: a page for each theme, and the SVG. Returns: what that shows."""
        scene = self._pages.scene(self._services, prepared, self._home)
        entry = self._entries.setdefault(choice, {})
        wiring = self._pages.wiring(prepared, is_live=False)
        body = render_body(scene, choice.view, wiring).encode()
        for theme in THEMES:
            themed = structs.replace(choice, theme=theme)
            page = self._pages.join(replace(scene, theme=theme), themed, wiring, body)
            entry[theme] = self._put(_path(choice, theme, "html"), page)
        pictured = replace(scene, theme=_PICTURED)
        svg = draw_poster(pictured, choice.view).encode()
        entry["svg"] = self._put(_path(choice, _PICTURED, "svg"), Representation(svg, None, digest(svg)))
        return pictured

    def _write_pictures(self, drawn: Iterable[tuple[EmbedChoice, Callable[[], str]]]) -> None:
        for choice, draw in drawn:
            body = self._rasterizer.draw(draw(), FINE)
            self._entries[choice]["png"] = self._put(_path(choice, _PICTURED, "png"), Representation(body))

    def _put(self, path: Path, answer: Representation) -> str:
        write_answer(self._folder / path, answer)
        return path.as_posix()

    def _write_index(self, live: LiveCount) -> None:
        embeds = [
            {"view": choice.view, "area": choice.area, "lang": choice.language, **_of_contest(choice), **entry}
            for choice, entry in sorted(self._entries.items(), key=lambda item: repr(item[0]))
        ]
        index = {
            "election": live.election.id,
            "epoch": live.epoch,
            "seq": live.seq,
            "as_of": live.view.as_of,
            "written_at": moments.write(moments.utc_now()),
            "is_test": live.info.is_test,
            "height_script": (_ROOT / HEIGHT_SCRIPT).as_posix(),
            "embeds": embeds,
        }
        write_file(self._folder / INDEX, json.dumps(index, ensure_ascii=False, indent=1).encode() + b"\n")


def _of_contest(choice: EmbedChoice) -> dict[str, str]:
    return {} if choice.contest is None else {"contest": choice.contest}


def _choices(live: LiveCount, contest: str | None, *, with_provinces: bool) -> Iterator[EmbedChoice]:
    """The set: the whole, abroad and every department, if wanted every province, in all views and languages.

    Of a contest among many its whole alone, and if wanted the provinces in it.
    """
    entries = live.view.entries
    areas = [NATION]
    if contest is None:
        areas += [*([ABROAD] if ABROAD in entries else []), *_domestic(entries, Level.DEPARTMENT)]
    if with_provinces:
        areas += _domestic(entries, Level.PROVINCE)
    for area in areas:
        for view in VIEWS:
            for language in LANGUAGES:
                yield EmbedChoice(view, area, language, contest=contest)


def _domestic(keys: Iterable[str], level: Level) -> list[str]:
    return sorted(key for key in keys if level_of(key) is level and is_within(key, DOMESTIC))


def _said(prepared: Prepared) -> object:
    """All of a page but its version and times: what makes it another page."""
    staged = prepared.stage
    feed = staged.meta["feed"]["state"]
    about = [staged.meta[name] for name in ("status", "is_test", "epoch")]
    above = tuple((key, msgspec.json.decode(data, type=_Named).name) for key, data in staged.parents)
    return (staged.data, tuple(staged.rows.items()), above, feed, *about)


def _path(choice: EmbedChoice, theme: str, kind: str) -> Path:
    own = _ROOT if choice.contest is None else _ROOT / "contests" / choice.contest
    return own / choice.view / choice.area / f"{choice.language}-{theme}.{kind}"
