"""Arithmetic that every count obeys. A broken rule holds the value; the same function finds it and gives its figures.

Only what is impossible stands here. Votes that went down are legal: they become a correction, never a hold.
"""

from collections.abc import Iterator

from msgspec import Struct

from tally.keys import NATION, is_abroad
from tally.model import Acta, ActaState, AreaCount
from tally.rules.issues import Issue, Rule, broken
from tally.thresholds import THRESHOLDS

# All of a roll, in the thousandths of a percent that turnout is stated in.
_WHOLE = 100_000
_WITHOUT_VOTES = (ActaState.PENDING, ActaState.NOT_INSTALLED, ActaState.ANNULLED)


class Largest(Struct, frozen=True):
    """The most voters that a mesa can have, at home and abroad; None where nobody said."""

    at_home: int | None = None
    abroad: int | None = None

    def of(self, where: str) -> int | None:
        """The most that a mesa can have in an area (key), or at that ubigeo."""
        known = [most for most in (self.at_home, self.abroad) if most is not None]
        if where == NATION or is_abroad(where):
            return max(known, default=None)
        return self.at_home

    def is_exceeded(self, registered: int, ubigeo: str) -> bool:
        """Whether no mesa there can have so many voters."""
        if self.at_home is None or registered <= self.at_home:  # mesas abroad are no smaller
            return False
        return registered > (self.of(ubigeo) or registered)


ANY_SIZE = Largest()


def check_acta(acta: Acta, lists: int, largest: Largest = ANY_SIZE) -> tuple[Issue, ...]:
    """Rules an acta breaks; () if none. `lists` is the number of lists of its contest.

    An acta at the JEE is under dispute: its figures may well contradict each other and no aggregate includes them.
    """
    issues: list[Issue] = []
    if acta.votes is not None and len(acta.votes) != lists:
        return (broken(Rule.LISTS, given=len(acta.votes), lists=lists),)
    if acta.registered is not None and largest.is_exceeded(acta.registered, acta.ubigeo):
        issues.append(broken(Rule.OVER_LARGEST, registered=acta.registered, most=largest.of(acta.ubigeo) or 0))
    if acta.state is ActaState.COUNTED:
        issues += _check_counted(acta)
    elif acta.state in _WITHOUT_VOTES and any(acta.votes or ()):
        issues.append(broken(Rule.VOTES_WITHOUT_COUNT, code=acta.code))
    elif acta.state is ActaState.ANNULLED and acta.votes is not None:
        issues += _check_annulled(acta)
    return tuple(issues)


def _check_annulled(acta: Acta) -> list[Issue]:
    """A decision of the JEE makes every vote of an acta null; the votes cast stay counted."""
    issues = _check_counted(acta)
    if issues or acta.null is None or acta.cast is None or acta.null == acta.cast:
        return issues
    return [broken(Rule.ANNULLED_NULL, cast=acta.cast, null=acta.null)]


def _check_counted(acta: Acta) -> list[Issue]:
    votes = tuple(vote for vote in acta.votes or () if vote is not None)
    blank, null, challenged, cast, valid = acta.blank, acta.null, acta.challenged, acta.cast, acta.valid
    if blank is None or null is None or challenged is None or cast is None or valid is None or votes != acta.votes:
        return [broken(Rule.FIGURES_MISSING)]
    issues = _check_sums(votes, valid, (blank, null, challenged), cast)
    if acta.registered is not None and cast > acta.registered:
        issues.append(broken(Rule.OVER_ROLL, cast=cast, registered=acta.registered))
    return issues


class Around(Struct, frozen=True):
    """What is known around an area: the nation's count, its parent's, and its roll once every mesa is known.

    A mesa in it can have `most` voters. `before` is what stood there, `listed` how many actas are known one by one;
    `totals` are numbers of its actas that its own parts and actas give.
    """

    whole: AreaCount | None = None
    parent: AreaCount | None = None
    roll: int | None = None
    most: int | None = None
    before: AreaCount | None = None
    listed: int = 0
    totals: tuple[int, ...] = ()


def check_area(count: AreaCount, lists: int, around: Around | None = None) -> tuple[Issue, ...]:
    """Rules a published area breaks; () if none."""
    if len(count.votes) != lists:
        return (broken(Rule.LISTS, given=len(count.votes), lists=lists),)
    issues: list[Issue] = []
    if min(count.counted, count.at_jee, count.pending) < 0:
        issues.append(broken(Rule.NEGATIVE))
    buckets = count.counted + count.at_jee + count.pending
    if buckets != count.total:
        issues.append(broken(Rule.BUCKETS, sum=buckets, total=count.total))
    rest = (count.blank, count.null, count.challenged)
    known = tuple(part for part in rest if part is not None)
    issues += _check_sums(count.votes, count.valid, known, count.cast, complete=len(known) == len(rest))
    return (*issues, *_check_around(count, around or Around()))


def _check_around(count: AreaCount, around: Around) -> Iterator[Issue]:
    is_echo = around.whole is not None and count.total == around.whole.total
    if is_echo:
        yield broken(Rule.SCOPE_ECHO)
    elif around.parent is not None and exceeds(count, around.parent):
        yield broken(Rule.ABOVE_PARENT)
    elif around.parent is not None and _exceeds_for_good(count, around.parent, around.most):
        yield broken(Rule.ABOVE_WHOLE)
    if around.roll is not None and count.cast > around.roll:
        yield broken(Rule.OVER_ROLL, cast=count.cast, registered=around.roll)
    yield from _check_votes(count, around)
    known = None if is_echo else _known_total(count, around)
    if known is not None and count.total not in around.totals and _is_far(count.total, known):
        yield broken(Rule.TOTAL_APART, total=count.total, before=known)


def _check_votes(count: AreaCount, around: Around) -> Iterator[Issue]:
    """What no area of that many actas can have, at whatever cut."""
    if count.counted == 0 and count.cast > 0:
        yield broken(Rule.VOTES_WITHOUT_ACTAS, cast=count.cast)
    elif around.most is not None and count.cast > max(0, count.counted) * around.most:
        yield broken(Rule.OVER_ACTAS, cast=count.cast, counted=count.counted, most=around.most)
    elif count.turnout is not None and not _is_turnout(count.turnout, count, around.most):
        yield broken(Rule.TURNOUT, cast=count.cast, turnout=f"{count.turnout / 1000:.3f}")


def _known_total(count: AreaCount, around: Around) -> int | None:
    """How many actas the area has by those that are known one by one, if it had as many so far or they are more.

    A total that its buckets deny is none. Where no acta is known, nobody can tell which of two totals is the odd one.
    """
    if count.counted + count.at_jee + count.pending != count.total:
        return None
    had = around.before is not None and around.before.total == around.listed
    return around.listed if around.listed > 0 and (had or around.listed > count.total) else None


def _is_turnout(turnout: int, count: AreaCount, most: int | None) -> bool:
    """Whether so many of a roll can have voted: of one that the area's mesas can have, and no more than all of it."""
    largest = None if most is None else THRESHOLDS.actas.roll_slack * count.total * most
    return turnout <= _WHOLE and (largest is None or (turnout + 1) * largest >= count.cast * _WHOLE)


def _is_far(total: int, known: int) -> bool:
    limits = THRESHOLDS.actas
    return abs(total - known) > max(limits.moved, limits.moved_percent * known / 100)


def _exceeds_for_good(count: AreaCount, whole: AreaCount, most: int | None) -> bool:
    """Whether a part is larger than all that its whole can have by now, whichever of the two was read later."""
    if whole.total <= 0:
        return False
    if count.total > whole.total:
        return True
    still_out = max(0, whole.total - whole.counted)
    return most is not None and count.cast - whole.cast > still_out * most


def exceeds(count: AreaCount, parent: AreaCount) -> bool:
    """Whether a part is larger than its whole at one cut: one read later may rightly be ahead of it."""
    if count.source_at is None or count.source_at != parent.source_at:
        return False
    figures = ((value.counted, value.total, value.cast, value.valid, *value.votes) for value in (count, parent))
    return any(part > whole for part, whole in zip(*figures, strict=True))


def unknown_area(ubigeo: str) -> Issue:
    """An acta or a count of an area that the source's own catalogue does not have."""
    return broken(Rule.UNKNOWN_AREA, ubigeo=ubigeo)


def _check_sums(
    votes: tuple[int, ...], valid: int, rest: tuple[int, ...], cast: int, *, complete: bool = True
) -> list[Issue]:
    issues = []
    if min((*votes, valid, *rest, cast)) < 0:
        issues.append(broken(Rule.NEGATIVE))
    if sum(votes) != valid:
        issues.append(broken(Rule.VALID_SUM, sum=sum(votes), valid=valid))
    parts = valid + sum(rest)
    if parts > cast or (complete and parts != cast):
        issues.append(broken(Rule.CAST_SUM, cast=cast, sum=parts))
    return issues
