"""Pictures of embeds, and the cards of shared links: drawn once a version, off the loop, a bounded number at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import msgspec

from api.embed.choice import EmbedChoice, widest_view
from api.embed.material import SHARED
from api.embed.pages import EmbedPages, Prepared, digest
from api.embed.raster import FINE, Rasterizer
from api.http import keeping
from api.http.answers import Representation, pack
from api.http.errors import AtCapacity
from api.http.making import AnswerCache
from api.serving.access import Services
from dashboard.embed.card import draw_card
from dashboard.embed.poster import draw_poster
from dashboard.embed.scene import MAP, THEMES, Scene
from tally.keys import Level, level_of

# Who wants one more while so many different ones are to be drawn is asked to come again.
_WAITING = 40
# A picture runs nothing and loads nothing.
_POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'"


class EmbedPictures:
    """Makes and keeps pictures."""

    def __init__(self, pages: EmbedPages) -> None:
        self._pages = pages
        self._answers = AnswerCache(keeping.PICTURES)
        self._rasterizer = Rasterizer()
        # How many wait for each picture that is being drawn.
        self._drawing: Counter[tuple[object, ...]] = Counter()

    def close(self) -> None:
        """End the drawing process."""
        self._rasterizer.close()

    async def poster(self, services: Services, prepared: Prepared, kind: str) -> Representation:
        """The embed as "svg" or "png".

        Raises: AtCapacity: too many wait.
        """
        view, home = prepared.choice.view, ""

        def draw() -> str:
            return draw_poster(self._pages.scene(services, prepared, home), view)

        asks_store = self._pages.asks_store(prepared.choice)
        return await self.picture(("poster", *prepared.version), kind, draw, FINE, asks_store=asks_store)

    async def card(self, services: Services, prepared: Prepared) -> Representation:
        """The card of an area, polling place or acta, PNG.

        Raises: AtCapacity: too many wait.
        """

        def draw() -> str:
            scene = self._pages.scene(services, prepared, "")
            return draw_card(scene if scene.outline is not None else self._located(services, scene))

        return await self.picture(("card", *prepared.version), "png", draw, 1.0)

    def _located(self, services: Services, scene: Scene) -> Scene:
        """The scene with the province it lies in, where that can be drawn."""
        province = next((key for key, _ in scene.parents if level_of(key) is Level.PROVINCE), None)
        if province is None:
            return scene
        outline = self._pages.outline(services, EmbedChoice(MAP, province))
        return replace(scene, outline=outline)

    async def picture(
        self, key: tuple[object, ...], kind: str, draw: Callable[[], str], zoom: float, *, asks_store: bool = False
    ) -> Representation:
        """What is drawn under that key, as "svg" or "png". asks_store: `draw` does.

        Raises: AtCapacity: too many wait.
        """
        name = (*key, kind)
        if name not in self._drawing and len(self._drawing) >= _WAITING and not self._answers.has(name):
            raise AtCapacity("too many pictures are being drawn; try again in a moment")
        self._drawing[name] += 1
        try:
            answer = self._answers.read if asks_store else self._answers.get
            if kind == "svg":
                return await answer(name, lambda: _svg(draw()))
            return await answer(name, lambda: self._png(draw(), zoom))
        finally:
            self._drawing[name] -= 1
            if not self._drawing[name]:
                del self._drawing[name]

    def _png(self, svg: str, zoom: float) -> Representation:
        body = self._rasterizer.draw(svg, zoom)
        return Representation(body, None, digest(body), "image/png", _headers())


def card_choice(key: str, asked: EmbedChoice) -> EmbedChoice:
    """The choice that stages what a card shows: with the areas below where there are any to draw."""
    return EmbedChoice(widest_view(key), key, asked.language, THEMES[1], at=asked.at, contest=asked.contest)


def _svg(text: str) -> Representation:
    body = text.encode()
    return msgspec.structs.replace(pack(body, digest(body), "image/svg+xml"), headers=_headers())


def _headers() -> dict[str, str]:
    return {"Content-Security-Policy": _POLICY, **SHARED}
