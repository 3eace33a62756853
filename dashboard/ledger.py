"""Which lines of the ledger of corrections a URL asks for, and which figures of a line moved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.figures import DASH, group
from dashboard.routes import LEDGER
from dashboard.vocabulary import FIGURES, NOTED_KINDS
from dashboard.words import Words
from tally.keys import Level, is_digits

EVERY_KIND = "all"
LEVELS = tuple(level.value for level in Level)
# Below them every acta's correction would be news.
NEWS_LEVELS = tuple(level.value for level in (Level.NATION, Level.SCOPE, Level.DEPARTMENT))
_PAGE = 50
_SHEET = 1000
_SIDES = ("published", "computed")


@dataclass(frozen=True)
class LedgerChoice:
    """The lines of one level and kind, older than version `before`."""

    level: str | None = None
    kind: str = NOTED_KINDS[0]
    before: int | None = None

    @property
    def path(self) -> str:
        """The page's own URL path, without what is the default."""
        return self._address(LEDGER, [self.kind] if self.kind != NOTED_KINDS[0] else [])

    @property
    def resource(self) -> str:
        """The page of the API that has these lines, below the election's path."""
        return self._address("/corrections", self._kinds, limit=_PAGE)

    def sheet(self, base: str, form: str) -> str:
        """The same as a file."""
        return self._address(f"{base}/corrections", self._kinds, limit=_SHEET, format=form)

    @property
    def _kinds(self) -> Sequence[str]:
        return NOTED_KINDS if self.kind == EVERY_KIND else [self.kind]

    def _address(self, path: str, kinds: Sequence[str], **more: str | int) -> str:
        asked = {"level": self.level, "kind": kinds, "before": self.before, **more}
        query = urlencode({name: value for name, value in asked.items() if value}, doseq=True)
        return f"{path}?{query}" if query else path


def noted_of(levels: Sequence[str]) -> str:
    """The newest lines of those levels, whatever happened: a resource of the API below the election's path."""
    return f"/corrections?{urlencode({'kind': NOTED_KINDS, 'level': levels, 'limit': _PAGE}, doseq=True)}"


def read_choice(query: Mapping[str, str]) -> LedgerChoice | None:
    """The choice of a URL's query, or None where it asks for something that cannot be."""
    level, kind, before = query.get("level"), query.get("kind", NOTED_KINDS[0]), query.get("before")
    is_known = (level is None or level in LEVELS) and kind in (*NOTED_KINDS, EVERY_KIND)
    if not is_known or not (before is None or (is_digits(before) and 0 < int(before) < 10**12)):
        return None
    return LedgerChoice(level, kind, None if before is None else int(before))


@dataclass(frozen=True)
class Move:
    """One figure that differs: whose it is, a field's name or a list's index, and its text before and after."""

    side: str
    figure: str | int
    before: str
    after: str
    difference: str


def moves(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, list[Move]]:
    """The figures that differ, by side: "published" and "computed" of areas, "" of a mesa; only sides that moved."""
    sides = [side for side in _SIDES if side in after]
    pairs = {side: ((before or {}).get(side), after.get(side)) for side in sides} or {"": (before, after)}
    found = {side: [*_differing(side, then or {}, now or {})] for side, (then, now) in pairs.items()}
    return {side: rows for side, rows in found.items() if rows}


def _differing(side: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Move]:
    votes = [tuple(side.get("votes") or ()) for side in (then, now)]
    for index in range(max(map(len, votes))):
        yield from _move(side, index, *(own[index] if index < len(own) else None for own in votes))
    for name in FIGURES:
        yield from _move(side, name, then.get(name), now.get(name))


def _move(side: str, figure: str | int, then: int | None, now: int | None) -> Iterator[Move]:
    if then != now:
        yield Move(side, figure, group(then), group(now), DASH if then is None or now is None else signed(now - then))


def told_moves(line: Mapping[str, Any], lists: Sequence[Mapping[str, Any]], words: Words) -> Iterator[tuple[str, Move]]:
    """Each figure that a line of the ledger moved, in words: whose it is, and what it was and is."""
    for side, found in moves(line["before"], line["after"]).items():
        whose = words(f"comparison.{side}")
        for move in found:
            figure = lists[move.figure]["short"] if isinstance(move.figure, int) else words(f"figure.{move.figure}")
            yield words("news_feed.moved", whose=whose, figure=figure, before=move.before, after=move.after), move


def signed(difference: int) -> str:
    """A difference with its sign: "+5", "−1 200"; none is "0"."""
    if difference == 0:
        return "0"
    return f"{'−' if difference < 0 else '+'}{group(abs(difference))}"
