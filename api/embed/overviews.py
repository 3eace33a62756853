"""The embed, the picture and the card of an election with many contests: each made once a version of their table."""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import Struct

from api.embed.choice import EmbedChoice
from api.embed.material import SHARED
from api.embed.pages import EmbedPages, digest
from api.embed.pictures import EmbedPictures
from api.embed.scenes import freshness, stage
from api.http.answers import Representation, pack
from api.serving.access import Services
from dashboard.built import text_of
from dashboard.embed.document import Wiring
from dashboard.embed.overview import Overview, overview_of, render_overview
from dashboard.embed.overview_card import draw_overview
from dashboard.embed.sharing import OVERVIEW
from tally.errors import NotFound
from tally.keys import NATION


class PreparedOverview(Struct, frozen=True):
    """The table that is shown, and what is said of the election; `version` names all its answer depends on."""

    choice: EmbedChoice
    table: bytes
    meta: dict[str, Any]
    version: tuple[object, ...]
    cache: str


class EmbedOverviews:
    """Makes them over the material of all embeds."""

    def __init__(self, pages: EmbedPages, pictures: EmbedPictures) -> None:
        self._pages, self._pictures = pages, pictures
        self._sheet = text_of("overview.css")
        self._policy = pages.policy_of(self._sheet)

    async def prepare(self, services: Services, choice: EmbedChoice) -> PreparedOverview:
        """How all contests stand, now or at the moment that was chosen.

        Raises: NotFound: the election has one contest. InvalidInput: the moment is still to come. StoreUnavailable.
        """
        live = self._pages.live(services)
        if not self._pages.has_many(services):
            raise NotFound("this election has one contest: its own embeds show it")
        contests = (await services.contests.of(live.election.id)).contests
        answer, cache = await services.contest_tables.answer(contests, choice.at)
        meta = stage(live, [NATION], live.view, is_past=False).meta
        # How the source is read is told by no row.
        told = freshness(live, [NATION]) if choice.at is None else (live.info.head and live.info.head.root,)
        version = (OVERVIEW, choice, answer.etag, *told)
        return PreparedOverview(choice, answer.body, meta, version, cache)

    async def page(self, services: Services, prepared: PreparedOverview, home: str) -> Representation:
        """The page."""

        def make() -> Representation:
            return self.document(self.scene(services, prepared, home), prepared.choice, is_live=True)

        return await self._pages.answers.get(("page", home, *prepared.version), make)

    def document(self, scene: Overview, choice: EmbedChoice, *, is_live: bool) -> Representation:
        """The finished page; one that is not live asks no server for anything newer."""
        urls = self._pages.material.urls
        live, sheet = (urls["overview.js"], self._sheet) if is_live else (None, "")
        wiring = Wiring(urls["overview.css"], urls["frame.js"], live, "", sheet)
        page = render_overview(scene, wiring, choice.address).encode()
        headers = {"Content-Security-Policy": self._policy, **SHARED}
        return pack(page, digest(page), "text/html; charset=utf-8", headers)

    async def picture(self, services: Services, prepared: PreparedOverview, kind: str) -> Representation:
        """The card as "svg" or "png".

        Raises: AtCapacity: too many wait.
        """

        def draw() -> str:
            return draw_overview(self.scene(services, prepared, ""))

        return await self._pictures.picture(("card", *prepared.version), kind, draw, 1.0)

    def scene(self, services: Services, prepared: PreparedOverview, home: str) -> Overview:
        """What is drawn. Not on the loop."""
        choice = prepared.choice
        outline = None if services.outlines is None else services.outlines.plain(NATION)
        words, table = self._pages.languages[choice.language], msgspec.json.decode(prepared.table)
        scene = overview_of(table, prepared.meta, words, self._pages.presentation, outline)
        return replace(scene, theme=choice.theme, at=choice.at, home=home)
