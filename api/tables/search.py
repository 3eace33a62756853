"""Finding areas, polling places and mesas by name or number. Accents and case are forgiven."""

import re
import unicodedata
from bisect import bisect_left, insort
from heapq import nsmallest

import msgspec
from msgspec import Struct

from api.http.recent import Recent
from tally.keys import Level, level_of

_ORDER = {level: n for n, level in enumerate(Level)}
# Everybody types the same first letters, and those match most.
_KEPT = 512


class _NamedValue(Struct):
    """What any area or place says of its name; other fields are skipped unread."""

    name: str | None = None


def fold_text(text: str) -> str:
    """Lower case, no accents, words of letters and digits: "I.E. Nº 20 — Áncash" → "i e n 20 ancash"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


class SearchIndex:
    """Names of areas and polling places, by the words in them. `put` follows the log; `find` answers."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._words: list[str] = []
        self._keys: dict[str, set[str]] = {}
        self._found: Recent[list[str]] = Recent(_KEPT)

    def put(self, key: str, data: bytes) -> None:
        """Take over the name that a key's value states; mesas have none."""
        if level_of(key) is Level.MESA:
            return
        name = msgspec.json.decode(data, type=_NamedValue).name
        if name is None or self.names.get(key) == name:
            return
        for word in set(self._folded.get(key, "").split()):
            self._keys[word].discard(key)
        self._found.clear()
        self.names[key], self._folded[key] = name, fold_text(name)
        for word in set(self._folded[key].split()):
            if word not in self._keys:
                self._keys[word] = set()
                insort(self._words, word)
            self._keys[word].add(key)

    def find(self, query: str, limit: int) -> list[str]:
        """Keys whose name has a word beginning with each word of the query: exact names first, then higher levels."""
        folded = fold_text(query)
        words = folded.split()
        if not words:
            return []
        known = self._found.get((folded, limit))
        if known is None:
            found = set.intersection(*(self._beginning(word) for word in words))
            known = self._found.put((folded, limit), nsmallest(limit, found, key=lambda key: self._rank(key, folded)))
        return known

    def _beginning(self, prefix: str) -> set[str]:
        keys: set[str] = set()
        for n in range(bisect_left(self._words, prefix), len(self._words)):
            if not self._words[n].startswith(prefix):
                break
            keys |= self._keys[self._words[n]]
        return keys

    def _rank(self, key: str, query: str) -> tuple[int, int, str, str]:
        name = self._folded[key]
        closeness = 0 if name == query else 1 if name.startswith(query) else 2
        return closeness, _ORDER[level_of(key)], name, key
