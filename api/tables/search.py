"""Finding areas, polling places and mesas by name or number. Accents and case are forgiven."""

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Hashable
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from threading import Lock

import msgspec
from cachetools import LRUCache
from msgspec import Struct

from tally.keys import MESA_LENGTH, Level, level_of, start_of

_ORDER = {level: n for n, level in enumerate(Level)}
_SPOKEN: dict[str, str] = tomllib.loads(Path(__file__).with_name("spoken.toml").read_text("utf-8"))
# What stands within a word: O'Higgins is one, however it is typed.
_WITHIN = re.compile("['’ʼ`´]")
_MESA = re.compile(r"(?:mesa|acta)?(?: ?no?)? ?([0-9]{1,6})")
# Everybody types the same first letters, and those match most.
_KEPT = 512


class _NamedValue(Struct):
    """What any area or place says of its name; other fields are skipped unread."""

    name: str | None = None


_decoder = msgspec.json.Decoder(_NamedValue)
_MESAS = start_of(Level.MESA)


def fold_text(text: str) -> str:
    """Lower case, no accents, words of letters and digits: "I.E. Nº 20 — Áncash" → "i e n 20 ancash"."""
    plain = unicodedata.normalize("NFKD", _WITHIN.sub("", text)).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def mesa_in(query: str) -> str | None:
    """The six digits of the mesa that a query may mean: "mesa 1234", "Acta Nº 1234" and "1234" → "001234"."""
    found = _MESA.fullmatch(fold_text(query))
    return found and found[1].zfill(MESA_LENGTH)


class _Words(Struct, frozen=True):
    """Keys by the words of their names, as they were when it was made; nothing of it changes."""

    words: list[str]
    keys: list[list[str]]
    folded: dict[str, str]

    @classmethod
    def of(cls, names: dict[str, str]) -> "_Words":
        """The words of those names."""
        folded = {key: fold_text(name) for key, name in names.items()}
        found: dict[str, list[str]] = {}
        for key, text in folded.items():
            for word in set(text.split()):
                found.setdefault(word, []).append(key)
        words = sorted(found)
        return cls(words, [found[word] for word in words], folded)

    def beginning(self, prefix: str) -> set[str]:
        """Keys with a word that begins so."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\x7f")
        return set(chain.from_iterable(self.keys[first:last]))


class SearchIndex:
    """Names of areas and polling places, by the words in them. `put` follows the log, on the loop.

    `find` answers in any thread; names seldom change, and then the words are looked up anew.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._version = 0
        # The words, and of which version of the names they are.
        self._words: tuple[int, _Words] = (0, _Words([], [], {}))
        self._found: LRUCache[Hashable, list[str]] = LRUCache(_KEPT)
        self._lock = Lock()

    def put(self, key: str, data: bytes) -> None:
        """Take over the name that a key's value states; mesas have none."""
        if key.startswith(_MESAS):
            return
        name = _decoder.decode(data).name
        if name is not None and self.names.get(key) != name:
            self.names[key] = name
            self._version += 1

    def find(self, query: str, limit: int) -> list[str]:
        """Keys whose name has a word beginning with each word of the query: exact names first, then higher levels."""
        typed = fold_text(query)
        if not typed:
            return []
        meant = " ".join(_SPOKEN.get(word, word) for word in typed.split())
        found = dict.fromkeys(chain.from_iterable(self._find(each, limit) for each in dict.fromkeys((meant, typed))))
        return list(found)[:limit]

    def _find(self, folded: str, limit: int) -> list[str]:
        with self._lock:
            version = self._version
            if self._words[0] != version:
                self._words = version, _Words.of(self.names.copy())
                self._found.clear()
            index = self._words[1]
            known = self._found.get((folded, limit))
            if known is None:
                found = set.intersection(*map(index.beginning, folded.split()))
                known = nsmallest(limit, found, key=lambda key: _rank(index.folded[key], key, folded))
                self._found[folded, limit] = known
            return known


class JoinedIndex(SearchIndex):
    """The names of several counts of one election together: they call the same things by the same keys."""

    def __init__(self) -> None:
        super().__init__()
        self._joined: dict[str, tuple[SearchIndex, int]] = {}

    def join(self, name: str, index: SearchIndex) -> None:
        """Take over what is new in the index of the count of that name."""
        stand = index, index._version
        if self._joined.get(name) != stand:
            self._joined[name] = stand
            if not index.names.items() <= self.names.items():
                self.names.update(index.names)
                self._version += 1


def _rank(name: str, key: str, query: str) -> tuple[int, int, str, str]:
    closeness = 0 if name == query else 1 if name.startswith(query) else 2
    return closeness, _ORDER[level_of(key)], name, key
