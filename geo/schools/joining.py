"""A register joined to polling places: by code, else by district, name and number. Rather nothing than a guess."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from geo.places import DescribedPlace
from geo.schools.agreement import agree
from geo.schools.names import SchoolName, read_name
from geo.schools.register import School
from geo.schools.rules import Rules
from geo.schools.within import Fence, distance_km

Confidence = Literal["exact", "check", "none"]


class Match(Struct, frozen=True):
    """What was found for a place. `doubts` say why it is not exact: those of `Agreement`, and "several" (schools fit),
    "shared" (places fit), "code" (the name does not confirm it), "border", "outside", "no_point"."""

    place: DescribedPlace
    school: School | None
    confidence: Confidence
    score: float
    doubts: tuple[str, ...] = ()


class Joined(Struct, frozen=True):
    """All places, each once, and the schools that no place found."""

    matches: list[Match]
    unused: list[School]


class _Register:
    """Schools by what finds them; names are taken apart once."""

    def __init__(self, schools: Iterable[School]) -> None:
        self.by_code: dict[str, tuple[School, SchoolName]] = {}
        self.by_district: dict[str, list[tuple[School, SchoolName]]] = defaultdict(list)
        for school in schools:
            entry = school, school.read
            if school.place_code:
                self.by_code[school.place_code] = entry
            if school.ubigeo:
                self.by_district[school.ubigeo].append(entry)


class _Candidate(Struct, frozen=True):
    school: School
    score: float
    doubts: tuple[str, ...]


def join(places: Iterable[DescribedPlace], schools: Iterable[School], fence: Fence, rules: Rules) -> Joined:
    """The best school of each place in its own district, with what it is worth; a point outside is refused."""
    schools = list(schools)
    register = _Register(schools)
    matches = _shared_doubted(
        [_weigh(place, list(_candidates(place, register, rules)), fence, rules) for place in places]
    )
    used = {match.school.row for match in matches if match.school is not None and match.confidence != "none"}
    return Joined(matches, [school for school in schools if school.row not in used])


def _candidates(place: DescribedPlace, register: _Register, rules: Rules) -> Iterator[_Candidate]:
    read, least = read_name(place.name), rules.score.check
    coded = register.by_code.get(place.code)
    if coded is not None:
        school, name = coded
        is_confirmed = school.ubigeo in (place.ubigeo, None) and agree(read, name, rules).score >= least
        yield _Candidate(school, 1.0 if is_confirmed else least, () if is_confirmed else ("code",))
        return
    for school, name in register.by_district.get(place.ubigeo, ()):
        agreement = agree(read, name, rules)
        if agreement.score >= least:
            yield _Candidate(school, agreement.score, agreement.doubts)


def _weigh(place: DescribedPlace, candidates: list[_Candidate], fence: Fence, rules: Rules) -> Match:
    """The best candidate, and whether it may be believed."""
    if not candidates:
        return Match(place, None, "none", 0.0)
    sides = {one.school.row: _side(place, one.school, fence) for one in candidates}
    best = max(candidates, key=lambda one: (not one.doubts, sides[one.school.row] == "inside", one.score))
    doubts = list(best.doubts)
    rivals = [one for one in candidates if len(one.doubts) <= len(best.doubts) and one is not best]
    if any(not _is_same_site(best.school, one.school, rules) for one in rivals):
        doubts.append("several")
    side = sides[best.school.row]
    if side in ("no_point", "outside"):
        return Match(place, best.school, "none", best.score, (*doubts, side))
    if side == "near":
        doubts.append("border")
    is_exact = not doubts and best.score >= rules.score.exact
    return Match(place, best.school, "exact" if is_exact else "check", best.score, tuple(doubts))


def _side(place: DescribedPlace, school: School, fence: Fence) -> str:
    return "no_point" if school.point is None else fence.side(place.ubigeo, school.point)


def _is_same_site(one: School, other: School, rules: Rules) -> bool:
    if one.point is None or other.point is None:
        return False
    return distance_km(one.point, other.point) <= rules.place.same_site_km


def _shared_doubted(matches: list[Match]) -> list[Match]:
    """No school is two places: where several found it exact, somebody is to look."""
    times: dict[int, int] = defaultdict(int)
    for match in matches:
        if match.school is not None and match.confidence == "exact":
            times[match.school.row] += 1
    return [
        replace(match, confidence="check", doubts=("shared",))
        if match.school is not None and match.confidence == "exact" and times[match.school.row] > 1
        else match
        for match in matches
    ]
