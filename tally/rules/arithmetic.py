"""What is impossible, marked or a correction, by the format of the log: an older count is made again by its rules."""

from collections.abc import Callable

from msgspec import Struct, structs

from tally.marks import mark_acta
from tally.model import NOT_VALID, Acta, ActaState, AreaCount, Sums
from tally.rules.checks import Around, Largest, check_acta, check_area
from tally.rules.corrections import is_lower, is_replaced
from tally.rules.issues import Issue, Rule, broken
from tally.rules.reconcile import counted_as_many, flag

# The first formats of the present rules, and of those before.
_SINCE, _BEFORE = 4, 3
_FORMERLY_HELD = (
    *(Rule.NEGATIVE, Rule.BUCKETS, Rule.VALID_SUM, Rule.CAST_SUM, Rule.OVER_ROLL, Rule.LISTS, Rule.UNKNOWN_AREA),
    *(Rule.SCOPE_ECHO, Rule.ABOVE_PARENT, Rule.FIGURES_MISSING, Rule.VOTES_WITHOUT_COUNT, Rule.ANNULLED_NULL),
)
# Of an acta that breaks one of these no sum was looked at.
_WITHOUT_SUMS = (Rule.LISTS, Rule.FIGURES_MISSING, Rule.VOTES_WITHOUT_COUNT)


class Arithmetic(Struct, frozen=True):
    """The rules of one format; see the modules that they come from.

    `rising`: columns of our sums that go back only when something is corrected, beside the lists' votes.
    `watches_parts`: a published area is held against its parts and its roll as they come. `knows_the_only`: the only
    area within a contest has the contest's figures and is no echo of it.
    """

    check_acta: Callable[[Acta, int, Largest], tuple[Issue, ...]]
    mark_acta: Callable[[Acta, Acta | None], Acta]
    check_area: Callable[[AreaCount, int, Around], tuple[Issue, ...]]
    flag: Callable[[AreaCount | None, Sums], tuple[Issue, ...]]
    is_lower: Callable[[AreaCount, AreaCount], bool]
    is_replaced: Callable[[Acta, Acta], bool]
    rising: tuple[str, ...]
    watches_parts: bool
    knows_the_only: bool


def arithmetic_of(log_format: int) -> Arithmetic:
    """The rules by which a program that wrote that format made its log."""
    if log_format >= _SINCE:
        return PRESENT
    return BEFORE if log_format == _BEFORE else FORMER


def _former_acta(acta: Acta, lists: int, _: Largest) -> tuple[Issue, ...]:
    """A counted or annulled acta of zeros was held; a roll could be of any size."""
    issues = _formerly(check_acta(acta, lists))
    is_unread = any(issue.rule in _WITHOUT_SUMS for issue in issues)
    if acta.state in (ActaState.COUNTED, ActaState.ANNULLED) and acta.votes and acta.cast == 0 and not is_unread:
        return (*issues, broken(Rule.ALL_ZERO))
    return issues


def _former_area(count: AreaCount, lists: int, around: Around) -> tuple[Issue, ...]:
    """An area was held against its parent at the same cut alone."""
    return _formerly(check_area(count, lists, around))


def _former_flag(published: AreaCount | None, computed: Sums) -> tuple[Issue, ...]:
    """Two sides were compared where they had as many actas."""
    return flag(published, computed) if published is not None and counted_as_many(published, computed) else ()


def _was_lower(count: AreaCount, before: AreaCount) -> bool:
    """Counted actas, votes cast, valid votes and those of the lists."""
    now, then = ((value.counted, value.cast, value.valid, *value.votes) for value in (count, before))
    return any(a < b for a, b in zip(now, then, strict=True))


def _was_replaced(acta: Acta, before: Acta) -> bool:
    """State, votes and votes cast of an acta that was counted or annulled."""
    return before.state in (ActaState.COUNTED, ActaState.ANNULLED) and (
        acta.state is not before.state or (acta.votes, acta.cast) != (before.votes, before.cast)
    )


def _formerly(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    return tuple(issue for issue in issues if issue.rule in _FORMERLY_HELD)


PRESENT = Arithmetic(
    check_acta=check_acta,
    mark_acta=mark_acta,
    check_area=check_area,
    flag=flag,
    is_lower=is_lower,
    is_replaced=is_replaced,
    rising=(*NOT_VALID, "cast", "counted", "registered", "total", "valid"),
    watches_parts=True,
    knows_the_only=True,
)
BEFORE = structs.replace(PRESENT, knows_the_only=False)
FORMER = Arithmetic(
    check_acta=_former_acta,
    mark_acta=lambda acta, before: acta,
    check_area=_former_area,
    flag=_former_flag,
    is_lower=_was_lower,
    is_replaced=_was_replaced,
    rising=("counted", "cast", "valid"),
    watches_parts=False,
    knows_the_only=False,
)
