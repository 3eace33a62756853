"""Embeds made from a count in service: each once a version, given to all who choose the same."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from typing import Any

import msgspec
from msgspec import Struct, structs
from starlette.requests import Request
from starlette.responses import Response

from api.embed.choice import REFUSAL, EmbedChoice
from api.embed.incidents import read_incidents
from api.embed.material import SHARED, Material, hash_of, load_material
from api.embed.scenes import EmbedScene, freshness, judged, keys_of, level_below, stage
from api.http import keeping
from api.http.answers import CURRENT, Representation, pack
from api.http.errors import UnknownChoice
from api.http.making import AnswerCache
from api.live.count import LiveCount
from api.options import ServeOptions
from api.serving.access import Services
from api.story.past import is_to_come
from dashboard.colours import Presentation, load_presentation
from dashboard.embed import customiser
from dashboard.embed.document import Wiring, render_body, render_head
from dashboard.embed.scene import MAP, THEMES, Data, Scene
from dashboard.figures import plain
from dashboard.markup import render
from dashboard.naming import name_of
from dashboard.words import Words, load_words
from geo.layers import content_hash
from tally import moments
from tally.errors import NotFound, StoreUnavailable
from tally.keys import ABROAD, DOMESTIC, NATION, Level, code_of, is_abroad, level_of, parent
from texts.language import DEFAULT_LANGUAGE

# Public incidents are not versions of the count: they are asked for again so often.
_INCIDENTS_S = 30
_OFFERED = (Level.DEPARTMENT, Level.PROVINCE)


class Prepared(Struct, frozen=True):
    """A choice with the values it shows; `version` names everything its answer depends on."""

    choice: EmbedChoice
    live: LiveCount
    keys: list[str]
    stage: EmbedScene
    version: tuple[object, ...]
    cache: str


class EmbedPages:
    """Makes pages and scenes. `home_of` tells under which address a request found us, if that can be trusted."""

    def __init__(self, options: ServeOptions) -> None:
        self._options = options
        with as_file(files("dashboard")) as folder:
            self.languages: dict[str, Words] = load_words()
            self.presentation: Presentation = load_presentation(folder / "presentation.toml")
        self.material: Material = load_material()
        self.answers = AnswerCache(keeping.EMBEDS)
        self.policy = self.policy_of(self.material.sheet)

    def home_of(self, request: Request) -> str:
        """Our own address, "" if it is not known."""
        return self._options.home(f"{request.url.scheme}://{request.url.netloc}")

    def policy_of(self, sheet: str) -> str:
        """The content policy of a page with that style in it, which may stand on the pages that are allowed."""
        return _policy(f"frame-ancestors 'self' {' '.join(self._options.embed_ancestors)}", hash_of(sheet))

    @property
    def has_one_home(self) -> bool:
        """Whether our address, which pages name, is the same whoever asks."""
        return self._options.has_one_home

    def live(self, services: Services, contest: str | None = None) -> LiveCount:
        """The count that embeds show, of a contest where one is named.

        Raises: StoreUnavailable: none is loaded yet. NotFound: there is none of that election or contest.
        """
        election_id = self._options.election_id
        if election_id is None:
            lives = services.counts.firsts()
            if not lives:
                raise StoreUnavailable("no count is loaded yet; try again in a moment")
            election_id = lives[0].election.id
        return services.counts.live(election_id, contest)

    def has_many(self, services: Services) -> bool:
        """Whether the election has an embed of all its contests."""
        return len(self.live(services).election.contests) > 1

    async def prepare(self, services: Services, choice: EmbedChoice) -> Prepared:
        """The values of a choice, collected on the loop.

        Raises: UnknownChoice: this count has no such area, or the moment is still to come. StoreUnavailable.
        """
        live = self.live(services, choice.contest)
        if choice.contest is not None and choice.area == NATION:
            choice = structs.replace(choice, area=live.contest.whole)
        if choice.area not in live.view.entries and choice.area != NATION:
            raise UnknownChoice(REFUSAL)
        if choice.at is not None and is_to_come(live, moments.read(choice.at)):
            raise UnknownChoice(REFUSAL)
        keys = keys_of(live, choice.view, choice.area)
        if choice.at is None:
            staged = stage(live, keys, live.view, is_past=False)
            return Prepared(choice, live, keys, staged, self._version(live, choice, keys), CURRENT)
        version = await services.past.version(live, choice.at)
        view = await services.past.view_of(live, version, judged(keys))
        staged = stage(live, keys, view, is_past=True)
        past = (choice, live.epoch, live.info.is_test, version.seq)
        return Prepared(choice, live, keys, staged, past, version.cache)

    def is_served(self, prepared: Prepared) -> Callable[[], bool]:
        """Whether that answer still is what would be made now."""
        live, choice, keys = prepared.live, prepared.choice, prepared.keys
        return lambda: self._version(live, choice, keys) == prepared.version

    async def page(self, services: Services, prepared: Prepared, home: str) -> Representation:
        """The page of a choice; what is the same in every theme is made once for all of them."""
        wiring, choice = self.wiring(prepared, is_live=True), prepared.choice
        plain = (structs.replace(choice, theme=THEMES[0]), *prepared.version[1:])

        def body() -> Representation:
            return Representation(render_body(self.scene(services, prepared, home), choice.view, wiring).encode())

        def page() -> Representation:
            # A head tells of no rows: theirs are most of what a scene decodes.
            alone = structs.replace(prepared, stage=structs.replace(prepared.stage, rows={}))
            return self.join(self.scene(services, alone, home), choice, wiring, made.body)

        answer = self.answers.read if self.asks_store(choice) else self.answers.get
        made = await answer(("body", home, *plain), body)
        return await answer(("page", home, *prepared.version), page)

    def refusal(self, request: Request, status: int) -> Response:
        """The page of a frame whose address chooses what there is not, in the language that it asks for."""
        words = self.languages.get(request.query_params.get("lang", ""), self.languages[DEFAULT_LANGUAGE])
        style, frame = self.material.urls["embed.css"], self.material.urls["frame.js"]
        page = render("embed/refused.html", words=words, style=style, frame=frame)
        headers = {"Content-Security-Policy": self.policy, "Cache-Control": "no-store", **SHARED}
        return Response(page, status, headers, "text/html; charset=utf-8")

    def scene(self, services: Services, prepared: Prepared, home: str) -> Scene:
        """What is drawn. Not on the loop: it may read the mission's log."""
        choice, staged = prepared.choice, prepared.stage
        incidents = None
        if self.asks_store(choice):
            incidents = read_incidents(services.casework, prepared.live, choice.area, self.languages[choice.language])
        words = replace(self.languages[choice.language], contest=choice.contest)
        return Scene(
            key=staged.key,
            name=_decoded(staged.data).get("name") or code_of(staged.key),
            meta=staged.meta,
            data=_decoded(staged.data),
            words=words if choice.contest is None else replace(words, whole=words.of(prepared.live.contest.name)),
            presentation=self.presentation,
            theme=choice.theme,
            parents=[(key, _decoded(data).get("name") or "") for key, data in staged.parents],
            rows={key: _decoded(data) for key, data in staged.rows.items()},
            outline=self.outline(services, choice),
            incidents=incidents,
            at=choice.at,
            home=home,
        )

    def wiring(self, prepared: Prepared, *, is_live: bool) -> Wiring:
        """What the page loads; one that is not live asks no server for anything newer."""
        urls, base = self.material.urls, prepared.live.path
        live, sheet = (urls["live.js"], self.material.sheet) if is_live else (None, "")
        return Wiring(urls["embed.css"], urls["frame.js"], live, base, sheet)

    def join(self, scene: Scene, choice: EmbedChoice, wiring: Wiring, body: bytes) -> Representation:
        """The finished page of a scene and its body."""
        page = render_head(scene, choice.view, wiring, choice.address).encode() + body
        return pack(page, digest(page), "text/html; charset=utf-8", {"Content-Security-Policy": self.policy, **SHARED})

    def areas(self, live: LiveCount) -> dict[str, bytes]:
        """Values of all that a form offers: departments, continents and provinces. On the loop."""
        keys = live.view.keys([NATION, "provinces"])
        return {key: live.view.entries[key].change.data for key in keys if level_of(key) in _OFFERED}

    def customiser(
        self, services: Services, prepared: Prepared, areas: dict[str, bytes], home: str, language: str | None
    ) -> Representation:
        """The page where an embed is chosen, in its own language or that of the embed. Not on the loop."""
        choice, urls = prepared.choice, self.material.urls
        spoken = {
            code: self.scene(services, structs.replace(prepared, choice=structs.replace(choice, language=code)), home)
            for code in self.languages
        }
        scene = spoken[language if language in spoken else choice.language]
        chosen = customiser.Chosen(
            view=choice.view,
            area=choice.area,
            theme=choice.theme,
            has_incidents=choice.has_incidents,
            address=choice.address,
            areas=_grouped(scene.words, {key: _decoded(data).get("name") for key, data in areas.items()}),
            ancestors=self._options.embed_ancestors,
            language=choice.language,
            titles={code: replace(one, key=NATION).title for code, one in spoken.items()},
        )
        body = customiser.document_of(scene, chosen, urls["customiser.css"], urls["customiser.js"]).encode()
        policy = _policy("frame-src 'self'; frame-ancestors 'none'").replace("form-action 'none'", "form-action 'self'")
        return pack(body, digest(body), "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def outline(self, services: Services, choice: EmbedChoice) -> Data | None:
        """The areas of a choice as paths, None where none are drawn."""
        if choice.view != MAP or services.outlines is None:
            return None
        try:
            return services.outlines.plain(choice.area, level_below(choice.view, choice.area))
        except NotFound:
            return None

    @staticmethod
    def asks_store(choice: EmbedChoice) -> bool:
        """Whether its scene asks the store, for the incidents; the rest of it is known."""
        return choice.has_incidents and choice.at is None

    def _version(self, live: LiveCount, choice: EmbedChoice, keys: list[str]) -> tuple[object, ...]:
        return (choice, *freshness(live, keys), self._turn(choice))

    def _turn(self, choice: EmbedChoice) -> int:
        return int(time.time() / _INCIDENTS_S) if self.asks_store(choice) else 0


def _grouped(words: Words, names: Mapping[str, str | None]) -> dict[str, list[tuple[str, str]]]:
    """(key, name) of what may be chosen: the whole and its halves, departments, then provinces by department."""
    halves = () if words.whole else (DOMESTIC, ABROAD)
    groups = {"": [(NATION, words("customiser.whole")), *((key, name_of(words, key, None)) for key in halves)]}
    named = sorted((plain(name_of(words, key, name)), key, name_of(words, key, name)) for key, name in names.items())
    below: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for _, key, name in named:
        below[parent(key)].append((key, name))
    departments = [(key, name) for _, key, name in named if level_of(key) is Level.DEPARTMENT]
    groups[words("levels.department")] = departments
    groups |= {name: below[key] for key, name in departments if key in below and not is_abroad(key)}
    return groups


def digest(body: bytes) -> str:
    """The ETag of a finished page."""
    return content_hash(body)


def _policy(ancestors: str, sheet: str = "'self'") -> str:
    return (
        f"default-src 'none'; script-src 'self'; style-src {sheet}; img-src 'self' data:; connect-src 'self'; "
        f"base-uri 'none'; form-action 'none'; {ancestors}"
    )


def _decoded(data: bytes) -> Any:
    return msgspec.json.decode(data)
