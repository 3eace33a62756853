"""Pages and embeds as documents that stand alone: no script, no request to the API, and they say of when they are."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from api.commands.copies.agenda import SHEETS
from api.embed.material import HEIGHT_SCRIPT, load_material
from api.embed.scenes import level_below
from dashboard.built import style
from dashboard.colours import load_presentation
from dashboard.document import document_of
from dashboard.embed.document import Wiring, render_body, render_head, topic_of
from dashboard.embed.overview import overview_of, render_overview
from dashboard.embed.scene import MAP, THEMES, VIEWS, Scene
from dashboard.embed.sharing import OVERVIEW
from dashboard.installed import ICON
from dashboard.reading import Data, Read, Source, has_many, whole_of
from dashboard.routes import path_of, root_of
from dashboard.site import Site, message
from dashboard.wording import wordings
from dashboard.words import Words, load_words
from tally import moments
from tally.keys import ABROAD, NATION, Level, code_of, is_area, is_within, level_of
from texts.language import DEFAULT_LANGUAGE

AWAY = "away"
_EMBED = Path("embed/v1")


class Document(Struct, frozen=True):
    """One file of the copies, by its path in their folder."""

    path: Path
    content: bytes


class Documents:
    """Makes the documents of one election from what `read` gives of the API; `now` is when they say they are of.

    `contest`: of which of its contests; without one of the only one, or of all of many together.
    """

    def __init__(
        self,
        read: Read,
        election_id: str,
        now: Callable[[], datetime],
        home: str = "",
        contest: str | None = None,
    ) -> None:
        with as_file(files("dashboard")) as folder:
            self._presentation = load_presentation(folder / "presentation.toml")
        self.source = Source(read, election_id, self._presentation, contest=contest)
        self._languages, self._now, self._home = load_words(), now, home
        self._wordings = wordings(self._languages, self._presentation)
        self._material = load_material()

    def of(self, subject: str) -> Iterator[Document]:
        """Every document about an area or of a sheet.

        Raises: ConnectionError: the API cannot answer now.
        """
        now = self._now()
        languages = {code: replace(one, copied_at=moments.write(now)) for code, one in self._languages.items()}
        site = Site(self.source, languages, lambda: now)
        path = f"{self.root}{subject if subject in SHEETS else path_of(subject)}"
        for code, words in languages.items():
            answer = site.answer(path, {"lang": code})
            if answer.status != 200:
                raise ConnectionError(f"{path} answers {answer.status}")
            page = document_of(answer.page, {}, words, {**answer.config, "home": self._home}, self._wordings[code])
            yield Document(_folder(code) / path.strip("/") / "index.html", page.encode())
            if subject not in SHEETS and self._is_embedded(subject):
                yield from self._overview(words) if self._is_of_many else self._embeds(subject, words)

    def material(self) -> Iterator[Document]:
        """What the documents load, and the page that says that there is no copy."""
        yield Document(Path(style("board").url.strip("/")), style("board").content)
        yield Document(Path("assets") / ICON.name, ICON.read_bytes())
        for name, answer in self._material.files.items():
            yield Document(_EMBED / "assets" / name, answer.body)
        yield Document(_EMBED / HEIGHT_SCRIPT, self._material.height.body)
        for code, words in self._languages.items():
            page = message(words, f"page.{AWAY}", "/")
            yield Document(
                _folder(code) / f"{AWAY}.html", document_of(page, {}, words, {}, self._wordings[code]).encode()
            )

    @property
    def root(self) -> str:
        """What the paths of its pages begin with."""
        return root_of(self.source.contest)

    def of_contest(self, contest: str) -> "Documents":
        """Those of one contest."""
        found = copy(self)
        found.source = replace(self.source, contest=contest)
        return found

    @property
    def _is_of_many(self) -> bool:
        return self.source.contest is None and has_many(self.source.meta())

    def _is_embedded(self, key: str) -> bool:
        """Whether there are embeds of it: of a contest among many only of its whole."""
        is_below = self.source.contest is None and (key == ABROAD or level_of(key) is Level.DEPARTMENT)
        return key == NATION or is_below

    def _overview(self, words: Words) -> Iterator[Document]:
        source, urls = self.source, self._material.urls
        outline = source.optional(f"/api/v1/geometry/outlines/{NATION}")
        scene = overview_of(source.get("/contests"), source.meta(), words, self._presentation, outline)
        wiring = Wiring(urls["overview.css"], urls["frame.js"], None, source.base)
        for theme in THEMES:
            page = render_overview(replace(scene, theme=theme, home=self._home), wiring, f"/embed/v1/{OVERVIEW}")
            yield Document(_EMBED / OVERVIEW / NATION / f"{words.code}-{theme}.html", page.encode())

    def _embeds(self, key: str, words: Words) -> Iterator[Document]:
        urls, own, address = self._material.urls, _EMBED, f"area={key}"
        if self.source.contest is not None:
            own, address = _EMBED / self.root.strip("/"), f"contest={self.source.contest}"
            meta = self.source.meta()
            words = replace(words, contest=self.source.contest, whole=words.of(meta["contest"]["name"]))
        wiring = Wiring(urls["embed.css"], urls["frame.js"], None, self.source.base)
        for view in VIEWS:
            scene = self._scene(key, view, words)
            body = render_body(scene, view, wiring)
            for theme in THEMES:
                page = render_head(replace(scene, theme=theme), view, wiring, f"/embed/v1/{view}?{address}") + body
                yield Document(own / view / key / f"{words.code}-{theme}.html", page.encode())

    def _scene(self, subject: str, view: str, words: Words) -> Scene:
        source, meta = self.source, self.source.meta()
        key = whole_of(meta) if subject == NATION else subject
        level = level_below(view, key)
        found = source.optional(f"{source.base}/areas/{key}") or {}
        known: dict[str, Data] = source.get(f"/state?topic={quote(topic_of(key))}")["state"]
        outline = source.optional(f"/api/v1/geometry/outlines/{key}{f'?level={level}' if level else ''}")
        times = found.get("answer") or {"checked_at": None, "changed_at": None}
        return Scene(
            key=key,
            name=found.get("name") or code_of(key),
            meta={**meta, **times},
            data=known.get(key, {}),
            words=words,
            presentation=self._presentation,
            parents=[(one["key"], one["name"]) for one in found.get("parents", ()) if is_area(one["key"])],
            rows={one: data for one, data in sorted(known.items()) if level_of(one) is level and is_within(one, key)},
            outline=outline if view == MAP else None,
            home=self._home,
        )


def _folder(language: str) -> Path:
    return Path() if language == DEFAULT_LANGUAGE else Path(language)
