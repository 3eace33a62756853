"""Names that the source writes in capitals, as people write them; `spelling.js` states the same rules."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SPELLING: Mapping[str, Sequence[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_JOINING, _ARTICLES, _ACRONYMS = (frozenset(SPELLING[name]) for name in ("joining", "articles", "acronyms"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ROMAN = re.compile(r"[ivx]{2,}")
_BEHIND = re.compile(r"(\w+)[^\w\s]? $")
_WHOLE = re.compile(r"[^\W\d_]{2,}")


def proper_name(name: str) -> str:
    """ "MADRE DE DIOS" → "Madre de Dios", "IE O'HIGGINS II" → "IE O'Higgins II"; a name in small letters stays."""
    if name != name.upper():
        return name
    return _WORD.sub(lambda found: _spelled(found[0].lower(), name[: found.start()].lower()), name)


def candidacy_of(entry: Mapping[str, Any]) -> str:
    """A list's candidate and party as people write them, but for what its short name says."""
    names = (entry.get("written") or proper_name(entry["candidate"]), proper_name(entry["name"]))
    return " · ".join(name for name in names if name and name not in (entry["short"], proper_name(entry["short"])))


def _spelled(word: str, before: str) -> str:
    if word in _ACRONYMS or _ROMAN.fullmatch(word):
        return word.upper()
    behind = _BEHIND.search(before)
    if behind and (word in _JOINING or (word in _ARTICLES and _is_plain(behind[1]))):
        return word
    # O'Higgins, D'Angelo; not Niño's.
    start = 3 if word[1:2] in ("'", "’") else 1
    return word[:start].upper() + word[start:]


def _is_plain(word: str) -> bool:
    """No number, initial or acronym: a name goes on behind it."""
    return _WHOLE.fullmatch(word) is not None and word not in _ACRONYMS
