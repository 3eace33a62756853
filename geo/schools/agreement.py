"""How far two names of schools agree: a score, and why nobody should believe it unseen."""

from collections.abc import Sequence

from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from geo.schools.names import SchoolName
from geo.schools.rules import Rules, Spelling


class Agreement(Struct, frozen=True):
    """`score` 0 to 1; `doubts`, each of which forbids "exact": kind, level, site, number, ordinal, words, spelling."""

    score: float
    doubts: tuple[str, ...]


NONE = Agreement(0.0, ())


def agree(place: SchoolName, school: SchoolName, rules: Rules) -> Agreement:
    """The agreement of two names; none at all where numbers or ordinals contradict each other."""
    numbers, ordinals = {place.number, school.number} - {None}, {place.ordinals, school.ordinals} - {()}
    if len(numbers) > 1 or len(ordinals) > 1:
        return NONE
    is_numbered = place.number is not None and place.number == school.number
    score, doubts = (_numbered if is_numbered else _worded)(place, school, rules)
    doubts += _contradictions(place, school, is_numbered=is_numbered)
    return Agreement(round(max(0.0, score - rules.score.doubted * len(doubts)), 4), tuple(doubts))


def _numbered(place: SchoolName, school: SchoolName, rules: Rules) -> tuple[float, list[str]]:
    """Of one number: words may be missing on one side or be part of the other's."""
    scores = rules.score
    if not place.words or not school.words:
        is_bare = place.digits < rules.number.short and len({place.kind, school.kind} - {None}) > 1
        return scores.one_without_words, ["number"] if is_bare else []
    words = max(_words(place, school), 1.0 if _same(place.words, school.words, rules.spelling) else 0.0)
    is_part = words < 1.0 and fuzz.token_set_ratio(" ".join(place.words), " ".join(school.words)) > 99
    agreed = max(words, scores.one_without_words if is_part else 0.0)
    return scores.numbers_agree + (1 - scores.numbers_agree) * agreed, ["words"] if agreed < scores.words else []


def _worded(place: SchoolName, school: SchoolName, rules: Rules) -> tuple[float, list[str]]:
    """Without a number on both sides: all words must be the same, and a number on one side alone is a doubt."""
    if not place.words or not school.words:
        return 0.0, []
    doubts = ["number"] if place.number != school.number else []
    if _same(place.words, school.words, rules.spelling):
        score = 1.0
    else:
        score = _words(place, school)
        doubts.append("spelling")
    return score * (rules.score.one_without_number if doubts[:1] == ["number"] else 1.0), doubts


def _contradictions(place: SchoolName, school: SchoolName, *, is_numbered: bool) -> list[str]:
    """What says that it is another service, or another school of the same name."""
    kinds = {place.kind, school.kind} - {None, "other"} - ({"school"} if is_numbered else set())
    found = {
        "kind": len(kinds) > 1,
        "level": bool(place.levels and school.levels and not place.levels & school.levels),
        "site": place.sites != school.sites,
        "ordinal": place.ordinals != school.ordinals and not is_numbered,
    }
    return [name for name, is_so in found.items() if is_so]


def _words(place: SchoolName, school: SchoolName) -> float:
    return fuzz.token_sort_ratio(" ".join(place.words), " ".join(school.words)) / 100


def _same(one: Sequence[str], other: Sequence[str], spelling: Spelling) -> bool:
    """The same words in any order; initials stand for words, and a long one may be misspelt."""
    return _aligned(one, other, spelling) or _aligned(sorted(one), sorted(other), spelling)


def _aligned(one: Sequence[str], other: Sequence[str], spelling: Spelling) -> bool:
    if len(one) != len(other):
        one, other = ([word for word in words if len(word) > 1] for words in (one, other))
    if len(one) != len(other) or not any(a == b and len(a) > 1 for a, b in zip(one, other, strict=True)):
        return bool(one) and len(one) == len(other) == 1 and _alike(one[0], other[0], spelling)
    return all(_alike(a, b, spelling) for a, b in zip(one, other, strict=True))


def _alike(one: str, other: str, spelling: Spelling) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    if one[:-1] == other[:-1] and {one[-1], other[-1]} == spelling.endings:
        return False
    return OSA.distance(one, other) <= spelling.allowed(min(len(one), len(other)))
