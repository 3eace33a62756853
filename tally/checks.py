"""Arithmetic that every count obeys. A broken rule holds the value; the same function finds it and gives its figures.

Only what is impossible stands here. A total that went down is legal: it becomes a correction, never a hold.
"""

from collections.abc import Iterator

from msgspec import Struct

from tally.issues import Issue, Rule, broken
from tally.model import Acta, ActaState, AreaCount

_WITHOUT_VOTES = (ActaState.PENDING, ActaState.NOT_INSTALLED, ActaState.ANNULLED)


def check_acta(acta: Acta, lists: int) -> tuple[Issue, ...]:
    """Rules an acta breaks; () if none. `lists` is the number of lists of its contest.

    An acta at the JEE is under dispute: its figures may well contradict each other and no aggregate includes them.
    """
    issues: list[Issue] = []
    if acta.votes is not None and len(acta.votes) != lists:
        return (broken(Rule.LISTS, given=len(acta.votes), lists=lists),)
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
    if cast == 0:
        issues.append(broken(Rule.ALL_ZERO))
    if acta.registered is not None and cast > acta.registered:
        issues.append(broken(Rule.OVER_ROLL, cast=cast, registered=acta.registered))
    return issues


class Around(Struct, frozen=True):
    """What is known around an area: the nation's count, its parent's, and its roll once every mesa is known."""

    whole: AreaCount | None = None
    parent: AreaCount | None = None
    roll: int | None = None


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
    if around.whole is not None and count.total == around.whole.total:
        yield broken(Rule.SCOPE_ECHO)
    elif around.parent is not None and _exceeds(count, around.parent):
        yield broken(Rule.ABOVE_PARENT)
    if around.roll is not None and count.cast > around.roll:
        yield broken(Rule.OVER_ROLL, cast=count.cast, registered=around.roll)


def _exceeds(count: AreaCount, parent: AreaCount) -> bool:
    """Comparable only at one cut: a child read later may rightly be ahead of its parent."""
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
