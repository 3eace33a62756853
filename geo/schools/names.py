"""A school's name taken apart: "I.E. N° 0123 Sta. Rosa" is of the kind school, its number 123, its words SANTA ROSA."""

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from geo.schools.rules import Rules, load_rules
from tally.keys import is_digits

_NUMBER = re.compile(r"[0-9]+(?:-[0-9]+)?(?:-?[A-Z])?")
# Of a number and what hangs on it: 171 01, 3094 - 1, 64866 - B, 20.955. A later letter is somebody's initial.
_THOUSANDS = re.compile(r"\b([0-9]{1,3})[.,]([0-9]{3})\b")
_BRANCH = re.compile(r"\b([0-9]{3,})(?:\s*[-/]\s*|\s+(?=0))([0-9]{1,3})\b")
_LETTER = re.compile(r"\b([0-9]{3,}(?:-[0-9]+)?)\s*[-/]?\s*\"?([A-DF])\"?(?=$|\s+-|\s+[A-Z]{2})")
_ZERO_IN_WORD = re.compile(r"(?<=[A-Z])0(?=[A-Z]|\b)")
_MARK = re.compile(r"\bN(?:[°º]|RO\b\.?|UM\b\.?|O\.)\s*")


class SchoolName(Struct, frozen=True):
    """A name's parts; `ordinals` are numbers within the words: JUAN PABLO II."""

    kind: str | None
    number: str | None
    ordinals: tuple[int, ...]
    words: tuple[str, ...]
    levels: frozenset[str]
    sites: tuple[str, ...]

    @property
    def digits(self) -> int:
        """How long its number is."""
        return 0 if self.number is None else len(self.number)


@lru_cache(maxsize=65_536)
def read_name(text: str) -> SchoolName:
    """The parts of a name, whatever its spelling."""
    rules = load_rules()
    tokens = _tokens(_fold(text), rules)
    kind, tokens = _opening(tokens, rules)
    return _sort_out(kind, tokens, rules)


def _fold(text: str) -> str:
    """Capitals without accents or quotes; numbers in one piece, dotted abbreviations together."""
    marked = _MARK.sub(" ", text.upper())
    plain = unicodedata.normalize("NFKD", marked).encode("ascii", "ignore").decode()
    plain = _THOUSANDS.sub(r"\1\2", plain.replace("'", "").replace('"', " "))
    plain = _BRANCH.sub(r"\1-\2", plain)
    plain = _LETTER.sub(r"\1-\2", plain)
    plain = _ZERO_IN_WORD.sub("O", plain)
    return re.sub(r"\b(?:[A-Z]\.\s*){2,}(?:[A-Z]\b)?", lambda found: f" {re.sub(r'[^A-Z]', '', found[0])} ", plain)


def _tokens(folded: str, rules: Rules) -> list[str]:
    former = re.sub(rf"[(]\s*{rules.words.former}\b[^)]*[)]?|\b{rules.words.former}[.\s]\s*\S.*$", " ", folded)
    found = re.findall(r"[A-Z0-9]+(?:-[0-9]+)?(?:-[A-Z]\b)?", former)
    found = [part for token in found for part in ([token] if is_digits(token[0]) else token.split("-"))]
    return _days([rules.abbreviations.get(token, token) for token in found], rules)


def _days(tokens: list[str], rules: Rules) -> list[str]:
    """28 DE JULIO as one word, however the day and the month are written."""
    spelled, months = rules.days.spelled, rules.days.months
    found: list[str] = []
    at = 0
    while at < len(tokens):
        day, *rest = (spelled.get(token, token) for token in tokens[at : at + 3])
        month = next((one for one in rest[-1:] if one in months and rest[0] in ("DE", one)), None)
        if is_digits(day) and month is not None:
            found.append(f"{int(day)}{month}")
            at += 3
        else:
            found.append(tokens[at])
            at += 1
    return found


def _opening(tokens: list[str], rules: Rules) -> tuple[str | None, list[str]]:
    """The kind a name begins with, and the rest; of several the narrower one (IE INICIAL)."""
    openings = rules.openings()
    longest = max(len(words) for words in openings)
    kind: str | None = None
    while True:
        size = next((n for n in range(longest, 0, -1) if tuple(tokens[:n]) in openings and len(tokens) > n), 0)
        letters = 0 if size else _spaced(tokens, openings)
        if not size and not letters:
            return kind, tokens
        words = tuple(tokens[:size]) if size else ("".join(tokens[:letters]),)
        kind = openings[words] if kind in (None, "school") else kind
        tokens = tokens[size or letters :]


def _spaced(tokens: list[str], openings: dict[tuple[str, ...], str]) -> int:
    """Over how many single letters a kind is spread: I E P."""
    for n in (5, 4, 3, 2):
        letters = tokens[:n]
        if (
            len(tokens) > n
            and all(len(one) == 1 and one.isalpha() for one in letters)
            and ("".join(letters),) in openings
        ):
            return n
    return 0


def _sort_out(kind: str | None, tokens: list[str], rules: Rules) -> SchoolName:
    levels_of, vocabulary = rules.level_of(), rules.words
    number: str | None = None
    ordinals: list[int] = []
    words: list[str] = []
    levels: set[str] = set()
    sites: list[str] = []
    for at, token in enumerate(tokens):
        is_last = at == len(tokens) - 1
        if _NUMBER.fullmatch(token):
            plain = "-".join(part.lstrip("0") or "0" for part in token.split("-"))
            if words and is_digits(token) and len(plain) <= rules.number.ordinal:
                ordinals.append(int(plain))
            elif number is None:
                number = plain
            else:
                words.append(plain)
        elif token in rules.ordinals and (words and (len(token) > 1 or is_last)):
            ordinals.append(rules.ordinals[token])
        elif token in levels_of:
            levels.add(levels_of[token])
        elif token in vocabulary.sites:
            sites.append(token)
        elif token not in vocabulary.fillers and token not in vocabulary.ornaments:
            words.append(token)
    kind_level = {"initial"} if kind == "initial" else set()
    return SchoolName(kind, number, tuple(ordinals), tuple(words), frozenset(levels | kind_level), tuple(sites))
