"""The queue board: which stays a question is about, what they hold against the lead, and one line an acta."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from api.outlook import area_state, lead_of
from tally.election import Election
from tally.errors import InvalidInput
from tally.model import ABROAD, DOMESTIC, NATION, AreaCount, Level, area_key, key_level, place_key, scope_key
from tally.observations import REASONS, reasons_of
from tally.queue import Look, Stay
from tally.tree import is_area
from tally.view import View


class QueueState(StrEnum):
    """Whether an acta is still at a jury, or was settled."""

    OPEN = "open"
    RESOLVED = "resolved"


# The level whose areas tell where the actas are, below the one that is asked about.
BELOW = {
    Level.NATION: Level.DEPARTMENT,
    Level.SCOPE: Level.DEPARTMENT,
    Level.DEPARTMENT: Level.PROVINCE,
    Level.PROVINCE: Level.DISTRICT,
}


class Question(Struct, frozen=True):
    """Which actas: in an area or polling place, for a reason, and whether they are still there."""

    within: str = NATION
    reason: str | None = None
    state: QueueState | None = None

    def check(self) -> "Question":
        """The question itself.

        Raises: InvalidInput: it names no reason or no area.
        """
        if self.reason is not None and self.reason not in REASONS:
            raise InvalidInput(f"reason={self.reason[:40]!r} is none of {', '.join(REASONS)}")
        if not (is_area(self.within) or self.within.startswith("place/")):
            raise InvalidInput(f"within={self.within[:40]!r} is not the key of an area or a polling place")
        return self

    def lies_within(self, stay: Stay) -> bool:
        """Whether the acta lies in the area asked about."""
        acta = stay.acta
        if self.within.startswith("place/"):
            return acta.place is not None and place_key(acta.place) == self.within
        if self.within in (DOMESTIC, ABROAD):
            return scope_key(acta.ubigeo) == self.within
        return acta.ubigeo.startswith(self.within.partition("/")[2])

    def has(self, stay: Stay) -> bool:
        """Whether the acta is asked for, by reason and by what became of it."""
        is_state = self.state is None or (self.state is QueueState.OPEN) is (stay.outcome is None)
        return is_state and (self.reason is None or self.reason in reasons_of(stay.acta.observation))


def newest_first(stays: Sequence[Stay]) -> list[Stay]:
    """By what happened to them last."""
    return sorted(stays, key=lambda stay: (stay.moved.seq, stay.key), reverse=True)


def cursor_of(stay: Stay) -> str:
    """Where a page ends, as the next one is asked for."""
    return f"{stay.moved.seq}-{stay.key.partition('/')[2]}"


def read_cursor(text: str | None) -> tuple[int, str] | None:
    """The place a cursor names.

    Raises: InvalidInput: it is none of ours.
    """
    if text is None:
        return None
    seq, _, mesa = text.partition("-")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 16 and mesa.isascii() and mesa.isalnum()):
        raise InvalidInput(f"before={text[:40]!r} is not the end of a page")
    return int(seq), f"mesa/{mesa}"


def summarise(stays: Sequence[Stay], view: View, election: Election, question: Question) -> dict[str, Any]:
    """What stands above the list: of all actas of the area, whatever their reason and state."""
    waiting = [stay for stay in stays if stay.outcome is None]
    outcomes = Counter(str(stay.outcome.acta.state) for stay in stays if stay.outcome is not None)
    published = _published(view, question.within)
    missing = 0 if published is None else max(0, published.at_jee - len(waiting))
    known = sum(stay.acta.registered or 0 for stay in waiting)
    is_exact = missing == 0 and all(stay.acta.registered is not None for stay in waiting)
    at_most = known + _bound(waiting, missing, view, election, question.within)
    shown = _shown(view, question.within)
    leader, margin = (None, None) if shown is None or not shown.valid else lead_of(shown.votes)
    return {
        "open": len(waiting),
        "published_open": None if published is None else published.at_jee,
        "resolved": dict(sorted(outcomes.items())),
        "at_most_votes": at_most,
        "at_most_is_bound": not is_exact,
        **_known_votes(waiting, len(election.contest(view.info.contest_id).lists)),
        "leader": leader,
        "margin": margin,
        "exceeds_margin": None if margin is None else at_most > margin,
        "reasons": _by_reason(waiting),
        "areas": _by_area(waiting, view, question.within),
        "oldest": _oldest(waiting),
    }


def _known_votes(waiting: Sequence[Stay], lists: int) -> dict[str, Any]:
    """Votes that actas in the queue show; no total includes them."""
    readable = [stay.acta.votes for stay in waiting if stay.acta.votes and None not in stay.acta.votes]
    cast = [stay.acta.cast for stay in waiting if stay.acta.cast is not None]
    sums = [sum(votes[place] or 0 for votes in readable) for place in range(lists)]
    return {
        "votes": sums if readable else None,
        "votes_of": len(readable),
        "cast": sum(cast) if cast else None,
        "cast_of": len(cast),
    }


def _bound(waiting: Sequence[Stay], missing: int, view: View, election: Election, within: str) -> int:
    """The most voters of actas whose roll is not known, and of those the source only counts."""
    at_home, away = election.max_registered_per_mesa, election.max_registered_abroad
    abroad = max(at_home, away or 0)
    unknown = sum(
        abroad if scope_key(stay.acta.ubigeo) == ABROAD else at_home for stay in waiting if stay.acta.registered is None
    )
    if within == NATION:
        published = _published(view, ABROAD)
        known = sum(scope_key(stay.acta.ubigeo) == ABROAD for stay in waiting)
        far = missing if published is None else min(missing, max(0, published.at_jee + published.pending - known))
    else:
        code = within.partition("/")[2]
        far = missing if within == ABROAD or (code[:1].isdigit() and scope_key(code) == ABROAD) else 0
    return unknown + (missing - far) * at_home + far * abroad


def _by_reason(waiting: Sequence[Stay]) -> list[dict[str, Any]]:
    """An acta with several reasons stands under each of them."""
    numbers, voters = Counter[str](), Counter[str]()
    for stay in waiting:
        for reason in reasons_of(stay.acta.observation):
            numbers[reason] += 1
            voters[reason] += stay.acta.registered or 0
    return [{"reason": reason, "actas": n, "registered": voters[reason]} for reason, n in numbers.most_common()]


def _by_area(waiting: Sequence[Stay], view: View, within: str) -> list[dict[str, Any]]:
    """The areas below: actas we know of, and those the source counts there; most first, none without any."""
    below = None if within.startswith("place/") else BELOW.get(key_level(within))
    if below is None:
        return []
    length = {Level.DEPARTMENT: 2, Level.PROVINCE: 4, Level.DISTRICT: 6}[below]
    known = Counter(area_key(stay.acta.ubigeo[:length]) for stay in waiting)
    lines = []
    for key in view.keys(["nation" if below is Level.DEPARTMENT else within]):
        if not key.startswith(f"{below}/") or not _is_in(key, within):
            continue
        state = area_state(view, key)
        published = None if state is None or state.published is None else state.published.at_jee
        if state is not None and (known[key] or published):
            lines.append({"key": key, "name": state.name, "open": known[key], "published": published})
    return sorted(lines, key=lambda line: (-(line["published"] or line["open"] or 0), line["key"]))


def _is_in(key: str, within: str) -> bool:
    code = key.partition("/")[2]
    return scope_key(code) == within if within in (DOMESTIC, ABROAD) else code.startswith(within.partition("/")[2])


def _oldest(waiting: Sequence[Stay]) -> dict[str, Any] | None:
    """The acta that waits longest, by the source's stamp of its last event where it gives one."""
    dated = [(stay.since.acta.source_at or stay.since.at, stay.key) for stay in waiting if stay.since is not None]
    if not dated:
        return None
    at, key = min(dated)
    return {"key": key, "at": at}


def _published(view: View, key: str) -> AreaCount | None:
    if not is_area(key):
        return None
    state = area_state(view, key)
    return None if state is None else state.published


def _shown(view: View, key: str) -> Any:
    if not is_area(key):
        return None
    state = area_state(view, key)
    return None if state is None else state.published or state.computed


def line_of(stay: Stay, names: Mapping[str, str]) -> dict[str, Any]:
    """One acta: where, why, since when, and what became of it. ONPE's own code and words stand beside ours."""
    acta = stay.acta
    ubigeo = acta.ubigeo
    where = [area_key(ubigeo[:2]), area_key(ubigeo[:4]), area_key(ubigeo)]
    if acta.place is not None:
        where.append(place_key(acta.place))
    return {
        "key": stay.key,
        "mesa": stay.key.partition("/")[2],
        "state": QueueState.OPEN if stay.outcome is None else QueueState.RESOLVED,
        "reasons": reasons_of(acta.observation),
        "observation": acta.observation,
        "code": acta.code,
        "registered": acta.registered,
        "cast": acta.cast,
        "votes": acta.votes,
        "where": [{"key": key, "name": names.get(key)} for key in where],
        "since": _stamp(stay.since),
        "resolved": None if stay.outcome is None else _outcome(stay.outcome),
    }


def _stamp(look: Look | None) -> dict[str, Any] | None:
    return None if look is None else {"seq": look.seq, "at": look.at, "source_at": look.acta.source_at}


def _outcome(look: Look) -> dict[str, Any]:
    acta = look.acta
    figures = {"state": acta.state, "code": acta.code, "cast": acta.cast, "valid": acta.valid, "votes": acta.votes}
    return {"seq": look.seq, "at": look.at, "source_at": acta.source_at, **figures}
