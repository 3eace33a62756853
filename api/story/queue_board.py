"""The queue board: which stays a question is about, and what they hold against the lead."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec import Struct

from api.live.outlook import area_state, find_whole
from api.tables.queue_lines import QueueState
from tally.election import Election
from tally.errors import InvalidInput
from tally.keys import (
    ABROAD,
    CHILD_LEVEL,
    NATION,
    UBIGEO_LEVELS,
    Level,
    area_key,
    code_of,
    is_abroad,
    is_area,
    is_digits,
    is_within,
    level_of,
    mesa_key,
    place_key,
    prefix_of,
    start_of,
)
from tally.model import AreaCount, Sums
from tally.observations import REASONS, reasons_of
from tally.outcome.judgement import find_uncounted, outcome_of
from tally.outcome.outcome import DecidingMargin
from tally.outcome.rule import LEAD
from tally.queue import Stay
from tally.rules.review import lead_of
from tally.view import View


class QueueReason(Struct, frozen=True):
    """The actas that wait for a reason, their registered voters, and the votes of as many as show them (`…_of`)."""

    reason: str
    actas: int
    registered: int
    votes: list[int] | None
    votes_of: int
    cast: int | None
    cast_of: int


class QueueArea(Struct, frozen=True):
    """An area below: actas we know to wait there, and as many as the source states."""

    key: str
    name: str | None
    open: int
    published: int | None


class OldestActa(Struct, frozen=True):
    """The acta that waits longest, and since when."""

    key: str
    at: str


class QueueSummary(Struct, frozen=True, kw_only=True):
    """What stands above the list. `votes` and `cast` are those of as many actas as show them (`…_of`).

    at_most_votes: registered voters of all that wait, or a number they cannot exceed (`…_is_bound`). Of the contest's
    whole never more than its outlook says of all that is uncounted, and the same number where nothing else is.
    visible_leader, visible_margin: who would lead, and by how much, with the votes that those actas show counted too.
    deciding: of the contest's whole, the closest margin its rule hangs on; elsewhere the lead. exceeds_margin: what
    waits could turn one of them.
    """

    open: int
    published_open: int | None
    resolved: dict[str, int]
    at_most_votes: int
    at_most_is_bound: bool
    votes: list[int] | None
    votes_of: int
    cast: int | None
    cast_of: int
    leader: int | None
    margin: int | None
    visible_leader: int | None
    visible_margin: int | None
    deciding: DecidingMargin | None
    exceeds_margin: bool | None
    reasons: list[QueueReason]
    areas: list[QueueArea]
    oldest: OldestActa | None


class QueueQuestion(Struct, frozen=True):
    """Which actas: in an area or polling place, for a reason, still there (`open`) or settled (`resolved`)."""

    within: str = NATION
    reason: str | None = None
    state: QueueState | None = None

    def check(self) -> "QueueQuestion":
        """The question itself.

        Raises: InvalidInput: it names no reason or no area.
        """
        if self.reason is not None and self.reason not in REASONS:
            raise InvalidInput(f"reason={self.reason[:40]!r} is none of {', '.join(REASONS)}")
        if not (is_area(self.within) or self.within.startswith(start_of(Level.POLLING_PLACE))):
            raise InvalidInput(f"within={self.within[:40]!r} is not the key of an area or a polling place")
        return self

    def lies_within(self, stay: Stay) -> bool:
        """Whether the acta lies in the area asked about."""
        acta = stay.acta
        if level_of(self.within) is Level.POLLING_PLACE:
            return acta.place is not None and place_key(acta.place) == self.within
        return is_within(acta.ubigeo, self.within)

    def has(self, stay: Stay) -> bool:
        """Whether the acta is asked for, by reason and by what became of it."""
        is_state = self.state is None or (self.state is QueueState.OPEN) is (stay.outcome is None)
        return is_state and (self.reason is None or self.reason in reasons_of(stay.acta.observation))


def newest_first(stays: Sequence[Stay]) -> list[Stay]:
    """By what happened to them last."""
    return sorted(stays, key=lambda stay: (stay.moved.seq, stay.key), reverse=True)


def cursor_of(stay: Stay) -> str:
    """Where a page ends, as the next one is asked for."""
    return f"{stay.moved.seq}-{code_of(stay.key)}"


def read_cursor(text: str | None) -> tuple[int, str] | None:
    """The place a cursor names.

    Raises: InvalidInput: it is none of ours.
    """
    if text is None:
        return None
    seq, _, mesa = text.partition("-")
    if not (is_digits(seq) and len(seq) < 16 and mesa.isascii() and mesa.isalnum()):
        raise InvalidInput(f"before={text[:40]!r} is not the end of a page")
    return int(seq), mesa_key(mesa)


def summarise(stays: Sequence[Stay], view: View, election: Election, question: QueueQuestion) -> QueueSummary:
    """The summary of all actas of the area, whatever their reason and state."""
    waiting = [stay for stay in stays if stay.outcome is None]
    outcomes = Counter(str(stay.outcome.acta.state) for stay in stays if stay.outcome is not None)
    published = _published(view, question.within)
    missing = 0 if published is None else max(0, published.at_jee - len(waiting))
    contest = election.contest(view.info.contest_id)
    at_most, is_bound = _at_most(waiting, missing, view, election, question.within)
    if contest.is_whole(question.within):
        at_most, is_bound = _beside_the_outlook(at_most, view, election, is_bound=is_bound)
    shown = _shown(view, question.within)
    leader, margin = (None, None) if shown is None or not shown.valid else lead_of(shown.votes)
    rule = contest.rule if contest.is_whole(question.within) else LEAD
    outcome = None if margin is None or shown is None else outcome_of(contest, shown.votes, at_most, rule)
    votes, votes_of, cast, cast_of = _told(waiting)
    visible = None if votes is None or margin is None or shown is None else _added(shown.votes, votes)
    return QueueSummary(
        open=len(waiting),
        published_open=None if published is None else published.at_jee,
        resolved=dict(sorted(outcomes.items())),
        at_most_votes=at_most,
        at_most_is_bound=is_bound,
        votes=votes,
        votes_of=votes_of,
        cast=cast,
        cast_of=cast_of,
        leader=leader,
        margin=margin,
        visible_leader=None if visible is None else visible[0],
        visible_margin=None if visible is None else visible[1],
        deciding=None if outcome is None else outcome.closest,
        exceeds_margin=None if outcome is None else at_most > 0 and outcome.is_turned,
        reasons=_by_reason(waiting),
        areas=_by_area(waiting, view, question.within),
        oldest=_oldest(waiting),
    )


def _at_most(waiting: Sequence[Stay], missing: int, view: View, election: Election, within: str) -> tuple[int, bool]:
    """The registered voters of what waits, or a number they cannot exceed, and whether it is only that."""
    known = _roll(waiting)
    is_exact = missing == 0 and all(stay.acta.registered is not None for stay in waiting)
    return known + _bound(waiting, missing, view, election, within), not is_exact


def _beside_the_outlook(at_most: int, view: View, election: Election, *, is_bound: bool) -> tuple[int, bool]:
    """One number for one fact: what waits is a part of what is uncounted, all of it where nothing is pending."""
    whole = find_whole(view)
    if whole is None:
        return at_most, is_bound
    uncounted = find_uncounted(whole, election.contest(view.info.contest_id), election)
    if not whole.published.pending:
        return uncounted.voters, uncounted.is_bound
    return (uncounted.voters, True) if uncounted.voters < at_most else (at_most, is_bound)


def _added(votes: Sequence[int], more: Sequence[int]) -> tuple[int | None, int]:
    """Who would lead with those votes too, and by how much."""
    return lead_of([own + other for own, other in zip(votes, more, strict=True)])


def _bound(waiting: Sequence[Stay], missing: int, view: View, election: Election, within: str) -> int:
    """The most voters of actas whose roll is not known, and of those the source only counts."""
    at_home, away = election.max_registered_per_mesa, election.max_registered_abroad
    abroad = max(at_home, away or 0)
    unknown = sum(
        abroad if is_abroad(stay.acta.ubigeo) else at_home for stay in waiting if stay.acta.registered is None
    )
    if within == NATION:
        published = _published(view, ABROAD)
        known = sum(is_abroad(stay.acta.ubigeo) for stay in waiting)
        far = missing if published is None else min(missing, max(0, published.at_jee + published.pending - known))
    else:
        far = missing if is_abroad(within) else 0
    return unknown + (missing - far) * at_home + far * abroad


def _by_reason(waiting: Sequence[Stay]) -> list[QueueReason]:
    """An acta with several reasons stands under each of them."""
    own = defaultdict[str, list[Stay]](list)
    for stay in waiting:
        for reason in reasons_of(stay.acta.observation):
            own[reason].append(stay)
    most_first = sorted(own.items(), key=lambda one: -len(one[1]))
    return [QueueReason(reason, len(some), _roll(some), *_told(some)) for reason, some in most_first]


def _told(waiting: Sequence[Stay]) -> tuple[list[int] | None, int, int | None, int]:
    """Votes by list that actas in the queue show, of how many, and votes cast, of how many; no total includes them."""
    readable = [stay.acta.votes for stay in waiting if stay.acta.votes and None not in stay.acta.votes]
    cast = [stay.acta.cast for stay in waiting if stay.acta.cast is not None]
    votes = [sum(own[place] or 0 for own in readable) for place in range(len(readable[0]))] if readable else None
    return votes, len(readable), sum(cast) if cast else None, len(cast)


def _roll(waiting: Sequence[Stay]) -> int:
    """Registered voters, as far as they are known."""
    return sum(stay.acta.registered or 0 for stay in waiting)


def _by_area(waiting: Sequence[Stay], view: View, within: str) -> list[QueueArea]:
    """The areas below: actas we know of, and those the source counts there; most first, none without any."""
    below = CHILD_LEVEL[level_of(within)]
    if below not in UBIGEO_LEVELS:
        return []
    known = Counter(area_key(prefix_of(stay.acta.ubigeo, below)) for stay in waiting)
    lines = []
    for key in view.keys([NATION if below is Level.DEPARTMENT else within]):
        if level_of(key) is not below or not is_within(key, within):
            continue
        state = area_state(view, key)
        published = None if state is None or state.published is None else state.published.at_jee
        if state is not None and (known[key] or published):
            lines.append(QueueArea(key, state.name, known[key], published))
    return sorted(lines, key=lambda line: (-(line.published or line.open), line.key))


def _oldest(waiting: Sequence[Stay]) -> OldestActa | None:
    """The acta that waits longest, by the source's stamp of its last event where it gives one."""
    dated = [(stay.since.acta.source_at or stay.since.at, stay.key) for stay in waiting if stay.since is not None]
    if not dated:
        return None
    at, key = min(dated)
    return OldestActa(key, at)


def _published(view: View, key: str) -> AreaCount | None:
    if not is_area(key):
        return None
    state = area_state(view, key)
    return None if state is None else state.published


def _shown(view: View, key: str) -> AreaCount | Sums | None:
    if not is_area(key):
        return None
    state = area_state(view, key)
    return None if state is None else state.published or state.computed
