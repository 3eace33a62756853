"""What an embed, its picture or a card shows: one area or acta at one version, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.colours import Cover, Paint, Presentation, dress, paint_of
from dashboard.components import outlook
from dashboard.components.outcome import closest, has_threshold
from dashboard.embed.sharing import moment_link
from dashboard.figures import DASH, arrange, columns, fields, margin_of, plain, row_fields, running, shown
from dashboard.moments import parse, told
from dashboard.naming import name_of, title_of
from dashboard.reading import whole_of
from dashboard.routes import path_of
from dashboard.words import Words
from tally.keys import NATION, UBIGEO_LEVELS, is_abroad, level_of
from texts.spelling import candidacy_of

Data = Mapping[str, Any]
MAP, BAR, TABLE, CARD = VIEWS = ("map", "bar", "table", "card")
THEMES = ("auto", "light", "dark")
# An area where nobody has a vote.
EMPTY = "#ffffff"


def dated(stamp: str | None, zone: str, words: Words) -> str:
    """ "13 jun 2026, 14:05": a time that stays true on a page that is read another day."""
    moment = parse(stamp)
    if moment is None:
        return DASH
    local = moment.astimezone(ZoneInfo(zone))
    month = words("embed.months").split()[local.month - 1]
    return f"{local.day} {month} {local.year}, {local:%H:%M}"


@dataclass(frozen=True)
class Incidents:
    """Public incidents: how many by area, with those of the areas within, and each in words with its moment."""

    counts: Mapping[str, int]
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """An area below as it is drawn and told: in the map, its titles and its table.

    dress: the SVG attributes of its shape. lead: who leads by how much.
    """

    key: str
    name: str
    cover: Cover
    dress: Mapping[str, str]
    leader: int | None
    texts: Mapping[str, str]
    lead: str


@dataclass(frozen=True)
class Scene:
    """Everything that is drawn. `meta` is the election as the API describes it, at the version shown.

    rows: the areas below by key, with what is drawn of them. outline: what `geo.svg` gives, None where there is none.
    incidents: public ones, None if they were not asked for. at: the moment asked for, None for now. home: the address
    under which this server is known, "" if it is not known.
    """

    key: str
    name: str
    meta: Data
    data: Data
    words: Words
    presentation: Presentation
    theme: str = THEMES[0]
    parents: Sequence[tuple[str, str]] = ()
    rows: Mapping[str, Data] = field(default_factory=dict)
    outline: Data | None = None
    incidents: Incidents | None = None
    at: str | None = None
    home: str = ""
    # Worked out once: the map, its legend and its table all say them.
    _told: dict[str, Row] = field(default_factory=dict, compare=False, repr=False)

    @property
    def lists(self) -> Sequence[Data]:
        """The contest's lists, in the order of the votes."""
        found: Sequence[Data] = self.meta["contest"]["lists"]
        return found

    @property
    def shorts(self) -> list[str]:
        """The lists' short names, in the order of the votes."""
        return [entry["short"] for entry in self.lists]

    @property
    def count(self) -> Data:
        """The numbers that are led with."""
        return shown(self.data)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Every number of the area as text."""
        return fields(self.count, self.shorts)

    @property
    def margin(self) -> int | None:
        """The votes between the first two lists."""
        return margin_of(self.count.get("votes"))

    def votes_of(self, index: int) -> int | None:
        """A list's votes."""
        votes: Sequence[int] | None = self.count.get("votes")
        return votes[index] if votes else None

    def candidacy(self, index: int) -> str:
        """A list's candidate and party as people write them, but for what its short name says."""
        return candidacy_of(self.lists[index])

    @property
    def order(self) -> list[int]:
        """Running lists, most votes first."""
        return self.arranged(len(self.lists))[0]

    def arranged(self, most: int) -> tuple[list[int], list[int]]:
        """So many of them, and the others; a tie is not cut."""
        return arrange(self.count.get("votes"), running(self.lists), most)

    @property
    def leading(self) -> list[int]:
        """Those that stand before the others fold away."""
        return self.arranged(self.presentation.top_lists)[0]

    @property
    def withdrawn(self) -> list[str]:
        """Short names of the lists that run no more."""
        return [entry["short"] for entry in self.lists if entry.get("is_withdrawn")]

    @property
    def coloured(self) -> list[int]:
        """Lists whose colours need explaining: those that lead an area."""
        return sorted({leader for key in self.rows if (leader := self.row(key).leader) is not None})

    def columns(self, most: int) -> list[int]:
        """The lists with a column in its table."""
        return columns(self.count.get("votes"), running(self.lists), most)

    @property
    def is_whole(self) -> bool:
        """Whether it shows all of the contest."""
        return self.key in (NATION, whole_of(self.meta))

    @property
    def outcome(self) -> Data | None:
        """What the rule says of the whole, where it asks for more than the lead; None while figures are in review."""
        outcome: Data | None = (self.meta.get("outlook") or {}).get("outcome")
        return outcome if has_threshold(outcome) else None

    @property
    def decided(self) -> str:
        """Whether it is decided, as far as arithmetic knows; of an area that none of it decides anything."""
        return outlook.plain(self.meta, self.words) if self.meta.get("outlook") else self.words("embed_part.undecided")

    @property
    def hangs(self) -> str | None:
        """On how many votes that hangs: the closest margin; None where nobody has votes."""
        if self.outcome is None:
            return None
        return closest(self.meta["outlook"], self.meta["contest"], self.words)

    @property
    def title(self) -> str:
        """What the numbers are of, in the words of the page's heading."""
        return title_of(self.words, self.meta, self.key, self.name, is_whole=self.is_whole)

    @property
    def place(self) -> str:
        """The areas above, nearest first, and the contest: what a title alone would leave open."""
        above = [name_of(self.words, key, name) for key, name in self.parents if level_of(key) in UBIGEO_LEVELS]
        return " · ".join([*reversed(above), self.words.of(self.meta["name"])])

    @property
    def is_test(self) -> bool:
        """Whether these are no real results."""
        return bool(self.meta["is_test"])

    @property
    def status(self) -> str:
        """The standard's word: "Parcial, no oficial"."""
        return self.words(f"count.{self.meta['status']}")

    def row(self, key: str) -> Row:
        """An area below; one that the count does not have is bare."""
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = self._row(key, self.rows.get(key, {}))
        return found

    def _row(self, key: str, data: Data) -> Row:
        texts = row_fields(shown(data), self.shorts)
        name, paint, lead = name_of(self.words, key, data.get("name")), self.paint(data), self._lead(texts)
        look = dress(paint.color, paint.cover, self.presentation.patterns)
        return Row(key, name, paint.cover, look, paint.leader, texts, lead)

    def _lead(self, texts: Mapping[str, str]) -> str:
        """ "Fujimori +3.2 puntos", or why nobody leads."""
        if texts["standing"] != "leads":
            return self.words(f"standing.{texts['standing']}")
        return self.words("map.lead", leader=texts["leader"], points=texts["lead_points"])

    def paint(self, data: Data) -> Paint:
        """How an area is drawn, by the rule of the live map."""
        return paint_of(data, [entry["color"] for entry in self.lists], self.presentation)

    def sorted_rows(self) -> list[Row]:
        """Rows by name, those abroad last."""
        return sorted(map(self.row, self.rows), key=lambda row: (is_abroad(row.key), plain(row.name)))

    def moment(self, stamp: str | None) -> str:
        """A time in the election's own zone."""
        return dated(stamp, self.meta["timezone"], self.words)

    @property
    def times(self) -> list[tuple[str, str | None]]:
        """Source's stamp, when it was last asked about this, when that last changed; of the past what is known."""
        feed = self.meta.get("feed") or {}
        source = self.count.get("source_at") or (feed.get("source_at") if self.is_whole else None)
        source = told(source, feed.get("checked_at") or self.meta["as_of"])
        if self.at is not None:
            return [("source", source), ("read", self.meta["as_of"]), ("frozen", self.at)]
        return [("source", source), *((name, self.meta[f"{name}_at"]) for name in ("checked", "changed"))]

    def permalink(self) -> str:
        """The page of this area as it stands at this version, in this language; from a copy the page of now."""
        if self.words.copied_at is not None:
            return self.home + self.words.own(path_of(self.key))
        return moment_link(
            self.home, f"{self.words.root}{path_of(self.key)}", self.words.code, self.at or self.meta["as_of"]
        )
