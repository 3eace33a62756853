"""Embeds over HTTP: pages, pictures, cards, and the style and scripts they need."""

from collections.abc import Mapping
from typing import Any

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.embed.choice import PARAMETERS, read_choice
from api.embed.material import HEIGHT_SCRIPT
from api.embed.oembed import OEmbed, choice_of, describe
from api.embed.overviews import EmbedOverviews
from api.embed.pages import EmbedPages, Prepared
from api.embed.pictures import EmbedPictures, card_choice
from api.http.answers import IMMUTABLE, Reply, Representation, Router, respond
from api.http.errors import UnknownChoice, problem, status_of
from api.serving.access import Services, Serving
from dashboard.embed.scene import CARD, MAP, THEMES, Scene
from dashboard.embed.sharing import OVERVIEW
from tally.errors import NotFound
from tally.keys import is_key
from texts.language import LANGUAGES

_PICTURES = ("svg", "png")
_TEXT, _BYTES = {"type": "string"}, {"type": "string", "format": "binary"}


def _queries(**schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a query that the route reads itself, described."""
    return {"parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]}


_LANGUAGE, _MOMENT = {"enum": [*LANGUAGES], **_TEXT}, {"format": "date-time", **_TEXT}
_CHOSEN = _queries(
    area=_TEXT,
    lang=_LANGUAGE,
    theme={"enum": [*THEMES], **_TEXT},
    incidents={"enum": ["0", "1"], **_TEXT},
    at=_MOMENT,
    contest=_TEXT,
)
_CARD = _queries(lang=_LANGUAGE, at=_MOMENT, contest=_TEXT)
_NUMBER = {"type": "integer"}
_URL = {"name": "url", "in": "query", "required": True, "schema": _TEXT}
_ASKED = _queries(maxwidth=_NUMBER, maxheight=_NUMBER, format={"enum": ["json"], **_TEXT})
_ASKED["parameters"].insert(0, _URL)
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {"schema": _BYTES}}}}
_ALSO_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {"schema": _BYTES}, "image/svg+xml": {"schema": _TEXT}}}
}
_OEMBED_CACHE = "public, max-age=300"
_PUBLIC = {"Access-Control-Allow-Origin": "*"}
_SCRIPT_CACHE = "public, max-age=3600, stale-if-error=604800"


def make_router(pages: EmbedPages, pictures: EmbedPictures, overviews: EmbedOverviews) -> Router:
    """The routes of the embeds."""
    router = Router(tags=["embeds"], responses={400: {}, 404: {}, 503: {}})
    _add_embeds(router, pages, pictures, overviews)
    _add_cards(router, pages, pictures, overviews)
    _add_customiser(router, pages)
    _add_oembed(router, pages, overviews)
    return router


def _add_embeds(router: Router, pages: EmbedPages, pictures: EmbedPictures, overviews: EmbedOverviews) -> None:
    @router.get("/embed/v1/{view}", response_class=HTMLResponse, responses=_ALSO_PICTURES, openapi_extra=_CHOSEN)
    async def read_embed(request: Request, services: Serving, view: str) -> Response:
        """The page or picture ("map", "map.svg", "map.png"); the query may hold area, lang, theme, incidents, at."""
        if view == HEIGHT_SCRIPT:
            return respond(request, pages.material.height, _SCRIPT_CACHE)
        name, _, kind = view.partition(".")
        if kind not in ("", *_PICTURES):
            raise NotFound("there is no such view")
        try:
            if name == OVERVIEW:
                return await _overview(request, services, overviews, kind, pages.home_of(request))
            choice = read_choice(name, request.scope["query_string"])
            prepared = await pages.prepare(services, choice)
        except (UnknownChoice, NotFound) as error:
            if kind or not _is_read(request):
                raise
            return pages.refusal(request, status_of(error))
        if kind:
            return respond(request, await pictures.poster(services, prepared, kind), prepared.cache)
        return await _page(request, services, pages, prepared)

    @router.get("/embed/v1/assets/{name}", include_in_schema=False)
    async def read_asset(request: Request, name: str) -> Response:
        """Style or script under the hash of its content."""
        answer = pages.material.files.get(name)
        if answer is None:
            raise NotFound("there is no such file")
        return respond(request, answer, IMMUTABLE)


async def _page(request: Request, services: Services, pages: EmbedPages, prepared: Prepared) -> Response:
    answer = await pages.page(services, prepared, pages.home_of(request))
    if prepared.choice.at is None and pages.has_one_home:
        kept = {**request.scope, "query_string": prepared.choice.query.encode()}
        services.ready_answers.keep(kept, answer, prepared.cache, pages.is_served(prepared))
    return respond(request, answer, prepared.cache)


def _is_read(request: Request) -> bool:
    """Whether somebody reads the answer, as in a frame, rather than a program."""
    return "text/html" in request.headers.get("accept", "")


def _add_cards(router: Router, pages: EmbedPages, pictures: EmbedPictures, overviews: EmbedOverviews) -> None:
    @router.get("/cards/{key:path}.png", response_class=Response, responses=_PICTURE, openapi_extra=_CARD)
    async def read_card(request: Request, services: Serving, key: str) -> Response:
        """The picture of a shared link; the query may hold lang, at and contest."""
        if key == OVERVIEW:
            return await _overview(request, services, overviews, "png", "")
        choice = read_choice(CARD, request.scope["query_string"], ("lang", "at", "contest"))
        if not is_key(key):
            raise NotFound("there is no such card")
        prepared = await pages.prepare(services, card_choice(key, choice))
        return respond(request, await pictures.card(services, prepared), prepared.cache)


async def _overview(request: Request, services: Services, overviews: EmbedOverviews, kind: str, home: str) -> Response:
    """All contests together, as a page or ("svg", "png") as their card; the query may hold lang, theme and at."""
    choice = read_choice(OVERVIEW, request.scope["query_string"], ("lang", "theme", "at"))
    prepared = await overviews.prepare(services, choice)
    if kind:
        return respond(request, await overviews.picture(services, prepared, kind), prepared.cache)
    return respond(request, await overviews.page(services, prepared, home), prepared.cache)


def _add_oembed(router: Router, pages: EmbedPages, overviews: EmbedOverviews) -> None:
    @router.get("/oembed", openapi_extra=_ASKED, responses={501: {}})
    async def read_oembed(request: Request, services: Serving) -> Reply[OEmbed]:
        """How to show an address of ours; other parameters than url, maxwidth and maxheight are not looked at."""
        asked, home = request.query_params, pages.home_of(request)
        if asked.get("format", "json") != "json":
            return problem(501, "format: this answers in JSON only", request.url.path)
        choice = choice_of(asked.get("url", ""), home, has_many=pages.has_many(services))
        if choice.view == OVERVIEW:
            told = await overviews.prepare(services, choice)
            scene: Scene = await to_thread.run_sync(overviews.scene, services, told, home)
        else:
            prepared = await pages.prepare(services, choice)
            scene = await to_thread.run_sync(pages.scene, services, prepared, home)
        body = msgspec.json.encode(describe(scene, choice, asked))
        return respond(request, Representation(body, headers=_PUBLIC), _OEMBED_CACHE)


def _add_customiser(router: Router, pages: EmbedPages) -> None:
    @router.get("/embed", include_in_schema=False)
    async def read_customiser(request: Request, services: Serving) -> Response:
        """The page where an embed is chosen; its query may hold the choice, and the page's own language as `page`."""
        language = request.query_params.get("page")
        choice = read_choice(MAP, request.scope["query_string"], ("view", *PARAMETERS))
        prepared = await pages.prepare(services, choice)
        areas, home = pages.areas(prepared.live), pages.home_of(request)
        answer = await to_thread.run_sync(pages.customiser, services, prepared, areas, home, language)
        return respond(request, answer, prepared.cache)
